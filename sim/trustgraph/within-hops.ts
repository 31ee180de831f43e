/**
 * The best score of at most so many hops: every round extends what the round before improved, from the
 * values which that round ended with, so that no path grows longer than the rounds.
 */
import { BLOCKED, extended, type Field, type Search, searchOn, UNREACHED } from './field.ts';

export function withinHopsSearch(field: Field): Search {
  const { nodeCount } = field.graph;
  const front = {
    nodes: new Int32Array(nodeCount),
    scores: new Float64Array(nodeCount),
    next: new Int32Array(nodeCount),
    /** Round in which a node was last put into `next`. */
    queuedIn: new Int32Array(nodeCount).fill(-1),
    round: 0,
  };
  return searchOn(field, () => {
    front.nodes[0] = field.reached[0] as number;
    let size = 1;
    for (let hop = 1; hop <= field.rule.hops && size > 0; hop++) {
      front.round += 1;
      for (let i = 0; i < size; i++)
        front.scores[i] = field.scores[front.nodes[i] as number] as number;
      size = extendFront(field, front, size, hop);
      front.nodes.set(front.next.subarray(0, size));
    }
  });
}

interface Front {
  readonly nodes: Int32Array;
  readonly scores: Float64Array;
  readonly next: Int32Array;
  readonly queuedIn: Int32Array;
  readonly round: number;
}

function extendFront(field: Field, front: Front, size: number, hop: number): number {
  const { hops, scores, reached } = field;
  const { strength } = field.rule;
  const { queuedIn, next, round } = front;
  const { offsets, nodes } = field.graph.out;
  const gains = hop === 1 ? field.gains.first : field.gains.later;
  const skipped = hop === 1 ? field.withoutEdgeTo : -1;
  let nextSize = 0;
  for (let i = 0; i < size; i++) {
    const node = front.nodes[i] as number;
    const score = front.scores[i] as number;
    const end = offsets[node + 1] as number;
    for (let edge = offsets[node] as number; edge < end; edge++) {
      const target = nodes[edge] as number;
      const offered = extended(strength, score, gains[edge] as number);
      if (!improves(field, target, offered, skipped)) continue;
      if (hops[target] === UNREACHED) reached[field.reachedCount++] = target;
      // `hops` of a node is the length of the path that gives its score.
      hops[target] = hop;
      scores[target] = offered;
      if (queuedIn[target] === round) continue;
      queuedIn[target] = round;
      next[nextSize++] = target;
    }
  }
  return nextSize;
}

/** The source cannot improve: its score is 1. */
function improves({ hops, scores }: Field, target: number, offered: number, skipped: number) {
  const seen = hops[target] as number;
  if (seen === UNREACHED) return target !== skipped;
  return seen !== BLOCKED && offered > (scores[target] as number);
}
