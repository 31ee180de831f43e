/**
 * Advogato's group trust metric (Levien 2000): a maximum flow from the seed, in which a node at distance
 * h has the capacity of level h, one unit of which it must keep for itself. A node is accepted when its
 * own unit flows. So an attacker gains no more than the capacity of the nodes that trust him, however
 * many sybils he makes. Published code differs in the capacities: they are a parameter.
 */
import { edgesOf, type Graph } from '../graph.ts';

export const standardCapacities: readonly number[] = [800, 200, 200, 50, 12, 4, 2, 1];

export interface FlowRule {
  /** Capacity by distance from the seed; nodes further away have the last one. */
  readonly capacities: readonly number[];
  /** Least weight of an edge that carries flow. */
  readonly leastWeight: number;
}

/** 1 for accepted nodes, the seed among them. */
export function acceptedByFlow(graph: Graph, seed: number, rule: FlowRule): Uint8Array {
  const network = createNetwork(graph, seed, rule);
  network.accepted[seed] = 1;
  while (augment(network)) {
    // Each step accepts one more node.
  }
  return network.accepted;
}

interface Network {
  readonly graph: Graph;
  readonly rule: FlowRule;
  readonly seed: number;
  readonly capacity: Int32Array;
  /** What flows through a node, beside its own unit. */
  readonly through: Int32Array;
  /** By outgoing edge. */
  readonly flow: Int32Array;
  readonly incoming: Incoming;
  readonly accepted: Uint8Array;
  /** Where a state was entered from: states are 2·node (in) and 2·node + 1 (out); −1 unvisited. */
  readonly cameFrom: Int32Array;
  readonly queue: Int32Array;
}

/** The numbers of the outgoing edges that end at a node. */
interface Incoming {
  readonly offsets: Int32Array;
  readonly edges: Int32Array;
  readonly sources: Int32Array;
}

function createNetwork(graph: Graph, seed: number, rule: FlowRule): Network {
  const { nodeCount, edgeCount } = graph;
  return {
    graph,
    rule,
    seed,
    capacity: capacities(graph, seed, rule),
    through: new Int32Array(nodeCount),
    flow: new Int32Array(edgeCount),
    incoming: incomingEdges(graph),
    accepted: new Uint8Array(nodeCount),
    cameFrom: new Int32Array(2 * nodeCount),
    queue: new Int32Array(2 * nodeCount),
  };
}

function capacities(graph: Graph, seed: number, rule: FlowRule): Int32Array {
  const { nodeCount, out } = graph;
  const level = new Int32Array(nodeCount).fill(-1);
  const queue = new Int32Array(nodeCount);
  level[seed] = 0;
  queue[0] = seed;
  let size = 1;
  for (let i = 0; i < size; i++) {
    const node = queue[i] as number;
    for (let edge = out.offsets[node] as number; edge < (out.offsets[node + 1] as number); edge++) {
      const target = out.nodes[edge] as number;
      if (level[target] !== -1 || (out.weights[edge] as number) < rule.leastWeight) continue;
      level[target] = (level[node] as number) + 1;
      queue[size++] = target;
    }
  }
  const last = rule.capacities.length - 1;
  return level.map((hops) => (hops < 0 ? 0 : (rule.capacities[Math.min(hops, last)] ?? 0)));
}

function incomingEdges(graph: Graph): Incoming {
  const { sources, targets } = edgesOf(graph);
  const offsets = graph.into.offsets;
  const next = offsets.slice();
  const edges = new Int32Array(graph.edgeCount);
  targets.forEach((target, edge) => {
    edges[next[target] as number] = edge;
    next[target] = (next[target] as number) + 1;
  });
  return { offsets, edges, sources };
}

/** One unit more, along a shortest path of the residual network. */
function augment(network: Network): boolean {
  const { seed, cameFrom, queue, accepted, through, capacity } = network;
  if ((through[seed] as number) >= (capacity[seed] as number) - 1) return false;
  cameFrom.fill(-1);
  const start = 2 * seed + 1;
  cameFrom[start] = start;
  queue[0] = start;
  let size = 1;
  const enter = (state: number, from: number) => {
    if (cameFrom[state] !== -1) return;
    cameFrom[state] = from;
    queue[size++] = state;
  };
  for (let i = 0; i < size; i++) {
    const state = queue[i] as number;
    const node = state >> 1;
    if (state & 1) leaveOut(network, node, enter);
    else if (!accepted[node]) return accept(network, node);
    else leaveIn(network, node, enter);
  }
  return false;
}

type Enter = (state: number, from: number) => void;

function leaveOut({ graph, rule, through, seed }: Network, node: number, enter: Enter): void {
  const { offsets, nodes, weights } = graph.out;
  const end = offsets[node + 1] as number;
  for (let edge = offsets[node] as number; edge < end; edge++)
    if ((weights[edge] as number) >= rule.leastWeight)
      enter(2 * (nodes[edge] as number), 2 * node + 1);
  if (node !== seed && (through[node] as number) > 0) enter(2 * node, 2 * node + 1);
}

function leaveIn(network: Network, node: number, enter: Enter): void {
  const { capacity, through, flow, incoming } = network;
  if ((through[node] as number) < (capacity[node] as number) - 1) enter(2 * node + 1, 2 * node);
  const end = incoming.offsets[node + 1] as number;
  for (let at = incoming.offsets[node] as number; at < end; at++) {
    const edge = incoming.edges[at] as number;
    if ((flow[edge] as number) > 0) enter(2 * (incoming.sources[edge] as number) + 1, 2 * node);
  }
}

/** Walks back to the seed and books the unit. */
function accept(network: Network, node: number): true {
  const { cameFrom, accepted, seed, through } = network;
  accepted[node] = 1;
  through[seed] = (through[seed] as number) + 1;
  let state = 2 * node;
  while (cameFrom[state] !== state) {
    const before = cameFrom[state] as number;
    bookStep(network, before, state);
    state = before;
  }
  return true;
}

function bookStep({ graph, incoming, flow, through }: Network, from: number, to: number): void {
  const [a, b] = [from >> 1, to >> 1];
  if (a === b) {
    through[a] = (through[a] as number) + (to & 1 ? 1 : -1);
    return;
  }
  const isForward = (from & 1) === 1;
  const [source, target] = isForward ? [a, b] : [b, a];
  const end = incoming.offsets[target + 1] as number;
  for (let at = incoming.offsets[target] as number; at < end; at++) {
    const edge = incoming.edges[at] as number;
    if (incoming.sources[edge] !== source || graph.out.nodes[edge] !== target) continue;
    flow[edge] = (flow[edge] as number) + (isForward ? 1 : -1);
    return;
  }
}
