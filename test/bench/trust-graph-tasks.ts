/** The tasks of the bench of trust graphs: as the engine does them, and as one would on graphology. */
import { DirectedGraph } from 'graphology';
import { singleSource } from 'graphology-shortest-path/dijkstra.js';
import { singleSourceLength } from 'graphology-shortest-path/unweighted.js';
import { createCensusTaker, emptyCensus } from '../../sim/trustgraph/census.ts';
import { SOURCES_AT_ONCE } from '../../sim/trustgraph/class-census.ts';
import { inDegreeOrder } from '../../sim/trustgraph/degree-order.ts';
import { edgesOf, type Graph } from '../../sim/trustgraph/graph.ts';
import { BATCH, createHopCounter } from '../../sim/trustgraph/hop-counts.ts';
import { literalRule } from '../../sim/trustgraph/rule.ts';
import { createStrongestPaths } from '../../sim/trustgraph/strongest-paths.ts';

export const rule = { ...literalRule, hops: 4 };

export interface Task {
  readonly name: 'S' | 'H' | 'D';
  readonly what: string;
  /** Sources of a sample, and how many of them a thread takes at once. */
  readonly sources: number;
  readonly batch: number;
  readonly peerSources: number;
  /** Times that a peer needed more, when the targets were set. */
  readonly targetRatios: Readonly<Record<string, number>>;
  /** Seconds from 35,000 edges on, by graphs of at most so many edges: one thread, two threads. */
  readonly targetSeconds: readonly {
    readonly edges: number;
    readonly seconds: readonly number[];
  }[];
  prepare(graph: Graph): (sources: Int32Array) => void;
  byGraphology(graph: DirectedGraph, sources: readonly string[]): void;
}

export const tasks: readonly Task[] = [
  {
    name: 'S',
    what: 'scores, 4 hops',
    sources: 4096,
    batch: SOURCES_AT_ONCE,
    peerSources: 24,
    targetRatios: { graphology: 58, networkx: 28, igraph: 8.3 },
    targetSeconds: [
      { edges: 50_000, seconds: [1.2, 0.65] },
      { edges: 520_000, seconds: [60] },
    ],
    prepare(graph) {
      const { graph: ordered, numbers } = inDegreeOrder(graph);
      const take = createCensusTaker(ordered, rule);
      return (sources) =>
        take(
          sources.map((source) => numbers[source] as number),
          emptyCensus(rule),
        );
    },
    byGraphology: (graph, sources) => {
      for (const source of sources) scoresByGraphology(graph, source);
    },
  },
  {
    name: 'H',
    what: 'all distances',
    sources: 4096,
    batch: BATCH,
    peerSources: 24,
    targetRatios: { graphology: 748, networkx: 271, igraph: 10 },
    targetSeconds: [
      { edges: 50_000, seconds: [0.12] },
      { edges: 520_000, seconds: [12] },
    ],
    prepare(graph) {
      const count = createHopCounter(graph, Number.POSITIVE_INFINITY);
      return (sources) => {
        for (let from = 0; from < sources.length; from += BATCH)
          count(sources.subarray(from, from + BATCH), { byHops: [] });
      };
    },
    byGraphology(graph, sources) {
      for (const source of sources) singleSourceLength(graph, source);
    },
  },
  {
    name: 'D',
    what: 'any length',
    sources: 512,
    batch: 32,
    peerSources: 12,
    targetRatios: { graphology: 49, networkx: 26, igraph: 1.8 },
    targetSeconds: [],
    prepare(graph) {
      const paths = createStrongestPaths(graph, rule.decay);
      return (sources) => {
        for (const source of sources) paths.run(source);
      };
    },
    byGraphology(graph, sources) {
      for (const source of sources) singleSource(graph, source, 'cost');
    },
  },
];

/** As one would write it on graphology: breadth first, the best score of each level. */
function scoresByGraphology(graph: DirectedGraph, source: string): ReadonlyMap<string, number> {
  const scores = new Map([[source, 1]]);
  let front = new Map(scores);
  for (let hop = 1; hop <= rule.hops && front.size > 0; hop++) {
    const next = new Map<string, number>();
    for (const [node, score] of front)
      graph.forEachOutEdge(node, (_edge, { weight }, _source, target) => {
        if (scores.has(target)) return;
        const offered = score * (Number(weight) * rule.decay);
        if (offered > (next.get(target) ?? 0)) next.set(target, offered);
      });
    for (const [node, score] of next) scores.set(node, score);
    front = next;
  }
  return scores;
}

export function graphologyOf(graph: Graph): DirectedGraph {
  const peer = new DirectedGraph();
  const { sources, targets, weights } = edgesOf(graph);
  for (let node = 0; node < graph.nodeCount; node++) peer.addNode(String(node));
  sources.forEach((source, edge) => {
    const weight = weights[edge] ?? 0;
    const cost = -Math.log(weight * rule.decay);
    peer.addEdge(String(source), String(targets[edge]), { weight, cost });
  });
  return peer;
}

/** Evenly over the nodes. */
export const spread = (nodeCount: number, wanted: number) =>
  Int32Array.from({ length: Math.min(wanted, nodeCount) }, (_, at) =>
    Math.floor((at * nodeCount) / Math.min(wanted, nodeCount)),
  );
