/** All ordered pairs of a graph under a rule: how many are reached at each hop, in each band. */

import type { Search } from './field.ts';
import type { Graph } from './graph.ts';
import { bandNames, bandOf, type Rule } from './rule.ts';
import { createSearch } from './search.ts';

export interface Census {
  /** Pairs by hops; index 0 is unused. */
  readonly byHops: Float64Array;
  /** Pairs by band, untrusted first; pairs without a path are in none. */
  readonly byBand: Float64Array;
  /** Pairs by score: bin b holds scores in [b/100, (b + 1)/100), the last one 1 too. */
  readonly byScore: Float64Array;
}

export const SCORE_BINS = 100;

export function emptyCensus(rule: Rule): Census {
  return {
    byHops: new Float64Array(rule.hops + 1),
    byBand: new Float64Array(bandNames.length),
    byScore: new Float64Array(SCORE_BINS),
  };
}

/** Counts are whole numbers below 2^53: adding them in any order is exact. */
export function countSource(census: Census, search: Search, rule: Rule): void {
  const { reached, reachedCount, hops, scores } = search;
  for (let i = 1; i < reachedCount; i++) {
    const node = reached[i] as number;
    const score = scores[node] as number;
    add(census.byHops, hops[node] as number);
    add(census.byBand, bandOf(score, rule.thresholds));
    add(census.byScore, Math.min(SCORE_BINS - 1, Math.floor(score * SCORE_BINS)));
  }
}

const add = (counts: Float64Array, index: number) => {
  counts[index] = (counts[index] as number) + 1;
};

/** From all nodes, or from the given ones. */
export function takeCensus(graph: Graph, rule: Rule, sources?: Int32Array): Census {
  const search = createSearch(graph, rule);
  const census = emptyCensus(rule);
  const from = sources ?? Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  for (const source of from) {
    search.run(source);
    countSource(census, search, rule);
  }
  return census;
}

export const pairsAtLeast = ({ byBand }: Census, band: number) =>
  byBand.subarray(band).reduce((sum, count) => sum + count, 0);

export const pairsReached = ({ byBand }: Census) => pairsAtLeast({ byBand } as Census, 0);
