/** Records as a Mermaid sequence diagram: who told whom what, and what they wrote into their logs. */
import type { Columns } from './columns.ts';
import type { Picture } from './picture.ts';

/** More than that nobody can read, and the drawing takes minutes. */
export const MOST_DRAWN = 300;

export interface MermaidParts {
  readonly picture: Pick<Picture, 'names' | 'labels' | 'eventNames'>;
  readonly columns: Columns;
  /** Of what was sent; −1: it has not come. */
  readonly arrivals: Int32Array;
  readonly rows: readonly number[];
}

export function mermaidOf({ picture, columns, arrivals, rows }: MermaidParts): string {
  const shown = rows.slice(0, MOST_DRAWN);
  const wanted = new Set(shown);
  const lanes = createLanes(picture.names);
  const lines = shown.flatMap((row) => {
    const line = lineOf(row, { picture, columns, arrivals, wanted, lanes });
    return line === null ? [] : [`  ${line}`];
  });
  const left = rows.length - shown.length;
  return [
    'sequenceDiagram',
    ...lanes.participants(),
    ...lines,
    ...(left > 0 ? [`  %% and ${left} more records, which are left out`] : []),
    '',
  ].join('\n');
}

interface Drawing extends Omit<MermaidParts, 'rows'> {
  readonly wanted: ReadonlySet<number>;
  readonly lanes: ReturnType<typeof createLanes>;
}

function lineOf(row: number, drawing: Drawing): string | null {
  const { picture, columns, arrivals, wanted, lanes } = drawing;
  const event = picture.eventNames[columns.kind[row] as number] ?? '';
  const label = escaped(picture.labels[columns.label[row] as number] ?? '');
  const [server, peer] = [columns.server[row] as number, columns.peer[row] as number];
  const from = columns.parent[row] as number;
  if (event === 'sent') {
    const arrival = arrivals[row] as number;
    if (arrival < 0) return `${lanes.of(server)}-x${lanes.of(peer)}: ${label}, lost`;
    // Drawn when it arrives, if that is part of the window.
    return wanted.has(arrival) ? null : `${lanes.of(server)}->>${lanes.of(peer)}: ${label}`;
  }
  if (event === 'received' && from >= 0 && arrivals[from] === row) {
    return `${lanes.of(peer)}->>${lanes.of(server)}: ${label}`;
  }
  if (server === 0) return lanes.first() && `Note over ${lanes.first()}: ${event}, ${label}`;
  return `Note over ${lanes.of(server)}: ${event}${label === event ? '' : `, ${label}`}`;
}

/** In the order of their first appearance. */
function createLanes(names: readonly string[]) {
  const known = new Map<number, string>();
  return {
    of(place: number): string {
      const lane = known.get(place) ?? `s${known.size}`;
      known.set(place, lane);
      return lane;
    },
    first: (): string | null => [...known.values()][0] ?? null,
    participants: (): readonly string[] =>
      [...known].map(
        ([place, lane]) => `  participant ${lane} as ${escaped(names[place - 1] ?? '')}`,
      ),
  };
}

/** What Mermaid would read as its own. */
const escaped = (text: string): string =>
  text.replace(/[#;:]/g, (sign) => `#${sign.charCodeAt(0)};`).replace(/\s+/g, ' ');
