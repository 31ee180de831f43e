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
    // Each phase accepts those who are nearest.
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
  /** From the seed, by state: 2·node (in) and 2·node + 1 (out); −1 unvisited. */
  readonly distance: Int32Array;
  /** The arc at which a state goes on. */
  readonly cursor: Int32Array;
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
    distance: new Int32Array(2 * nodeCount),
    cursor: new Int32Array(2 * nodeCount),
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

/**
 * One phase of Dinic's algorithm (1970): units along shortest paths of the residual network until none
 * of that length is left.
 */
function augment(network: Network): boolean {
  const last = labelDistances(network);
  if (last < 0 || isSpent(network)) return false;
  startCursors(network);
  const { seed, distance, accepted } = network;
  const path = [2 * seed + 1];
  while (path.length > 0) {
    const state = path.at(-1) as number;
    const isEnd = distance[state] === last && (state & 1) === 0 && !accepted[state >> 1];
    if (isEnd) {
      accept(network, path);
      if (isSpent(network)) return false;
      path.length = 1;
      continue;
    }
    const following = distance[state] === last ? -1 : advance(network, state);
    if (following >= 0) path.push(following);
    else {
      // A dead end stays one for the rest of the phase.
      distance[state] = -1;
      path.pop();
    }
  }
  return true;
}

const isSpent = ({ through, capacity, seed }: Network) =>
  (through[seed] as number) >= (capacity[seed] as number) - 1;

/** Breadth first; returns the distance of the nearest nodes that are not accepted, or −1. */
function labelDistances(network: Network): number {
  const { seed, distance, queue, accepted } = network;
  distance.fill(-1);
  distance[2 * seed + 1] = 0;
  queue[0] = 2 * seed + 1;
  let size = 1;
  let last = -1;
  for (let i = 0; i < size; i++) {
    const state = queue[i] as number;
    if (last >= 0 && (distance[state] as number) >= last) break;
    forEachArc(network, state, (following) => {
      if (distance[following] !== -1) return;
      distance[following] = (distance[state] as number) + 1;
      queue[size++] = following;
      const isEnd = (following & 1) === 0 && !accepted[following >> 1];
      if (isEnd && last < 0) last = distance[following] as number;
    });
  }
  return last;
}

/** The arcs of a state, by number: first … last of its own and one beside them. */
function startCursors({ graph, incoming, cursor }: Network): void {
  for (let node = 0; node < graph.nodeCount; node++) {
    cursor[2 * node] = (incoming.offsets[node] as number) - 1;
    cursor[2 * node + 1] = graph.out.offsets[node] as number;
  }
}

const endOfArcs = ({ graph, incoming }: Network, state: number) =>
  state & 1
    ? (graph.out.offsets[(state >> 1) + 1] as number) + 1
    : (incoming.offsets[(state >> 1) + 1] as number);

/** The state that an arc leads to, or −1 where nothing more can flow. */
function residual(network: Network, state: number, arc: number): number {
  const { graph, rule, incoming, through, capacity, flow, seed } = network;
  const node = state >> 1;
  if (state & 1) {
    if (arc === graph.out.offsets[node + 1])
      return node !== seed && (through[node] as number) > 0 ? 2 * node : -1;
    const carries = (graph.out.weights[arc] as number) >= rule.leastWeight;
    return carries ? 2 * (graph.out.nodes[arc] as number) : -1;
  }
  if (arc < (incoming.offsets[node] as number))
    return (through[node] as number) < (capacity[node] as number) - 1 ? 2 * node + 1 : -1;
  const edge = incoming.edges[arc] as number;
  return (flow[edge] as number) > 0 ? 2 * (incoming.sources[edge] as number) + 1 : -1;
}

function forEachArc(network: Network, state: number, take: (following: number) => void): void {
  const { graph, incoming } = network;
  const first =
    state & 1
      ? (graph.out.offsets[state >> 1] as number)
      : (incoming.offsets[state >> 1] as number) - 1;
  const end = endOfArcs(network, state);
  for (let arc = first; arc < end; arc++) {
    const following = residual(network, state, arc);
    if (following >= 0) take(following);
  }
}

/** One step further from the seed, or −1; arcs that lead nowhere are not looked at again. */
function advance(network: Network, state: number): number {
  const { cursor, distance } = network;
  const wanted = (distance[state] as number) + 1;
  const end = endOfArcs(network, state);
  for (let arc = cursor[state] as number; arc < end; arc++) {
    cursor[state] = arc;
    const following = residual(network, state, arc);
    if (following >= 0 && distance[following] === wanted) return following;
  }
  cursor[state] = end;
  return -1;
}

/** Books a unit that goes all the way to the last state. */
function accept(network: Network, path: readonly number[]): void {
  const { accepted, seed, through } = network;
  accepted[(path.at(-1) as number) >> 1] = 1;
  through[seed] = (through[seed] as number) + 1;
  for (let step = 1; step < path.length; step++)
    bookStep(network, path[step - 1] as number, path[step] as number);
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
