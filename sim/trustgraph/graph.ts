/**
 * A trust graph in compressed sparse rows, over shared memory so that workers read it without a copy.
 * An edge says "source trusts target this much", on the scale 0…1 (T-PATH-02, L-T23).
 */
import { GraphFault } from './fault.ts';
import type { Rows } from './rows.ts';

/** Neighbours of node v are `nodes[offsets[v] … offsets[v + 1] − 1]`. */
export interface Adjacency {
  readonly offsets: Int32Array;
  readonly nodes: Int32Array;
  readonly weights: Float64Array;
}

export interface Graph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly labels: readonly string[];
  /** Whom a node trusts, in the order of the file. */
  readonly out: Adjacency;
  /** Who trusts a node. */
  readonly into: Adjacency;
}

/** What a row of the file became: nothing is dropped without being counted. */
export interface RowTally {
  readonly rows: number;
  readonly edges: number;
  readonly loops: number;
  readonly duplicates: number;
  /** Ratings of zero or below: no edge. */
  readonly notTrust: number;
  /** Labels that occur only in rows that are no edge. */
  readonly labelsWithoutEdge: number;
}

export interface BuildOptions {
  /** The file's weight that means full trust: 1, 10, 100. */
  readonly scale?: number;
  /** `weights` as given; `topology`: every row is an edge of weight 1, whatever its sign. */
  readonly take?: 'weights' | 'topology';
}

export interface Built {
  readonly graph: Graph;
  readonly tally: RowTally;
}

export function buildGraph(rows: Rows, { scale = 1, take = 'weights' }: BuildOptions = {}): Built {
  const weights = take === 'topology' ? rows.weights.map(() => 1) : scaled(rows, scale);
  const kept = new Uint8Array(rows.count);
  const tally = { rows: rows.count, edges: 0, loops: 0, duplicates: 0, notTrust: 0 };
  for (let row = 0; row < rows.count; row++) {
    if (rows.sources[row] === rows.targets[row]) tally.loops += 1;
    else kept[row] = 1;
  }
  tally.duplicates = dropOlderParallels(rows, kept);
  // After that: where the newest rating is none of trust, an older one does not live on.
  for (let row = 0; row < rows.count; row++) {
    if (!kept[row] || (weights[row] as number) > 0) continue;
    kept[row] = 0;
    tally.notTrust += 1;
  }
  const { numbers, labels } = numberEnds(rows, kept);
  const graph = fromEdges(labels, selectEdges(rows, kept, numbers, weights));
  const labelsWithoutEdge = rows.labels.length - labels.length;
  return { graph, tally: { ...tally, edges: graph.edgeCount, labelsWithoutEdge } };
}

function scaled(rows: Rows, scale: number): Float64Array {
  if (!(scale > 0))
    throw new GraphFault(`the weight of full trust must be above zero, not ${scale}`);
  return rows.weights.map((weight, row) => {
    const value = weight / scale;
    if (value <= 1) return value;
    throw new GraphFault(
      `row ${row + 1} has weight ${weight}, above full trust: say which weight is full trust (--scale ${suggestedScale(weight)})`,
    );
  });
}

const suggestedScale = (weight: number) => [10, 100].find((scale) => weight <= scale) ?? weight;

/** Of parallel edges the newest lives; without dates, the last in the file. */
function dropOlderParallels(rows: Rows, kept: Uint8Array): number {
  const { sources, targets } = rows;
  const latest = new Int32Array(rows.labels.length).fill(-1);
  let dropped = 0;
  for (const row of rowsBySource(rows)) {
    if (!kept[row]) continue;
    const target = targets[row] as number;
    const before = latest[target] as number;
    const isParallel = before >= 0 && sources[before] === sources[row];
    const older = isParallel && isOlder(rows, row, before) ? row : before;
    if (older !== row) latest[target] = row;
    if (!isParallel) continue;
    kept[older] = 0;
    dropped += 1;
  }
  return dropped;
}

/** Row numbers sorted by source, stably. */
function rowsBySource({ count, labels, sources }: Rows): Int32Array {
  const next = new Int32Array(labels.length + 1);
  for (let row = 0; row < count; row++) bump(next, (sources[row] as number) + 1);
  for (let label = 0; label < labels.length; label++)
    next[label + 1] = (next[label + 1] as number) + (next[label] as number);
  const order = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    order[next[sources[row] as number] as number] = row;
    bump(next, sources[row] as number);
  }
  return order;
}

function isOlder(rows: Rows, row: number, other: number): boolean {
  return rows.times !== null && (rows.times[row] as number) < (rows.times[other] as number);
}

