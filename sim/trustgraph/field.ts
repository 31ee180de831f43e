/**
 * What every kind of search works on: hops and scores of nodes, and the order in which they were
 * reached.
 */
import type { Graph } from './graph.ts';
import type { Rule } from './rule.ts';

/** Marks in `hops`. */
export const UNREACHED = 255;
export const BLOCKED = 254;

export interface Search {
  /**
   * Forgets the last answer and searches again. Blocked nodes are as if revoked; the edge from the
   * source to `withoutEdgeTo` is as if it were not there.
   */
  run(source: number, blocked?: readonly number[], withoutEdgeTo?: number): void;
  /** The source first, then by hops; `reached[0 … reachedCount − 1]`. */
  readonly reached: Int32Array;
  readonly reachedCount: number;
  readonly hops: Uint8Array;
  /** Of reached nodes; the source's is 1 ([A] = 1, T-PATH-01). */
  readonly scores: Float64Array;
}

/** What every kind of search works on. */
export interface Field {
  readonly graph: Graph;
  readonly rule: Rule;
  readonly reached: Int32Array;
  reachedCount: number;
  /** Target of the one edge of the source that is left out; −1 for none. */
  withoutEdgeTo: number;
  readonly hops: Uint8Array;
  readonly scores: Float64Array;
  readonly gains: Gains;
}

/** Edge values with the decay multiplied in, for the first hop and for later ones. */
export interface Gains {
  readonly first: Float64Array;
  readonly later: Float64Array;
  /** The same as `later`, in the order of incoming edges. */
  readonly laterInto: Float64Array;
}

export const createField = (graph: Graph, rule: Rule): Field => ({
  graph,
  rule,
  reached: new Int32Array(graph.nodeCount),
  reachedCount: 0,
  withoutEdgeTo: -1,
  hops: new Uint8Array(graph.nodeCount).fill(UNREACHED),
  scores: new Float64Array(graph.nodeCount),
  gains: gainsOf(graph, rule),
});

function gainsOf({ out, into }: Graph, { strength, decay, firstHop }: Rule): Gains {
  if (strength === 'minimum')
    return { first: out.weights, later: out.weights, laterInto: into.weights };
  const later = decayed(out.weights, decay);
  const laterInto = decayed(into.weights, decay);
  return { first: firstHop === 'whole' ? out.weights : later, later, laterInto };
}

function decayed(weights: Float64Array, decay: number): Float64Array {
  const gains = new Float64Array(weights.length);
  for (let edge = 0; edge < gains.length; edge++) gains[edge] = (weights[edge] as number) * decay;
  return gains;
}

/** Clears what the last run left, blocks, and puts the source in. */
function startFrom(field: Field, source: number, blocked: readonly number[]): void {
  const { hops, reached, scores } = field;
  if (field.reachedCount * 4 > hops.length) hops.fill(UNREACHED);
  else for (let i = 0; i < field.reachedCount; i++) hops[reached[i] as number] = UNREACHED;
  for (const node of blocked) hops[node] = BLOCKED;
  hops[source] = 0;
  scores[source] = 1;
  reached[0] = source;
  field.reachedCount = 1;
}

function unblock({ hops }: Field, blocked: readonly number[]): void {
  for (const node of blocked) hops[node] = UNREACHED;
}

export function searchOn(field: Field, spread: (blocked: readonly number[]) => void): Search {
  return {
    reached: field.reached,
    hops: field.hops,
    scores: field.scores,
    get reachedCount() {
      return field.reachedCount;
    },
    run(source, blocked = [], withoutEdgeTo = -1) {
      field.withoutEdgeTo = withoutEdgeTo;
      startFrom(field, source, blocked);
      if (!blocked.includes(source)) spread(blocked);
      else field.reachedCount = 0;
      unblock(field, blocked);
    },
  };
}

/** The worth of a path that is one edge longer. */
export const extended = (strength: Rule['strength'], score: number, gain: number) =>
  strength === 'minimum' ? Math.min(score, gain) : score * gain;
