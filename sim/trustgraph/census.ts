/** All ordered pairs of a graph under a rule: how many are reached at each hop, in each band. */
import { createClassCensus, SOURCES_AT_ONCE } from './class-census.ts';
import type { Search } from './field.ts';
import type { Graph } from './graph.ts';
import { bandNames, bandOf, type Rule } from './rule.ts';
import { type ScoreClasses, scoreClassesOf } from './score-classes.ts';
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
function countSource(census: Census, search: Search, rule: Rule): void {
  const { reached, reachedCount, hops, scores } = search;
  for (let i = 1; i < reachedCount; i++) {
    const node = reached[i] as number;
    countPairs(census, rule, hops[node] as number, scores[node] as number, 1);
  }
}

function countPairs(census: Census, { thresholds }: Rule, hops: number, score: number, n: number) {
  add(census.byHops, hops, n);
  add(census.byBand, bandOf(score, thresholds), n);
  add(census.byScore, Math.min(SCORE_BINS - 1, Math.floor(score * SCORE_BINS)), n);
}

const add = (counts: Float64Array, index: number, amount: number) => {
  counts[index] = (counts[index] as number) + amount;
};

/** Adds pairs of some sources to a census. */
export type CensusTaker = (sources: Int32Array, census: Census) => void;

/** Source by source, or many at once where that is possible and less work. */
export function createCensusTaker(graph: Graph, rule: Rule): CensusTaker {
  const oneByOne = takerOneByOne(graph, rule);
  const classes = scoreClassesOf(graph, rule);
  if (classes === null || !isWorthwhile(graph, rule, classes)) return oneByOne;
  const atOnce = createClassCensus(graph, classes);
  return (sources, census) => {
    for (let from = 0; from < sources.length; from += SOURCES_AT_ONCE) {
      const batch = sources.subarray(from, from + SOURCES_AT_ONCE);
      if (batch.length < FEW_SOURCES) oneByOne(batch, census);
      else atOnce(batch, (hops, score, pairs) => countPairs(census, rule, hops, score, pairs));
    }
  };
}

/** A batch costs the same, however few sources are in it. */
const FEW_SOURCES = 32;

function takerOneByOne(graph: Graph, rule: Rule): CensusTaker {
  const search = createSearch(graph, rule);
  return (sources, census) => {
    for (const source of sources) {
      search.run(source);
      countSource(census, search, rule);
    }
  };
}

const PROBES = 8;

/**
 * A batch goes through all edges a few times at each level; searches look at the edges that they meet.
 * By a few of them, evenly over the nodes: the choice is the same on every thread and machine.
 */
function isWorthwhile(graph: Graph, rule: Rule, { levels }: ScoreClasses): boolean {
  const search = createSearch(graph, rule);
  const { offsets } = graph.out;
  let met = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    search.run(Math.floor((probe * graph.nodeCount) / PROBES));
    for (const node of search.reached.subarray(0, search.reachedCount))
      met += (offsets[node + 1] as number) - (offsets[node] as number);
  }
  const passes = levels.slice(0, -1).reduce((sum, { scores }) => sum + 1 + scores.length, 0);
  return (met / PROBES) * SOURCES_AT_ONCE > passes * graph.edgeCount;
}

/** From all nodes, or from the given ones. */
export function takeCensus(graph: Graph, rule: Rule, sources?: Int32Array): Census {
  const census = emptyCensus(rule);
  const from = sources ?? Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  createCensusTaker(graph, rule)(from, census);
  return census;
}

export const pairsAtLeast = ({ byBand }: Census, band: number) =>
  byBand.subarray(band).reduce((sum, count) => sum + count, 0);

export const pairsReached = ({ byBand }: Census) => pairsAtLeast({ byBand } as Census, 0);
