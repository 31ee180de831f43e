/** The engine of trust graphs against every simple path, against the reference, and against itself. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findTrustPath,
  findTrustPaths,
  type TrustGraph,
} from '../../reference/trust/recommendation/path.ts';
import { models } from '../../sim/topologies/models.ts';
import { takeCensus } from '../../sim/trustgraph/census.ts';
import { roundedText } from '../../sim/trustgraph/exact.ts';
import type { Search } from '../../sim/trustgraph/field.ts';
import { generate } from '../../sim/trustgraph/generate/generate.ts';
import { edgesOf, type Graph, withoutNodes } from '../../sim/trustgraph/graph.ts';
import { countHops } from '../../sim/trustgraph/hop-counts.ts';
import { literalRule, type Rule } from '../../sim/trustgraph/rule.ts';
import { createSearch } from '../../sim/trustgraph/search.ts';
import { createStrongestPaths } from '../../sim/trustgraph/strongest-paths.ts';
import { shortestPaths } from '../../sim/trustgraph/tied-paths.ts';
import { realGraph, testOnGraphs } from '../unit/trustgraph/real-graphs.ts';
import {
  expectedScore,
  graphOf,
  type Row,
  rowsOfGraphs,
  rules,
} from '../unit/trustgraph/small-graphs.ts';

const graphs = rowsOfGraphs.map(graphOf).filter(({ nodeCount }) => nodeCount > 1);
const pairs = ({ nodeCount }: Graph) =>
  Array.from({ length: nodeCount * nodeCount }, (_, pair) => [
    Math.floor(pair / nodeCount),
    pair % nodeCount,
  ]).filter(([source, target]) => source !== target) as [number, number][];

test('every score is that of the best allowed path, under every rule', () =>
  fc.assert(
    fc.property(graphs, rules, (graph, rule) => {
      const search = createSearch(graph, rule);
      for (const [source, target] of pairs(graph)) {
        search.run(source);
        const expected = expectedScore(graph, source, target, rule);
        const isReached = (search.hops[target] ?? 255) <= rule.hops;
        expect(isReached).toBe(expected !== null);
        if (expected !== null) expect(search.scores[target]).toBeCloseTo(expected, 12);
      }
    }),
  ));

test('revoked nodes are as if they were not in the graph', () =>
  fc.assert(
    fc.property(graphs, rules, fc.nat(), (graph, rule, drawn) => {
      const revoked = drawn % graph.nodeCount;
      const mask = Uint8Array.from({ length: graph.nodeCount }, (_, at) => Number(at === revoked));
      const [blocked, without] = [
        createSearch(graph, rule),
        createSearch(withoutNodes(graph, mask), rule),
      ];
      for (let source = 0; source < graph.nodeCount; source++) {
        if (source === revoked) continue;
        blocked.run(source, [revoked]);
        without.run(source);
        expect([...blocked.hops]).toEqual([...without.hops]);
        for (const node of without.reached.subarray(0, without.reachedCount))
          expect(blocked.scores[node]).toBe(without.scores[node]);
      }
    }),
  ));

test('without the edge to a node, only other paths to it count', () =>
  fc.assert(
    fc.property(graphs, rules, (graph, rule) => {
      const { sources, targets } = edgesOf(graph);
      const [source, target] = [sources[0] ?? 0, targets[0] ?? 0];
      const search = createSearch(graph, rule);
      search.run(source, [], target);
      const less = graphOf(
        Array.from(sources.keys())
          .filter((edge) => edge !== 0)
          .map((edge) => [
            `n${sources[edge]}`,
            `n${targets[edge]}`,
            edgesOf(graph).weights[edge] ?? 0,
          ]),
      );
      const [from, to] = [less.labels.indexOf(`n${source}`), less.labels.indexOf(`n${target}`)];
      const expected = from < 0 || to < 0 ? null : expectedScore(less, from, to, rule);
      expect((search.hops[target] ?? 255) <= rule.hops).toBe(expected !== null);
      if (expected !== null) expect(search.scores[target]).toBeCloseTo(expected, 12);
    }),
  ));

test('a census is the same whatever the nodes are called and the rows are sorted by', () =>
  fc.assert(
    fc.property(rowsOfGraphs, fc.nat(), (rows, turn) => {
      const unique = rows.filter(
        (row, at) => rows.findIndex((other) => other[0] === row[0] && other[1] === row[1]) === at,
      );
      // Nodes are numbered as they first appear: another order of rows is another numbering.
      const renamed = unique.map(
        ([source, target, trust]): Row => [`${source}x`, `${target}x`, trust],
      );
      const turned = [
        ...renamed.slice(turn % renamed.length),
        ...renamed.slice(0, turn % renamed.length),
      ];
      const census = (list: readonly Row[]) => takeCensus(graphOf(list), literalRule);
      expect(census(turned)).toEqual(census(unique));
    }),
  ));

test('bit-parallel counts are those of single searches', () =>
  fc.assert(
    fc.property(graphs, (graph) => {
      const { byHops } = takeCensus(graph, { ...literalRule, hops: 12 });
      const counts = countHops(graph).byHops;
      expect(counts[0]).toBe(graph.nodeCount);
      for (let hop = 1; hop <= 12; hop++) expect(counts[hop] ?? 0).toBe(byHops[hop]);
    }),
  ));

test('strongest paths of any length are those within as many hops as there are nodes', () =>
  fc.assert(
    fc.property(graphs, (graph) => {
      const rule: Rule = { ...literalRule, path: 'within-hops', hops: graph.nodeCount };
      const search = createSearch(graph, rule);
      const strongest = createStrongestPaths(graph, rule.decay);
      for (const [source, target] of pairs(graph)) {
        search.run(source);
        const reached = (search.hops[target] ?? 255) <= rule.hops;
        const expected = reached ? (search.scores[target] ?? 0) : 0;
        expect(strongest.run(source)[target]).toBeCloseTo(expected, 12);
      }
    }),
  ));

describe('the reference', () => {
  /** The graph as the reference wants it: whole tenths of a trust score. */
  const trustGraph = (graph: Graph): TrustGraph => {
    const { sources, targets, weights } = edgesOf(graph);
    const edges = new Map(graph.labels.map((label) => [label, new Map<string, number>()]));
    sources.forEach((source, edge) => {
      const target = graph.labels[targets[edge] ?? 0] ?? '';
      edges.get(graph.labels[source] ?? '')?.set(target, Math.round((weights[edge] ?? 0) * 1000));
    });
    return edges;
  };

  const agree = (graph: Graph, list: readonly [number, number][], maxHops: number) => {
    const edges = trustGraph(graph);
    const rule = { ...literalRule, hops: maxHops };
    const search = createSearch(graph, rule);
    for (const [source, target] of list) {
      search.run(source);
      const ends = { from: graph.labels[source] ?? '', to: graph.labels[target] ?? '' };
      const found = findTrustPath(edges, ends, maxHops);
      const isReached = (search.hops[target] ?? 255) <= maxHops;
      expect(found !== null).toBe(isReached);
      if (!found) continue;
      const [best] = shortestPaths(graph, search, target, rule);
      expect(best?.nodes.map((node) => graph.labels[node])).toEqual(found.servers);
      expect(best && roundedText(best.exact, 4)).toBe(found.score.toFixed(4));
      expect(search.scores[target]).toBeCloseTo(found.score, 3);
    }
  };

  test('finds the same path and score for every pair of small graphs', () =>
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 5 }), (graph, hops) =>
        agree(graph, pairs(graph), hops),
      ),
    ));

  /** Hops, the unrounded score of the very path that the reference chose, and the rounded one. */
  const isSame = (graph: Graph, search: Search, nodes: readonly number[], rounded: number) => {
    const target = nodes.at(-1) ?? -1;
    const score = search.scores[target] ?? Number.NaN;
    return (
      search.hops[target] === nodes.length - 1 &&
      Math.abs(score - scoreAlong(graph, nodes)) <= 1e-12 &&
      Math.abs(score - rounded) <= 0.00005 + 1e-12
    );
  };

  /** Every target of the given sources, in one search of each. */
  const agreeFrom = (graph: Graph, sources: readonly number[], maxHops: number) => {
    const edges = trustGraph(graph);
    const search = createSearch(graph, { ...literalRule, hops: maxHops });
    const numbers = new Map(graph.labels.map((label, node) => [label, node]));
    const wrong: unknown[] = [];
    for (const source of sources) {
      search.run(source);
      let found = 0;
      for (const path of findTrustPaths(edges, graph.labels[source] ?? '', maxHops)) {
        const nodes = path.servers.map((server) => numbers.get(server) ?? -1);
        found += 1;
        if (!isSame(graph, search, nodes, path.score)) wrong.push(path);
      }
      if (found !== search.reachedCount) wrong.push({ source, found, ours: search.reachedCount });
    }
    expect(wrong).toEqual([]);
  };

  /** In binary64, of the very path that the reference chose. */
  const scoreAlong = ({ out }: Graph, nodes: readonly number[]) =>
    nodes.slice(1).reduce((score, node, hop) => {
      const before = nodes[hop] ?? 0;
      const at = out.nodes.subarray(out.offsets[before], out.offsets[before + 1]).indexOf(node);
      return score * ((out.weights[(out.offsets[before] ?? 0) + at] ?? 0) * literalRule.decay);
    }, 1);

  const everybody = ({ nodeCount }: Graph) => Array.from({ length: nodeCount }, (_, node) => node);

  test.each(Object.keys(models))('finds the same for every pair of a %s graph', (model) => {
    const shape = { model, nodes: 300, degree: 4, probability: 0.1, blocks: 5 };
    for (const seed of [1, 2]) {
      const graph = generate({ ...shape, seed, weights: [0.4, 0.6, 0.85, 0.999, 1] });
      for (const maxHops of [2, 3, 5]) agreeFrom(graph, everybody(graph), maxHops);
    }
  });

  testOnGraphs('finds the same for every pair of Advogato', async () => {
    const { graph } = await realGraph('advogato');
    agreeFrom(graph, everybody(graph), literalRule.hops);
  });

  testOnGraphs('finds the same path and score for drawn pairs of Advogato', async () => {
    const { graph } = await realGraph('advogato');
    const drawn = fc.sample(fc.tuple(fc.nat(graph.nodeCount - 1), fc.nat(graph.nodeCount - 1)), {
      seed: 6,
      numRuns: 60,
    });
    agree(
      graph,
      drawn.filter(([source, target]) => source !== target),
      3,
    );
  });
});
