/**
 * The greatest product of weight · decay along any path, however long: Dijkstra's algorithm on a
 * four-ary heap of typed arrays. Each factor is at most 1, so a settled node never improves.
 */
import type { Graph } from './graph.ts';

export interface StrongestPaths {
  /**
   * Scores from the source; 0 where no path leads that leaves out `without`. The array is used again by
   * the next run.
   */
  run(source: number, without?: number): Float64Array;
  /** Of the last run: the node before each on its path; −1 for the source and what is not reached. */
  readonly before: Int32Array;
}

export function createStrongestPaths({ nodeCount, out }: Graph, decay: number): StrongestPaths {
  const gains = out.weights.map((weight) => weight * decay);
  const scores = new Float64Array(nodeCount);
  const before = new Int32Array(nodeCount);
  const heap: Heap = {
    nodes: new Int32Array(nodeCount),
    places: new Int32Array(nodeCount),
    size: 0,
    scores,
  };
  return {
    before,
    run(source, without = -1) {
      scores.fill(0);
      before.fill(-1);
      heap.places.fill(-1);
      scores[source] = 1;
      raise(heap, source);
      while (heap.size > 0) {
        const node = takeGreatest(heap);
        const score = scores[node] as number;
        const end = out.offsets[node + 1] as number;
        for (let edge = out.offsets[node] as number; edge < end; edge++) {
          const target = out.nodes[edge] as number;
          const offered = score * (gains[edge] as number);
          if (offered <= (scores[target] as number) || target === without) continue;
          scores[target] = offered;
          before[target] = node;
          raise(heap, target);
        }
      }
      return scores;
    },
  };
}

interface Heap {
  readonly nodes: Int32Array;
  /** Of a node in the heap; −1 while it has not been there. */
  readonly places: Int32Array;
  readonly scores: Float64Array;
  size: number;
}

function raise(heap: Heap, node: number): void {
  const { nodes, places, scores } = heap;
  let place = places[node] as number;
  if (place < 0) place = heap.size++;
  const score = scores[node] as number;
  while (place > 0) {
    const parentPlace = (place - 1) >> 2;
    const parent = nodes[parentPlace] as number;
    if ((scores[parent] as number) >= score) break;
    nodes[place] = parent;
    places[parent] = place;
    place = parentPlace;
  }
  nodes[place] = node;
  places[node] = place;
}

function takeGreatest(heap: Heap): number {
  const { nodes, places } = heap;
  const greatest = nodes[0] as number;
  heap.size -= 1;
  if (heap.size > 0) {
    const last = nodes[heap.size] as number;
    places[last] = sink(heap, last);
    nodes[places[last] as number] = last;
  }
  return greatest;
}

/** Moves greater children up from the top until `node` fits; returns its place. */
function sink({ nodes, places, scores, size }: Heap, node: number): number {
  const score = scores[node] as number;
  let place = 0;
  for (;;) {
    let greatest = -1;
    let greatestScore = score;
    const end = Math.min(size, place * 4 + 5);
    for (let child = place * 4 + 1; child < end; child++) {
      const childScore = scores[nodes[child] as number] as number;
      if (childScore <= greatestScore) continue;
      greatest = child;
      greatestScore = childScore;
    }
    if (greatest < 0) return place;
    const raised = nodes[greatest] as number;
    nodes[place] = raised;
    places[raised] = place;
    place = greatest;
  }
}
