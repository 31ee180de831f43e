/**
 * What led to each record, as a record: for what arrives, that it was sent; for the first thing that
 * happens in an event of the kernel, the first of the event that caused it; for all that follows in
 * the same event, that first thing. So the records are a forest, and past and future of one are its
 * line and its subtree.
 */
import type { RecordedTrace } from '../trace/divergence.ts';
import { numberOf } from '../trace/label.ts';
import { columnsOf, ROWS, type TraceColumns } from '../trace/trace.ts';

const SENT = numberOf('sent');
const SAID = numberOf('said');
const RECEIVED = numberOf('received');

/** By row; −1: none that is known. */
export function parentsOf({ index, blocks }: RecordedTrace): Int32Array {
  const parents = new Int32Array(index.rows).fill(-1);
  const parentOf = createGenealogy();
  for (const [number, block] of blocks.entries()) {
    const columns = columnsOf(block);
    const from = number * ROWS;
    const count = Math.min(ROWS, index.rows - from);
    for (let place = 0; place < count; place += 1) {
      parents[from + place] = parentOf(columns, place, from + place);
    }
  }
  return parents;
}

/** Asked for every row in turn. */
function createGenealogy() {
  /** First row of each event of the kernel. */
  const firsts = new Map<number, number>();
  const flights = createFlights();
  return (columns: TraceColumns, place: number, row: number): number => {
    const kind = columns.kind[place];
    const sequence = columns.sequence[place] as number;
    const sent = kind === RECEIVED ? flights.land(columns, place) : undefined;
    if (kind === SENT) flights.leave(columns, place, row);
    // What is done before anything is under way belongs to no event.
    if (sequence === 0) return sent ?? -1;
    const first = firsts.get(sequence);
    if (first === undefined) firsts.set(sequence, row);
    // What a user says has no cause in here.
    if (kind === SAID) return -1;
    return sent ?? first ?? firsts.get(columns.cause[place] as number) ?? -1;
  };
}

/** What is under way, by the two ends and all that the message says; the first sent lands first. */
function createFlights() {
  const flights = new Map<string, number[]>();
  const nameOf = (from: unknown, to: unknown, { digest, label }: TraceColumns, place: number) =>
    `${from} ${to} ${digest[place]} ${label[place]}`;
  return {
    leave(columns: TraceColumns, place: number, row: number): void {
      const name = nameOf(columns.server[place], columns.peer[place], columns, place);
      flights.set(name, [...(flights.get(name) ?? []), row]);
    },
    land(columns: TraceColumns, place: number): number | undefined {
      const name = nameOf(columns.peer[place], columns.server[place], columns, place);
      const [row, ...rest] = flights.get(name) ?? [];
      if (rest.length > 0) flights.set(name, rest);
      else flights.delete(name);
      return row;
    },
  };
}
