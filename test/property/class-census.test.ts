/** Counting pairs of many sources at once, against searches from one source after the other. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createClassCensus, SOURCES_AT_ONCE } from '../../sim/trustgraph/class-census.ts';
import { generate } from '../../sim/trustgraph/generate/generate.ts';
import type { Graph } from '../../sim/trustgraph/graph.ts';
import { literalRule, type Rule } from '../../sim/trustgraph/rule.ts';
import { scoreClassesOf } from '../../sim/trustgraph/score-classes.ts';
import { createSearch } from '../../sim/trustgraph/search.ts';
import { graphOf, rowsOfGraphs, rules } from '../unit/trustgraph/small-graphs.ts';

type Pairs = ReadonlyMap<string, number>;

function add(pairs: Map<string, number>, hops: number, score: number, count: number): void {
  if (count > 0) pairs.set(`${hops} ${score}`, (pairs.get(`${hops} ${score}`) ?? 0) + count);
}

function oneByOne(graph: Graph, rule: Rule): Pairs {
  const pairs = new Map<string, number>();
  const search = createSearch(graph, rule);
  for (let source = 0; source < graph.nodeCount; source++) {
    search.run(source);
    for (const node of search.reached.subarray(1, search.reachedCount))
      add(pairs, search.hops[node] ?? 0, search.scores[node] ?? 0, 1);
  }
  return pairs;
}

/** Null where scores are too many. */
function atOnce(graph: Graph, rule: Rule): Pairs | null {
  const classes = scoreClassesOf(graph, rule);
  if (classes === null) return null;
  const pairs = new Map<string, number>();
  const count = createClassCensus(graph, classes);
  const sources = Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  for (let from = 0; from < sources.length; from += SOURCES_AT_ONCE)
    count(sources.subarray(from, from + SOURCES_AT_ONCE), (hops, score, found) =>
      add(pairs, hops, score, found),
    );
  return pairs;
}

const sorted = (pairs: Pairs) => [...pairs].sort();

test('many sources at once give the pairs of single searches, to the last bit of every score', () => {
  let compared = 0;
  fc.assert(
    fc.property(rowsOfGraphs.map(graphOf), rules, (graph, rule) => {
      const pairs = atOnce(graph, rule);
      if (pairs === null) return;
      compared += 1;
      expect(sorted(pairs)).toEqual(sorted(oneByOne(graph, rule)));
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(50);
});

const wide = (weights: readonly number[]) =>
  generate({
    ...{ model: 'r-mat', nodes: 700, degree: 5, probability: 0, blocks: 1, seed: 7 },
    weights,
  });

test.each([
  ['one weight', [1], 5],
  ['three weights', [0.6, 0.8, 1], 4],
  ['ten weights', [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], 3],
  ['weights whose products vanish', [1e-200, 1], 4],
] as const)('with several batches and %s too', (_what, weights, hops) => {
  const graph = wide(weights);
  expect(graph.nodeCount).toBeGreaterThan(2 * SOURCES_AT_ONCE);
  for (const tie of ['best', 'worst'] as const) {
    const rule = { ...literalRule, hops, tie };
    expect(sorted(atOnce(graph, rule) ?? new Map())).toEqual(sorted(oneByOne(graph, rule)));
  }
});

test.each([
  ['the first path found decides', { tie: 'first' }],
  ['the weakest edge of the best path counts', { strength: 'weakest' }],
  ['longer paths count too', { path: 'within-hops' }],
] as const)('where %s, searches are made', (_what, reading) => {
  expect(scoreClassesOf(wide([1]), { ...literalRule, ...reading })).toBeNull();
});
