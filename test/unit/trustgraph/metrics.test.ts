/** Other metrics on graphs small enough for a pencil, and against laws that they must obey. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Graph } from '../../../sim/trustgraph/graph.ts';
import { acceptedByFlow } from '../../../sim/trustgraph/metrics/advogato-flow.ts';
import { jaccard, spearman } from '../../../sim/trustgraph/metrics/agreement.ts';
import { betweenness } from '../../../sim/trustgraph/metrics/betweenness.ts';
import { standardGnupg, validByGnupg } from '../../../sim/trustgraph/metrics/gnupg.ts';
import { moleTrust } from '../../../sim/trustgraph/metrics/moletrust.ts';
import { personalisedPageRank } from '../../../sim/trustgraph/metrics/pagerank.ts';
import { tidalTrust } from '../../../sim/trustgraph/metrics/tidaltrust.ts';
import { graphOf, rowsOfGraphs } from './small-graphs.ts';

const named = (graph: Graph, values: ArrayLike<number>) =>
  Object.fromEntries(graph.labels.map((label, node) => [label, values[node]]));

test('betweenness counts the shares of shortest paths that pass a node', () => {
  // Two shortest paths from a to d, one through each of b and c; from all of them on to e through d.
  const graph = graphOf([
    ['a', 'b', 1],
    ['a', 'c', 1],
    ['b', 'd', 1],
    ['c', 'd', 1],
    ['d', 'e', 1],
  ]);
  expect(named(graph, betweenness(graph))).toEqual({ a: 0, b: 1, c: 1, d: 3, e: 0 });
});

test('MoleTrust is the mean of those nearer, weighted by their trust', () => {
  const graph = graphOf([
    ['s', 'a', 0.8],
    ['s', 'b', 0.6],
    ['s', 'c', 0.5],
    ['a', 't', 1],
    ['b', 't', 0.3],
    ['c', 't', 0.9],
  ]);
  const trust = named(graph, moleTrust(graph, 0, { horizon: 2, leastTrust: 0.6 }));
  // c, at 0.5, is not heard.
  expect(trust.t).toBeCloseTo((0.8 * 1 + 0.6 * 0.3) / 1.4, 12);
});

test.each([
  ['MoleTrust', (graph: Graph) => moleTrust(graph, 0, { horizon: 2, leastTrust: 0.6 })],
  ['TidalTrust', (graph: Graph) => tidalTrust(graph, 0, 2)],
])('%s of a node whom all rate alike is that rating, to the last bit', (_, trustOf) => {
  const rating = fc.constantFrom(0.6, 0.7, 0.8, 0.9);
  fc.assert(
    fc.property(rating, fc.array(rating, { minLength: 1, maxLength: 8 }), (alike, own) => {
      const raters = own.flatMap((each, at): [string, string, number][] => [
        ['s', `r${at}`, each],
        [`r${at}`, 't', alike],
      ]);
      expect(named(graphOf(raters), trustOf(graphOf(raters))).t).toBe(alike);
    }),
  );
});

test('GnuPG accepts one full or three marginal introducers', () => {
  const graph = graphOf([
    ['s', 'f', 1],
    ['f', 'byFull', 1],
    ...(['a', 'b', 'c'] as const).flatMap((each): [string, string, number][] => [
      ['s', each, 1],
      [each, 'byThree', 0.5],
    ]),
    ['a', 'byTwo', 0.5],
    ['b', 'byTwo', 0.5],
  ]);
  const valid = named(
    graph,
    validByGnupg(graph, 0, { ...standardGnupg, full: 0.85, marginal: 0.4 }),
  );
  expect(valid).toMatchObject({ byFull: 1, byThree: 1, byTwo: 0 });
});

test('GnuPG stops after five steps', () => {
  const chain = graphOf(Array.from({ length: 7 }, (_, at) => [`n${at}`, `n${at + 1}`, 1]));
  const valid = validByGnupg(chain, 0, { ...standardGnupg, full: 0.85, marginal: 0.4 });
  expect([...valid]).toEqual([1, 1, 1, 1, 1, 1, 0, 0]);
});

test('the flow accepts no more sybils than the capacity of the deceived lets through', () => {
  const graph = graphOf([
    ['s', 'victim', 1],
    ['victim', 'attacker', 1],
    ...Array.from({ length: 50 }, (_, at): [string, string, number] => [
      'attacker',
      `sybil${at}`,
      1,
    ]),
  ]);
  const rule = { capacities: [100, 10, 5, 1], leastWeight: 0.7 };
  const accepted = acceptedByFlow(graph, 0, rule);
  // Of the victim's 10 units it keeps one; the attacker may pass 4 of his 5 on.
  expect(accepted.reduce((sum, one) => sum + one, 0)).toBe(1 + 1 + 1 + 4);
});

test('with room for all, the flow accepts everybody who can be reached', () =>
  fc.assert(
    fc.property(rowsOfGraphs, (rows) => {
      const graph = graphOf(rows);
      if (graph.nodeCount === 0) return;
      const accepted = acceptedByFlow(graph, 0, { capacities: [1000], leastWeight: 0 });
      const reached = moleTrust(graph, 0, { horizon: 200, leastTrust: 0 });
      expect([...accepted]).toEqual([...reached].map((trust) => (trust >= 0 ? 1 : 0)));
    }),
  ));

test('PageRank sums to one and satisfies its equation', () =>
  fc.assert(
    fc.property(rowsOfGraphs, (rows) => {
      const graph = graphOf(rows);
      if (graph.nodeCount === 0) return;
      const rank = personalisedPageRank(graph, 0);
      expect(rank.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
      const { offsets, nodes, weights } = graph.out;
      const expected = new Float64Array(graph.nodeCount);
      expected[0] = 0.15;
      for (let node = 0; node < graph.nodeCount; node++) {
        const own = [...weights.subarray(offsets[node], offsets[node + 1])];
        const sum = own.reduce((total, weight) => total + weight, 0);
        own.forEach((weight, at) => {
          const target = nodes[(offsets[node] ?? 0) + at] ?? 0;
          expected[target] = (expected[target] ?? 0) + (0.85 * (rank[node] ?? 0) * weight) / sum;
        });
        if (own.length === 0) expected[0] = (expected[0] ?? 0) + 0.85 * (rank[node] ?? 0);
      }
      expected.forEach((value, node) => void expect(rank[node]).toBeCloseTo(value, 6));
    }),
  ));

test('rank correlation and overlap know agreement, disagreement and ties', () => {
  expect(spearman([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
  expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
  // By hand: ranks 0.5, 0.5, 2 against 0, 1, 2.
  expect(spearman([5, 5, 9], [1, 2, 3])).toBeCloseTo(Math.sqrt(3) / 2, 12);
  expect(jaccard(new Set([1, 2]), new Set([2, 3]))).toBeCloseTo(1 / 3, 12);
});
