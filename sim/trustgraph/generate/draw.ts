/** What all models draw with: one stream of the seed, weights from a list, edges without repetition. */
import { createStream, type Stream } from '../../philox.ts';
import type { Edges } from '../graph.ts';
import { purposes } from '../question.ts';

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
    stream: createStream({ seed, entity: 0, purpose: purposes.generate }),
    edges: createEdgeList(nodeCount, seed),
  };
}

function createEdgeList(nodeCount: number, seed: number): EdgeList {
  const sources: number[] = [];
  const targets: number[] = [];
  const known = new Set<number>();
  const key = (source: number, target: number) => source * nodeCount + target;
  return {
    get count() {
      return sources.length;
    },
    has: (source, target) => known.has(key(source, target)),
    add(source, target) {
      if (source === target || known.has(key(source, target))) return false;
      known.add(key(source, target));
      sources.push(source);
      targets.push(target);
      return true;
    },
    finish(weights) {
      const stream = createStream({ seed, entity: 1, purpose: purposes.generate });
      return {
        sources: Int32Array.from(sources),
        targets: Int32Array.from(targets),
        weights: Float64Array.from(sources, () => weights[stream.below(weights.length)] ?? 1),
      };
    },
  };
}

/** A probability as a threshold of 32 bits: decisions compare integers only. */
export const threshold = (probability: number) => Math.round(probability * 0x1_0000_0000);
