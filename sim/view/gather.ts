/** A recorded trace in whole columns. */
import type { RecordedTrace } from '../trace/divergence.ts';
import { columnsOf, ROWS, type TraceColumns } from '../trace/trace.ts';
import { type Columns, emptyColumns } from './columns.ts';
import { parentsOf } from './parents.ts';

export function gather(trace: RecordedTrace): Columns {
  const { rows } = trace.index;
  const columns = { ...emptyColumns(rows), parent: parentsOf(trace) };
  for (const [place, block] of trace.blocks.entries()) {
    const from = place * ROWS;
    copy(columnsOf(block), columns, { from, count: Math.min(ROWS, rows - from) });
  }
  return columns;
}

function copy(block: TraceColumns, to: Columns, { from, count }: { from: number; count: number }) {
  if (count <= 0) return;
  for (const name of ['at', 'label', 'server', 'peer', 'size', 'kind'] as const) {
    to[name].set(block[name].subarray(0, count), from);
  }
}
