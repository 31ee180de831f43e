/** Metrics against every simple path or every cut of small graphs, and on drawn cases. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edgesOf, type Graph } from '../../../sim/trustgraph/graph.ts';
import { acceptedByFlow, type FlowRule } from '../../../sim/trustgraph/metrics/advogato-flow.ts';
import { pervasiveTrust } from '../../../sim/trustgraph/metrics/pervasive.ts';
import { FULL_AMOUNT, sequoiaAmounts } from '../../../sim/trustgraph/metrics/sequoia.ts';
import { tidalTrust } from '../../../sim/trustgraph/metrics/tidaltrust.ts';
import { literalRule } from '../../../sim/trustgraph/rule.ts';
import { createSearch } from '../../../sim/trustgraph/search.ts';
import { graphOf, type Row, rowsOfGraphs, walksBetween } from './small-graphs.ts';

const HOPS = 4;
const graphs = rowsOfGraphs.map(graphOf).filter(({ nodeCount }) => nodeCount > 1);
const others = ({ nodeCount }: Graph) => Array.from({ length: nodeCount - 1 }, (_, at) => at + 1);
const walksTo = (graph: Graph, target: number, mostHops: number) =>
  walksBetween(graph, target, mostHops, { on: [0], weights: [] });

function weightOf(graph: Graph, from: number, to: number): number {
  const { sources, targets, weights } = edgesOf(graph);
  return weights[sources.findIndex((source, at) => source === from && targets[at] === to)] ?? 0;
}

/** From the source down, as the paper defines it; null where nobody is heard. */
function tidalOf(graph: Graph, target: number): number | null {
  const walks = walksTo(graph, target, HOPS);
  const fewest = Math.min(...walks.map(({ weights }) => weights.length));
  const shortest = walks.filter(({ weights }) => weights.length === fewest);
  if (shortest.length === 0) return null;
  const threshold = Math.max(...shortest.map(({ weights }) => Math.min(...weights)));
  const saidBy = (node: number, step: number): number | null => {
    if (step === fewest - 1) return weightOf(graph, node, target);
    const next = new Set(
      shortest.filter(({ on }) => on[step] === node).map(({ on }) => on[step + 1]),
    );
    let [sum, heard] = [0, 0];
    for (const neighbour of next) {
      const rating = weightOf(graph, node, neighbour ?? -1);
      const said = rating < threshold ? null : saidBy(neighbour ?? -1, step + 1);
      if (said === null) continue;
      sum += rating * said;
      heard += rating;
    }
    return heard === 0 ? null : sum / heard;
  };
  return saidBy(0, 0);
}

function pervasiveOf(graph: Graph, target: number): number {
  const product = (weights: readonly number[]) => weights.reduce((a, b) => a * b, 1);
  let [sum, all] = [0, 0];
  for (let rater = 0; rater < graph.nodeCount; rater++) {
    const rating = weightOf(graph, rater, target);
    if (rating === 0) continue;
    const walks = walksTo(graph, rater, graph.nodeCount).filter(({ on }) => !on.includes(target));
    const strength = Math.max(0, ...walks.map(({ weights }) => product(weights)));
    sum += strength ** 2 * rating;
    all += strength;
  }
  return all === 0 ? 0 : sum / all;
}

/** The least sum of amounts that parts the source from the target: no flow exceeds it. */
function smallestCut(graph: Graph, target: number): number {
  const { sources, targets, weights } = edgesOf(graph);
  let least = Number.POSITIVE_INFINITY;
  for (let side = 0; side < 2 ** graph.nodeCount; side++) {
    const isNear = (node: number | undefined) => ((side >> (node ?? 0)) & 1) === 1;
    if (!isNear(0) || isNear(target)) continue;
    const cut = weights.reduce(
      (sum, weight, at) =>
        isNear(sources[at]) && !isNear(targets[at]) ? sum + Math.round(weight * FULL_AMOUNT) : sum,
      0,
    );
    least = Math.min(least, cut);
  }
  return least;
}

