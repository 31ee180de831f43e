/** What all models draw with: one stream of the seed, weights from a list, edges without repetition. */
import { createStream, type Stream } from '../philox.ts';
import { purposes } from '../purposes.ts';
import type { Edges } from '../trustgraph/graph.ts';

export interface Draw {
  readonly stream: Stream;
  readonly edges: EdgeList;
}

export interface EdgeList {
  readonly count: number;
  /** False for a loop and for an edge that is there already. */
  add(source: number, target: number): boolean;
  has(source: number, target: number): boolean;
  /** With weights drawn from the list by a stream of their own: they do not disturb the shape. */
  finish(weights: readonly number[]): Edges;
}

export function createDraw(nodeCount: number, seed: number): Draw {
  return {
    stream: createStream({ seed, entity: 0, purpose: purposes.topology }),
    edges: createEdgeList(nodeCount, seed),
  };
}

function createEdgeList(nodeCount: number, seed: number): EdgeList {
  const sources: number[] = [];
  const targets: number[] = [];
  const known = createKeySet();
  const key = (source: number, target: number) => source * nodeCount + target;
  return {
    get count() {
      return sources.length;
    },
    has: (source, target) => known.has(key(source, target)),
    add(source, target) {
      if (source === target || !known.add(key(source, target))) return false;
      sources.push(source);
      targets.push(target);
      return true;
    },
    finish(weights) {
      const stream = createStream({ seed, entity: 1, purpose: purposes.topology });
      return {
        sources: Int32Array.from(sources),
        targets: Int32Array.from(targets),
        weights: Float64Array.from(sources, () => weights[stream.below(weights.length)] ?? 1),
      };
    },
  };
}

const EMPTY = -1;

/** Whole numbers from 0, in a table of open addresses: a `Set` of them takes many times the room. */
function createKeySet() {
  let table = new Float64Array(1024).fill(EMPTY);
  let size = 0;
  const placeOf = (key: number) => {
    const mask = table.length - 1;
    const high = Math.floor(key / 0x1_0000_0000);
    let place = (Math.imul(key | 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> 0;
    place = (place ^ (place >>> 15)) & mask;
    while (table[place] !== EMPTY && table[place] !== key) place = (place + 1) & mask;
    return place;
  };
  const grow = () => {
    const old = table;
    table = new Float64Array(old.length * 2).fill(EMPTY);
    for (const key of old) if (key !== EMPTY) table[placeOf(key)] = key;
  };
  return {
    has: (key: number) => table[placeOf(key)] === key,
    add(key: number) {
      const place = placeOf(key);
      if (table[place] === key) return false;
      table[place] = key;
      size += 1;
      if (size * 2 > table.length) grow();
      return true;
    },
  };
}

/** A probability as a threshold of 32 bits: decisions compare integers only. */
export const threshold = (probability: number) => Math.round(probability * 0x1_0000_0000);
