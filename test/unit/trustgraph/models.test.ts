/** Generated graphs: the shape that each model promises, and the same bytes for a seed. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { strongComponents } from '../../../sim/trustgraph/components.ts';
import { generate, type Wanted } from '../../../sim/trustgraph/generate/generate.ts';
import { edgesOf, type Graph, inDegree, outDegree } from '../../../sim/trustgraph/graph.ts';
import { writers } from '../../../sim/trustgraph/write/graph-formats.ts';

const base = {
  nodes: 500,
  degree: 4,
  probability: 0.1,
  blocks: 5,
  seed: 1,
  weights: [0.6, 0.8, 1],
};
const made = (model: string, changed: Partial<Wanted> = {}) =>
  generate({ ...base, model, ...changed });
const digest = (graph: Graph) =>
  createHash('sha256')
    .update([...(writers.csv?.(graph) ?? [])].join(''))
    .digest('hex')
    .slice(0, 16);

/** Change of these is a change of every published result that names a seed. */
const digests = {
  'erdos-renyi': '65a8a671fc381d5f',
  'barabasi-albert': '9d96524f4119dda8',
  'watts-strogatz': 'e4650520a659cf7a',
  'stochastic-block': '99f834f7f3c4b575',
  configuration: 'aee0f8e46195c7fb',
  'r-mat': '35a9bfcef9fca608',
  alliance: 'aa2f442a6cffbdcb',
};

describe.each(Object.entries(digests))('%s', (model, expected) => {
  test('gives the same bytes for a seed, and others for another', () => {
    expect(digest(made(model))).toBe(expected);
    expect(digest(made(model, { seed: 2 }))).not.toBe(expected);
  });

  test('has neither loops nor parallel edges, and draws all weights', () => {
    const { sources, targets, weights } = edgesOf(made(model));
    const pairs = Array.from(sources, (source, edge) => `${source} ${targets[edge]}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(Array.from(sources).some((source, edge) => source === targets[edge])).toBe(false);
    expect([...new Set(weights)].sort()).toEqual([0.6, 0.8, 1]);
  });
});

test.each(['erdos-renyi', 'stochastic-block', 'r-mat'])('%s has nodes × degree edges', (model) => {
  expect(made(model).edgeCount).toBe(2000);
});

test('preferential attachment makes hubs that uniform drawing does not', () => {
  const largest = (graph: Graph) =>
    Math.max(...graph.labels.map((_, node) => inDegree(graph, node)));
  expect(largest(made('barabasi-albert'))).toBeGreaterThan(4 * largest(made('erdos-renyi')));
});

test('blocks hold the share of edges that the probability says', () => {
  const { sources, targets } = edgesOf(made('stochastic-block', { probability: 0.8 }));
  const inside = Array.from(sources).filter(
    (source, edge) => source % 5 === (targets[edge] ?? 0) % 5,
  );
  // Inside by choice, or outside by choice and inside by chance: 0.8 + 0.2 / 5.
  expect(inside.length / sources.length).toBeCloseTo(0.84, 1);
});

test('degrees of the configuration model fall by the square', () => {
  const graph = made('configuration', { nodes: 20_000 });
  const withDegree = (degree: number) =>
    graph.labels.filter((_, node) => outDegree(graph, node) === degree).length;
  // P(1) : P(2) of the floor of 1/u is 1/2 : 1/6.
  expect(withDegree(1) / withDegree(2)).toBeCloseTo(3, 0);
});

test('an alliance hangs together, and without bridges only through its root', () => {
  const graph = made('alliance', { probability: 0 });
  expect(new Set(strongComponents(graph)).size).toBe(1);
  expect(graph.edgeCount).toBe(2 * (graph.nodeCount - 1));
});

test('an attacker is trusted by as many as were deceived, and his sybils by him alone', () => {
  const graph = made('erdos-renyi', { attack: { edges: 7, sybils: 3, attackWeight: 0.9 } });
  const attacker = graph.labels.indexOf('attacker');
  expect(inDegree(graph, attacker)).toBe(7);
  expect(outDegree(graph, attacker)).toBe(3);
  expect(inDegree(graph, graph.labels.indexOf('sybil-1'))).toBe(1);
});

test('a shape that cannot be is refused', () => {
  expect(() => made('erdos-renyi', { nodes: 5, degree: 4 })).toThrow('too many');
  expect(() => made('no-such-model')).toThrow(/there are .*erdos-renyi/);
});