/**
 * How many a flow can accept at most: the least cut of the network in which a node is an entry and an
 * exit. Of each node other than the seed neither is near, or its entry, or both.
 */
function mostAccepted(graph: Graph, { capacities, leastWeight }: FlowRule): number {
  const { sources, targets, weights } = edgesOf(graph);
  const carrying = [...sources.keys()]
    .filter((edge) => (weights[edge] ?? 0) >= leastWeight)
    .map((edge) => [sources[edge] ?? 0, targets[edge] ?? 0] as const);
  const distance = [0, ...others(graph).map(() => Number.POSITIVE_INFINITY)];
  for (const _ of distance)
    for (const [from, to] of carrying)
      distance[to] = Math.min(distance[to] ?? 0, (distance[from] ?? 0) + 1);
  const capacityOf = (node: number) => {
    const hops = distance[node] ?? Number.POSITIVE_INFINITY;
    return hops === Number.POSITIVE_INFINITY
      ? 0
      : (capacities[Math.min(hops, capacities.length - 1)] ?? 0);
  };
  let least = capacityOf(0) - 1;
  for (let cut = 0; cut < 3 ** (graph.nodeCount - 1); cut++) {
    const side = (node: number) => (node === 0 ? 2 : Math.floor(cut / 3 ** (node - 1)) % 3);
    if (carrying.some(([from, to]) => side(from) === 2 && side(to) === 0)) continue;
    const cost = others(graph)
      .filter((node) => side(node) > 0)
      .reduce(
        (sum, node) => sum + 1 + (side(node) === 1 ? Math.max(0, capacityOf(node) - 1) : 0),
        0,
      );
    least = Math.min(least, cost);
  }
  return 1 + least;
}

test('the flow accepts as many as the least cut lets through', () =>
  fc.assert(
    fc.property(
      graphs.filter(({ nodeCount }) => nodeCount <= 7),
      fc.constantFrom([4, 3, 2, 1], [9, 2, 1], [3, 3], [6, 1, 4]),
      (graph, capacities) => {
        const rule = { capacities, leastWeight: 0.7 };
        const accepted = acceptedByFlow(graph, 0, rule);
        expect(accepted.reduce((sum, one) => sum + one, 0)).toBe(mostAccepted(graph, rule));
      },
    ),
  ));

test('TidalTrust is what its definition gives over all shortest paths', () =>
  fc.assert(
    fc.property(graphs, (graph) => {
      const trust = tidalTrust(graph, 0, HOPS);
      for (const target of others(graph))
        expect(trust[target]).toBeCloseTo(tidalOf(graph, target) ?? -1, 12);
    }),
  ));

test('TidalTrust hears only those whom a strongest path needs', () => {
  const graph = graphOf([
    ['s', 'a', 0.9],
    ['s', 'b', 0.5],
    ['a', 't', 0.8],
    ['b', 't', 0.2],
    ['s', 'c', 0.8],
    ['c', 't', 0.7],
  ]);
  // The strongest path is worth 0.8: a and c are heard, b is not.
  const expected = (0.9 * 0.8 + 0.8 * 0.7) / (0.9 + 0.8);
  expect(tidalTrust(graph, 0, HOPS)[graph.labels.indexOf('t')]).toBeCloseTo(expected, 12);
});

test('pervasive trust is the mean of all raters over paths without the target', () =>
  fc.assert(
    fc.property(graphs, (graph) => {
      const trust = pervasiveTrust(graph, 0);
      for (const target of others(graph))
        expect(trust[target]).toBeCloseTo(pervasiveOf(graph, target), 12);
    }),
    { numRuns: 60 },
  ));

