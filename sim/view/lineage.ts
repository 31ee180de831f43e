/** Past and future of a record: what led to it, and all that came of it. */
import type { Columns } from './columns.ts';

export interface Lineage {
  /** By row: whether it is part of either. */
  readonly marks: Uint8Array;
  /** Nearest first. */
  readonly past: readonly number[];
  /** What it led to itself. */
  readonly next: readonly number[];
  /** Of all that came of it. */
  readonly futureRows: number;
}

export const PAST = 1;
export const FUTURE = 2;

export function lineageOf({ rows, parent }: Columns, row: number): Lineage {
  const marks = new Uint8Array(rows);
  const past: number[] = [];
  for (let at = parent[row] as number; at >= 0; at = parent[at] as number) {
    marks[at] = PAST;
    past.push(at);
  }
  const next: number[] = [];
  let futureRows = 0;
  // Whatever follows from something stands after it.
  for (let later = row + 1; later < rows; later += 1) {
    const from = parent[later] as number;
    if (from === row) next.push(later);
    else if (from < row || marks[from] !== FUTURE) continue;
    marks[later] = FUTURE;
    futureRows += 1;
  }
  return { marks, past, next, futureRows };
}
