/**
 * A question about a graph, as independent units of work whose parts are folded in the order of the
 * units. So the answer is the same for any number of threads, a stopped run keeps what it has, and a
 * rerun goes on from there. Parts and options are plain JSON.
 */
import { createStream } from '../philox.ts';
import type { Answer } from './answer.ts';
import type { BuildOptions, Graph } from './graph.ts';
import type { Rows } from './rows.ts';
import type { Rule } from './rule.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

export interface Inquiry {
  readonly graph: Graph;
  readonly rule: Rule;
  readonly seed: number;
  /** For questions about history only: the rows as read, and how an edge is made of them. */
  readonly history?: { readonly rows: Rows; readonly build: BuildOptions };
  readonly options: Readonly<Record<string, Json>>;
}

/** Parts by unit; a hole where the run was stopped before. */
export type Parts<Part> = readonly (Part | undefined)[];

export interface Question<Part extends Json = Json> {
  readonly name: string;
  /** What the units are, for the progress line: `batches of sources`. */
  readonly unit: string;
  units(inquiry: Inquiry): number;
  /** Called once a thread; the function it returns is called once a unit. */
  prepare(inquiry: Inquiry): (unit: number) => Part;
  answer(inquiry: Inquiry, parts: Parts<Part>): Answer;
  /** What was drawn at random beside the sources, by the names of nodes: for an oracle. */
  drawn?(inquiry: Inquiry): Json;
}

/** Purposes of random streams; disjoint, here and from those of sim/purposes.ts. */
export const purposes = {
  sources: 1,
  removal: 2,
  attack: 3,
  edges: 5,
} as const;

/**
 * The sources of a run: all nodes, or a sample of `options.sources` of them without repetition, in
 * ascending order.
 */
export function sourcesOf({ graph, seed, options }: Inquiry): Int32Array {
  const all = Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  const wanted = options.sources;
  if (typeof wanted !== 'number' || wanted >= graph.nodeCount) return all;
  return sample(all, wanted, { seed, entity: 0, purpose: purposes.sources }).sort();
}

/** The first `wanted` of a shuffle. */
export function sample(
  from: Int32Array,
  wanted: number,
  name: { readonly seed: number; readonly entity: number; readonly purpose: number },
): Int32Array {
  const shuffled = from.slice();
  const stream = createStream(name);
  const size = Math.min(wanted, shuffled.length);
  for (let place = 0; place < size; place++) {
    const other = place + stream.below(shuffled.length - place);
    const moved = shuffled[place] as number;
    shuffled[place] = shuffled[other] as number;
    shuffled[other] = moved;
  }
  return shuffled.slice(0, size);
}

/** Cuts a list into units of `size`. */
export const unitsOf = (length: number, size: number) => Math.ceil(length / size);

export const slice = (list: Int32Array, unit: number, size: number) =>
  list.subarray(unit * size, (unit + 1) * size);

/** Sums lists of numbers of possibly different lengths, in the order given. */
export function sumLists(lists: Parts<readonly number[]>): number[] {
  const sum: number[] = [];
  for (const list of lists)
    list?.forEach((value, index) => {
      sum[index] = (sum[index] ?? 0) + value;
    });
  return sum;
}