describe("Sequoia's rule", () => {
  test('never exceeds the smallest cut, and is never below the strongest weakest edge', () =>
    fc.assert(
      fc.property(graphs, (graph) => {
        const wanted = 10 * FULL_AMOUNT;
        const amounts = sequoiaAmounts(graph, 0, { mostHops: HOPS, wanted });
        const widest = createSearch(graph, {
          ...literalRule,
          strength: 'minimum',
          path: 'within-hops',
          hops: HOPS,
        });
        widest.run(0);
        for (const target of others(graph)) {
          const isReached = (widest.hops[target] ?? 255) <= HOPS;
          const single = isReached ? Math.round((widest.scores[target] ?? 0) * FULL_AMOUNT) : 0;
          expect(amounts[target]).toBeGreaterThanOrEqual(single);
          expect(amounts[target]).toBeLessThanOrEqual(smallestCut(graph, target));
        }
      }),
      { numRuns: 60 },
    ));

  const cases: readonly {
    readonly what: string;
    readonly edges: readonly (readonly [string, string, number])[];
    readonly hops: number;
    readonly amounts: Readonly<Record<string, number>>;
  }[] = [
    {
      what: 'a chain is worth its least amount',
      edges: [
        ['root', 'a', 100],
        ['a', 'b', 60],
        ['b', 'c', 80],
      ],
      hops: 3,
      amounts: { a: 100, b: 60, c: 60 },
    },
    {
      what: 'a chain ends where its depth does',
      edges: [
        ['root', 'a', 120],
        ['a', 'b', 120],
        ['b', 'c', 120],
      ],
      hops: 2,
      amounts: { a: 120, b: 120, c: 0 },
    },
    {
      what: 'separate paths add up',
      edges: [
        ['root', 'a', 120],
        ['root', 'b', 120],
        ['a', 't', 60],
        ['b', 't', 50],
      ],
      hops: 2,
      amounts: { t: 110 },
    },
    {
      what: 'an amount is used once: behind one introducer, two more add nothing',
      edges: [
        ['root', 'x', 100],
        ['x', 'a', 80],
        ['x', 'b', 80],
        ['a', 't', 80],
        ['b', 't', 80],
      ],
      hops: 3,
      amounts: { a: 80, t: 100 },
    },
    {
      what: 'two ways to one target add up, the direct one too',
      edges: [
        ['root', 't', 30],
        ['root', 'a', 120],
        ['a', 't', 45],
      ],
      hops: 2,
      amounts: { t: 75 },
    },
    {
      what: 'a circle gives nobody more than what came in',
      edges: [
        ['root', 'a', 50],
        ['a', 'b', 120],
        ['b', 'c', 120],
        ['c', 'a', 120],
      ],
      hops: 6,
      amounts: { a: 50, b: 50, c: 50 },
    },
    {
      what: 'the path that is worth most is taken first, though two others would give more',
      edges: [
        ['root', 'a', 100],
        ['root', 'b', 60],
        ['a', 'b', 100],
        ['a', 't', 60],
        ['b', 't', 100],
      ],
      hops: 3,
      amounts: { t: 100 },
    },
    {
      what: 'with less depth the same graph gives the two others',
      edges: [
        ['root', 'a', 100],
        ['root', 'b', 60],
        ['a', 'b', 100],
        ['a', 't', 60],
        ['b', 't', 100],
      ],
      hops: 2,
      amounts: { t: 120 },
    },
    {
      what: 'whom the root does not lead to is worth nothing',
      edges: [
        ['root', 'a', 120],
        ['x', 't', 120],
      ],
      hops: 3,
      amounts: { t: 0, x: 0 },
    },
    {
      what: 'nothing is added once the target is authenticated',
      edges: [
        ['root', 't', 120],
        ['root', 'a', 120],
        ['a', 't', 120],
      ],
      hops: 2,
      amounts: { t: 120 },
    },
  ];

  test.each(cases)('$what', ({ edges, hops, amounts }) => {
    const graph = graphOf(edges.map(([a, b, amount]): Row => [a, b, amount / FULL_AMOUNT]));
    const root = graph.labels.indexOf('root');
    const found = sequoiaAmounts(graph, root, { mostHops: hops, wanted: FULL_AMOUNT });
    for (const [label, amount] of Object.entries(amounts))
      expect([label, found[graph.labels.indexOf(label)]]).toEqual([label, amount]);
  });
});
