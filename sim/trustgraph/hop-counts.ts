/**
 * How many ordered pairs are first reached at each hop, by breadth-first searches from 256 sources at
 * once: a node holds one bit a source, in eight words.
 */
import { populationCount } from './bits.ts';
import type { Adjacency, Graph } from './graph.ts';

const WORDS = 8;
export const BATCH = 32 * WORDS;

export interface HopCounts {
  /** Pairs by distance; index 0 counts each source itself. As long as the greatest distance needs. */
  readonly byHops: number[];
}

/** From all nodes, one thread. */
export function countHops(graph: Graph, mostHops = Number.POSITIVE_INFINITY): HopCounts {
  const counts: HopCounts = { byHops: [] };
  const count = createHopCounter(graph, mostHops);
  const sources = Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  for (let from = 0; from < sources.length; from += BATCH)
    count(sources.subarray(from, from + BATCH), counts);
  return counts;
}

/** Counts from at most 256 sources at once. */
export function createHopCounter(graph: Graph, mostHops: number) {
  const words = graph.nodeCount * WORDS;
  const seen = new Int32Array(words);
  let front = new Int32Array(words);
  let next = new Int32Array(words);
  return (sources: Int32Array, { byHops }: HopCounts) => {
    seen.fill(0);
    front.fill(0);
    sources.forEach((source, index) => {
      const word = source * WORDS + (index >>> 5);
      seen[word] = (seen[word] as number) | (1 << (index & 31));
      front[word] = (front[word] as number) | (1 << (index & 31));
    });
    addTo(byHops, 0, sources.length);
    for (let hop = 1; hop <= mostHops; hop++) {
      next.fill(0);
      spread(graph.out, front, next);
      const fresh = keepFresh(seen, next);
      if (fresh === 0) return;
      addTo(byHops, hop, fresh);
      [front, next] = [next, front];
    }
  };
}

function addTo(counts: number[], index: number, amount: number): void {
  counts[index] = (counts[index] ?? 0) + amount;
}

function spread({ offsets, nodes }: Adjacency, front: Int32Array, next: Int32Array): void {
  const nodeCount = offsets.length - 1;
  for (let node = 0; node < nodeCount; node++) {
    const at = node * WORDS;
    const [a, b, c, d] = [front[at], front[at + 1], front[at + 2], front[at + 3]] as Four;
    const [e, f, g, h] = [front[at + 4], front[at + 5], front[at + 6], front[at + 7]] as Four;
    if ((a | b | c | d | e | f | g | h) === 0) continue;
    const end = offsets[node + 1] as number;
    for (let edge = offsets[node] as number; edge < end; edge++) {
      const to = (nodes[edge] as number) * WORDS;
      next[to] = (next[to] as number) | a;
      next[to + 1] = (next[to + 1] as number) | b;
      next[to + 2] = (next[to + 2] as number) | c;
      next[to + 3] = (next[to + 3] as number) | d;
      next[to + 4] = (next[to + 4] as number) | e;
      next[to + 5] = (next[to + 5] as number) | f;
      next[to + 6] = (next[to + 6] as number) | g;
      next[to + 7] = (next[to + 7] as number) | h;
    }
  }
}

type Four = [number, number, number, number];

/** Takes what was seen before out of `next`, and counts what is left. */
function keepFresh(seen: Int32Array, next: Int32Array): number {
  let fresh = 0;
  for (let word = 0; word < next.length; word++) {
    const offered = next[word] as number;
    if (offered === 0) continue;
    const bits = offered & ~(seen[word] as number);
    next[word] = bits;
    if (bits === 0) continue;
    seen[word] = (seen[word] as number) | bits;
    fresh += populationCount(bits);
  }
  return fresh;
}

/** Mean distance of the pairs that are connected. */
export function meanHops(byHops: readonly number[]): number {
  const pairs = byHops.slice(1).reduce((sum, count) => sum + count, 0);
  const steps = byHops.reduce((sum, count, hop) => sum + count * hop, 0);
  return pairs === 0 ? Number.NaN : steps / pairs;
}