/** Labels that are ends of an edge, renumbered without gaps; −1 for the others. */
function numberEnds(rows: Rows, kept: Uint8Array) {
  const numbers = new Int32Array(rows.labels.length).fill(-1);
  for (let row = 0; row < rows.count; row++) {
    if (!kept[row]) continue;
    numbers[rows.sources[row] as number] = 1;
    numbers[rows.targets[row] as number] = 1;
  }
  const labels: string[] = [];
  for (let label = 0; label < numbers.length; label++) {
    if (numbers[label] !== 1) continue;
    numbers[label] = labels.length;
    labels.push(rows.labels[label] as string);
  }
  return { numbers, labels };
}

export interface Edges {
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  readonly weights: Float64Array;
}

function selectEdges(rows: Rows, kept: Uint8Array, numbers: Int32Array, weights: Float64Array) {
  const count = kept.reduce((sum, one) => sum + one, 0);
  const edges = {
    sources: new Int32Array(count),
    targets: new Int32Array(count),
    weights: new Float64Array(count),
  };
  let edge = 0;
  for (let row = 0; row < rows.count; row++) {
    if (!kept[row]) continue;
    edges.sources[edge] = numbers[rows.sources[row] as number] as number;
    edges.targets[edge] = numbers[rows.targets[row] as number] as number;
    edges.weights[edge] = weights[row] as number;
    edge += 1;
  }
  return edges;
}

/** Edges must be simple: no loops, no parallels. Workers have nodes without labels. */
export function fromEdges(
  labels: readonly string[],
  { sources, targets, weights }: Edges,
  nodeCount = labels.length,
): Graph {
  return {
    nodeCount,
    edgeCount: sources.length,
    labels,
    out: adjacency(nodeCount, sources, targets, weights),
    into: adjacency(nodeCount, targets, sources, weights),
  };
}

/** The same nodes with some of the edges. */
export function withEdges(graph: Graph, stays: (edge: number) => boolean): Graph {
  const { sources, targets, weights } = edgesOf(graph);
  const kept = Int32Array.from(Array.from(sources.keys()).filter(stays));
  const edges = {
    sources: kept.map((edge) => sources[edge] as number),
    targets: kept.map((edge) => targets[edge] as number),
    weights: Float64Array.from(kept, (edge) => weights[edge] as number),
  };
  return fromEdges(graph.labels, edges, graph.nodeCount);
}

/** A stable counting sort by `from`: neighbours stay in the order of the edges. */
function adjacency(
  nodeCount: number,
  from: Int32Array,
  to: Int32Array,
  weights: Float64Array,
): Adjacency {
  const sorted = sharedAdjacency(nodeCount, from.length);
  const { offsets } = sorted;
  for (let edge = 0; edge < from.length; edge++) bump(offsets, (from[edge] as number) + 1);
  for (let node = 0; node < nodeCount; node++)
    offsets[node + 1] = (offsets[node + 1] as number) + (offsets[node] as number);
  const next = offsets.slice();
  for (let edge = 0; edge < from.length; edge++) {
    const place = next[from[edge] as number] as number;
    next[from[edge] as number] = place + 1;
    sorted.nodes[place] = to[edge] as number;
    sorted.weights[place] = weights[edge] as number;
  }
  return sorted;
}

const bump = (counts: Int32Array, index: number) => {
  counts[index] = (counts[index] as number) + 1;
};

function sharedAdjacency(nodeCount: number, edgeCount: number): Adjacency {
  return {
    offsets: new Int32Array(new SharedArrayBuffer(4 * (nodeCount + 1))),
    nodes: new Int32Array(new SharedArrayBuffer(4 * edgeCount)),
    weights: new Float64Array(new SharedArrayBuffer(8 * edgeCount)),
  };
}

/** Every edge in the order of the sources: the inverse of `fromEdges`. */
export function edgesOf({ nodeCount, edgeCount, out }: Graph): Edges {
  const sources = new Int32Array(edgeCount);
  for (let node = 0; node < nodeCount; node++)
    sources.fill(node, out.offsets[node], out.offsets[node + 1]);
  return { sources, targets: out.nodes, weights: out.weights };
}

/** The graph without these nodes; numbers and labels stay, so that answers can be compared. */
export function withoutNodes(graph: Graph, removed: Uint8Array): Graph {
  const { sources, targets } = edgesOf(graph);
  return withEdges(
    graph,
    (edge) => !removed[sources[edge] as number] && !removed[targets[edge] as number],
  );
}

export const labelsOf = ({ labels }: Graph, nodes: Int32Array) =>
  Array.from(nodes, (node) => labels[node] ?? '');

export function nodeNamed(graph: Graph, label: string): number {
  const node = graph.labels.indexOf(label);
  if (node < 0) throw new GraphFault(`no edge of the graph has an end named ${label}`);
  return node;
}

export const outDegree = ({ out }: Graph, node: number) =>
  (out.offsets[node + 1] as number) - (out.offsets[node] as number);

export const inDegree = ({ into }: Graph, node: number) =>
  (into.offsets[node + 1] as number) - (into.offsets[node] as number);
