/**
 * The exchange of a case as a sequence diagram: a lane for each party, an arrow for each message,
 * in the order in which they happened. Positions across are percentages and sizes are not, so the
 * text keeps its size on a telephone and the arrows use the room of a desk.
 */
import type { ExchangeEntry } from '../results.ts';
import { html, type Markup } from './markup.ts';
import { percent, span } from './words.ts';

const ROW_PX = 38;
const GAP_PX = 26;
const TOP_PX = 10;
/** Time between two entries that is worth a line of its own. */
const GAP_MICROS = 1_000_000;
/** The narrowest page, and how wide a character of a label is on it. */
const NARROW_PX = 330;
const LABEL_PX = 6.7;

export interface Row {
  /** Number of the entry in its case, from 1. */
  readonly number: number;
  readonly entry: ExchangeEntry;
}

/** Rows and, between them, the places where the report leaves entries out. */
export type DiagramRow = Row | { readonly left: number };

interface Drawing {
  readonly lanes: readonly string[];
  /** The id of a message on the page starts with this. */
  readonly prefix: string;
  y: number;
  lastMicros: number;
  readonly parts: Markup[];
}

export function sequenceDiagram(rows: readonly DiagramRow[], prefix: string): Markup {
  const lanes = lanesOf(rows);
  const drawing: Drawing = { lanes, prefix, y: TOP_PX, lastMicros: 0, parts: [] };
  for (const row of rows) {
    if ('left' in row) pause(drawing, `${row.left} more`);
    else drawRow(drawing, row);
  }
  const heightPx = drawing.y + TOP_PX;
  const lifelines = lanes.map((_, lane) => {
    const x = percent(centre(lanes, lane));
    return html`<line class="life" x1="${x}" y1="0" x2="${x}" y2="${heightPx}"/>`;
  });
  const label = `Sequence diagram: ${lanes.join(', ')}`;
  return html`<div class="sequence"><div class="lanes">${lanes.map(laneTitle)}</div>
<svg height="${heightPx}" role="group"
aria-label="${label}">${lifelines}${drawing.parts}</svg></div>`;
}

/** The two ends of every arrow, as the page defines them once. */
export function arrowHeads(): Markup {
  const head = (id: string) =>
    html`<marker id="${id}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8"
orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker>`;
  return html`<svg class="heads" width="0" height="0"
aria-hidden="true"><defs>${head('arrow')}${head('arrow-bad')}</defs></svg>`;
}

function lanesOf(rows: readonly DiagramRow[]): readonly string[] {
  const ends = rows.flatMap((row) => ('left' in row ? [] : [row.entry.from, row.entry.to]));
  return [...new Set(ends)];
}

function laneTitle(name: string): Markup {
  const look = name === 'subject' ? 'lane subject' : 'lane';
  return html`<span class="${look}" title="${name}">${name}</span>`;
}

const centre = (lanes: readonly string[], lane: number): number =>
  ((lane + 0.5) / lanes.length) * 100;

function drawRow(drawing: Drawing, { number, entry }: Row): void {
  const waited = entry.atMicros - drawing.lastMicros;
  if (waited >= GAP_MICROS) pause(drawing, `${span(waited)} later`);
  drawing.lastMicros = entry.atMicros;
  const [from, to] = [entry.from, entry.to].map((name) =>
    centre(drawing.lanes, drawing.lanes.indexOf(name)),
  );
  drawing.y += ROW_PX;
  drawing.parts.push(arrow(drawing, { number, entry }, { from: from ?? 0, to: to ?? 0 }));
}

function arrow(
  { y, prefix }: Drawing,
  { number, entry }: Row,
  { from, to }: { from: number; to: number },
): Markup {
  const bad = entry.invalidBecause !== null;
  const look = ['arrow', entry.text === null ? 'event' : null, bad ? 'bad' : null];
  const line = html`<line x1="${percent(from)}" y1="${y}" x2="${percent(to)}" y2="${y}"/>`;
  const middle = percent(within((from + to) / 2, entry.type));
  return html`<a class="${look.filter((word) => word !== null)}" href="#${prefix}${number}">
${from === to ? null : line}<text class="label" x="${middle}"
y="${y - 11}">${short(entry.type)}</text>
<circle cx="${percent(from)}" cy="${y}" r="9"/><text class="number" x="${percent(from)}"
y="${y + 3.5}">${number}</text></a>`;
}

/** Keeps a label inside the narrowest page, wherever its arrow lies. */
function within(middle: number, label: string): number {
  const half = Math.min(50, ((short(label).length * LABEL_PX) / 2 / NARROW_PX) * 100);
  return Math.min(Math.max(middle, half), 100 - half);
}

const LABEL_CHARACTERS = 44;

function short(label: string): string {
  return label.length <= LABEL_CHARACTERS ? label : `${label.slice(0, LABEL_CHARACTERS - 1)}…`;
}

function pause(drawing: Drawing, text: string): void {
  drawing.y += GAP_PX;
  const { y } = drawing;
  drawing.parts.push(html`<g class="pause"><line x1="0" y1="${y}" x2="100%" y2="${y}"/>
<text x="50%" y="${y + 3.5}">${text}</text></g>`);
}
