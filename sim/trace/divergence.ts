/** Where two traces of what should be one run part, in words. */
import { secondsText } from '../ticks.ts';
import { eventNames } from './label.ts';
import { columnsOf, ROWS, type TraceColumns, type TraceIndex } from './trace.ts';

export interface RecordedTrace {
  readonly index: TraceIndex;
  readonly blocks: readonly ArrayBuffer[];
}

export interface TraceRow {
  readonly number: number;
  readonly at: number;
  readonly sequence: number;
  readonly cause: number;
  readonly event: string;
  readonly label: string;
  readonly server: string;
  readonly peer: string;
  readonly size: number;
  readonly digest: string;
}

export interface Divergence {
  /** Place in both traces, from 0. */
  readonly row: number;
  /** Null where that trace has ended. */
  readonly first: TraceRow | null;
  readonly second: TraceRow | null;
  /** Members in which they differ. */
  readonly fields: readonly string[];
  /** What led to the first of them, nearest cause first. */
  readonly causes: readonly TraceRow[];
}

/** Causes that are named. */
const MOST_CAUSES = 8;

/** Null: they are the same. */
export function firstDivergence(first: RecordedTrace, second: RecordedTrace): Divergence | null {
  const rows = Math.max(first.index.rows, second.index.rows);
  for (let row = 0; row < rows; row += 1) {
    const [one, other] = [rowOf(first, row), rowOf(second, row)];
    const fields = differing(one, other);
    if (fields.length === 0) continue;
    const from = one ?? other;
    const causes = from ? causesOf(one ? first : second, from) : [];
    return { row, first: one, second: other, fields, causes };
  }
  return null;
}

export function rowOf({ index, blocks }: RecordedTrace, number: number): TraceRow | null {
  const block = blocks[Math.floor(number / ROWS)];
  if (number >= index.rows || !block) return null;
  return readRow(columnsOf(block), number % ROWS, { index, number });
}

function readRow(
  columns: TraceColumns,
  row: number,
  { index, number }: { index: TraceIndex; number: number },
): TraceRow {
  const name = (place: number | undefined) => (place ? (index.names[place - 1] ?? '') : '');
  return {
    number,
    at: columns.at[row] as number,
    sequence: columns.sequence[row] as number,
    cause: columns.cause[row] as number,
    event: eventNames[columns.kind[row] as number] ?? '',
    label: index.labels[columns.label[row] as number] ?? '',
    server: name(columns.server[row]),
    peer: name(columns.peer[row]),
    size: columns.size[row] as number,
    digest: (columns.digest[row] as number).toString(16).padStart(8, '0'),
  };
}

function differing(one: TraceRow | null, other: TraceRow | null): readonly string[] {
  if (!one || !other) return one === other ? [] : ['end'];
  const names = Object.keys(one) as (keyof TraceRow)[];
  return names.filter((name) => one[name] !== other[name]);
}

/** Back along the events that pushed each other, by their last record. */
function causesOf(trace: RecordedTrace, from: TraceRow): readonly TraceRow[] {
  const causes: TraceRow[] = [];
  let wanted = from.cause;
  for (let number = from.number - 1; number >= 0 && causes.length < MOST_CAUSES; number -= 1) {
    const row = rowOf(trace, number);
    if (!row || row.sequence !== wanted || wanted === 0) continue;
    causes.push(row);
    wanted = row.cause;
  }
  return causes;
}

/** `record 17 at 1.2050 s (event 31): bravo received trust_challenge of acme, 812 bytes, 9f3c…` */
export function rowText({ number, at, sequence, event, label, server, ...rest }: TraceRow): string {
  const who = server || 'the world';
  const peer = rest.peer ? `, ${rest.peer}` : '';
  const size = rest.size > 0 ? `, ${rest.size} bytes` : '';
  return `record ${number} at ${secondsText(at)} (event ${sequence}): ${who} ${event} ${label}${peer}${size}, digest ${rest.digest}`;
}
