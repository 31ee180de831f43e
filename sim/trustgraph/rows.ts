/**
 * Rows of a graph file as columns that grow. A row says that `source` trusts `target` (a certificate
 * runs the other way: its subject is the issuer of trust no more than the row's target is). Labels are
 * strings and are numbered as they first appear.
 */
import { GraphFault } from './fault.ts';

export interface Rows {
  readonly count: number;
  readonly labels: readonly string[];
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** As the file gives them, before any mapping. */
  readonly weights: Float64Array;
  /** Seconds since 1970, where the file has them. */
  readonly times: Float64Array | null;
}

export interface RowSink {
  readonly count: number;
  node(label: string): number;
  add(source: number, target: number, weight: number, timeSeconds?: number): void;
  finish(): Rows;
}

const FIRST_CAPACITY = 1024;
/** Int32 offsets. */
const MOST_ROWS = 2 ** 31 - 2;

/** What a Map can hold. */
const MOST_LABELS = 2 ** 24 - 1;

export function createRowSink(): RowSink {
  const numbers = new Map<string, number>();
  const labels: string[] = [];
  let sources = new Int32Array(FIRST_CAPACITY);
  let targets = new Int32Array(FIRST_CAPACITY);
  let weights = new Float64Array(FIRST_CAPACITY);
  let times = new Float64Array(0);
  let count = 0;
  const grow = () => {
    if (count >= MOST_ROWS) throw new GraphFault(`more than ${MOST_ROWS} rows`);
    const capacity = sources.length * 2;
    sources = copyInto(new Int32Array(capacity), sources);
    targets = copyInto(new Int32Array(capacity), targets);
    weights = copyInto(new Float64Array(capacity), weights);
    if (times.length > 0) times = copyInto(new Float64Array(capacity), times);
  };
  return {
    get count() {
      return count;
    },
    node(label) {
      const known = numbers.get(label);
      if (known !== undefined) return known;
      const number = labels.length;
      if (number >= MOST_LABELS) throw new GraphFault(`more than ${MOST_LABELS} nodes`);
      numbers.set(label, number);
      labels.push(label);
      return number;
    },
    add(source, target, weight, timeSeconds) {
      if (count === sources.length) grow();
      sources[count] = source;
      targets[count] = target;
      weights[count] = weight;
      if (timeSeconds !== undefined) {
        if (times.length === 0) times = new Float64Array(sources.length).fill(Number.NaN);
        times[count] = timeSeconds;
      }
      count += 1;
    },
    finish: () => ({
      count,
      labels,
      sources: sources.subarray(0, count),
      targets: targets.subarray(0, count),
      weights: weights.subarray(0, count),
      times: times.length > 0 ? times.subarray(0, count) : null,
    }),
  };
}

function copyInto<T extends Int32Array | Float64Array>(larger: T, from: T): T {
  larger.set(from);
  return larger;
}

/** Some of the rows, in this order; labels keep their numbers. */
export function selectRows(rows: Rows, order: Int32Array): Rows {
  const { times } = rows;
  return {
    count: order.length,
    labels: rows.labels,
    sources: order.map((row) => rows.sources[row] ?? 0),
    targets: order.map((row) => rows.targets[row] ?? 0),
    weights: Float64Array.from(order, (row) => rows.weights[row] ?? 0),
    times: times ? Float64Array.from(order, (row) => times[row] ?? Number.NaN) : null,
  };
}
