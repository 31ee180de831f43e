/**
 * `npm run bench:trust`: three tasks that researchers of trust do all day, ours beside graphology in the
 * same run, on the same graph, as ratios of processor time: absolute figures of a busy machine say
 * little, their ratio much.
 *
 *   S  all pairs within 4 hops with the best score of tied shortest paths
 *   H  histogram of all distances
 *   D  greatest product of any length
 *
 * Sources are a sample where all of them would take minutes; figures are scaled up to all. `--big` adds
 * an R-MAT graph of half a million edges.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DirectedGraph } from 'graphology';
import { singleSource } from 'graphology-shortest-path/dijkstra.js';
import { singleSourceLength } from 'graphology-shortest-path/unweighted.js';
import { takeCensus } from '../../sim/trustgraph/census.ts';
import { loadGraph } from '../../sim/trustgraph/cli/load.ts';
import { generate } from '../../sim/trustgraph/generate/generate.ts';
import { edgesOf, type Graph } from '../../sim/trustgraph/graph.ts';
import { BATCH, createHopCounter } from '../../sim/trustgraph/hop-counts.ts';
import { literalRule } from '../../sim/trustgraph/rule.ts';
import { createStrongestPaths } from '../../sim/trustgraph/strongest-paths.ts';

const rule = { ...literalRule, hops: 4 };

interface Task {
  readonly name: string;
  /** Times that graphology needed more, when the targets were set. */
  readonly targetRatio: number;
  readonly oursSources: number;
  readonly peerSources: number;
  ours(graph: Graph, sources: Int32Array): void;
  peer(graph: DirectedGraph, sources: readonly string[]): void;
}

const tasks: readonly Task[] = [
  {
    name: 'S scores, 4 hops',
    targetRatio: 58,
    oursSources: 1024,
    peerSources: 24,
    ours: (graph, sources) => void takeCensus(graph, rule, sources),
    peer: (graph, sources) => {
      for (const source of sources) scoresByGraphology(graph, source);
    },
  },
  {
    name: 'H all distances',
    targetRatio: 748,
    oursSources: 4096,
    peerSources: 24,
    ours(graph, sources) {
      const count = createHopCounter(graph, Number.POSITIVE_INFINITY);
      for (let from = 0; from < sources.length; from += BATCH)
        count(sources.subarray(from, from + BATCH), { byHops: [] });
    },
    peer(graph, sources) {
      for (const source of sources) singleSourceLength(graph, source);
    },
  },
  {
    name: 'D any length',
    targetRatio: 49,
    oursSources: 512,
    peerSources: 12,
    ours(graph, sources) {
      const paths = createStrongestPaths(graph, rule.decay);
      for (const source of sources) paths.run(source);
    },
    peer(graph, sources) {
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

function graphologyOf(graph: Graph): DirectedGraph {
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
const spread = (nodeCount: number, wanted: number) =>
  Int32Array.from({ length: Math.min(wanted, nodeCount) }, (_, at) =>
    Math.floor((at * nodeCount) / Math.min(wanted, nodeCount)),
  );

/** Processor seconds for all nodes, from a run over some; the first, short run warms up. */
function secondsForAll(nodeCount: number, sources: number, run: (count: number) => void): number {
  run(Math.max(1, sources >> 3));
  const before = process.cpuUsage();
  run(sources);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6) * (nodeCount / Math.min(sources, nodeCount));
}

function measure(name: string, graph: Graph): void {
  const peer = graphologyOf(graph);
  console.log(`${name}: ${graph.nodeCount} nodes, ${graph.edgeCount} edges`);
  for (const task of tasks) {
    const ours = secondsForAll(graph.nodeCount, task.oursSources, (count) =>
      task.ours(graph, spread(graph.nodeCount, count)),
    );
    const theirs = secondsForAll(graph.nodeCount, task.peerSources, (count) =>
      task.peer(peer, Array.from(spread(graph.nodeCount, count), String)),
    );
    const ratio = (theirs / ours).toFixed(0);
    console.log(
      `  ${task.name.padEnd(18)} ours ${ours.toFixed(3)} s  graphology ${theirs.toFixed(1)} s  ratio ${ratio} (target ${task.targetRatio})`,
    );
  }
}

const folders = [process.env.NORC_GRAPHS, resolve('../shared/data/graphs')];
const folder = folders.find((each) => each !== undefined && existsSync(each));
const load = async (file: string) =>
  (await loadGraph(resolve(folder ?? '.', file), { defaultWeight: 1, take: 'topology' })).graph;
const drawn = (nodes: number, degree: number) =>
  generate({
    ...{ model: 'r-mat', nodes, degree, probability: 0, blocks: 1, seed: 1 },
    weights: [0.6, 0.8, 1],
  });

if (folder) {
  const { graph } = await loadGraph(resolve(folder, 'out.advogato'), { defaultWeight: 1 });
  measure('Advogato', graph);
  measure('Bitcoin Alpha, topology', await load('soc-sign-bitcoinalpha.csv'));
} else console.log('no published graphs at hand (NORC_GRAPHS): generated ones only');
measure('R-MAT', drawn(5881, 6));
if (process.argv.includes('--big')) measure('R-MAT, half a million edges', drawn(75_879, 7));
