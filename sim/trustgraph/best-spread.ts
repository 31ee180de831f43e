/**
 * Breadth first, with the best product of ties. All-pairs runs spend their time here, so an edge costs
 * one look at its end: at what an offer must exceed there. That is nothing where nobody has been,
 * the best offer of this level, and infinity where an earlier level or a block has decided.
 */
import { type Field, UNREACHED } from './field.ts';

/** Below every score: a product of small weights may be zero. */
const OPEN = -1;
const CLOSED = Number.POSITIVE_INFINITY;

interface Front {
  /** What an offer must exceed, by node. */
  readonly bounds: Float64Array;
  /** Scores of the level at hand, for pulling; −∞ of all others. */
  readonly scores: Float64Array;
  /** Edges into nodes that are not reached yet. */
  edgesLeft: number;
}

export function createBestSpread(field: Field): (blocked: readonly number[]) => void {
  const { graph, rule } = field;
  const front: Front = {
    bounds: new Float64Array(graph.nodeCount).fill(OPEN),
    scores: new Float64Array(graph.nodeCount).fill(Number.NEGATIVE_INFINITY),
    edgesLeft: 0,
  };
  return (blocked) => {
    for (const node of blocked) front.bounds[node] = CLOSED;
    front.edgesLeft = graph.edgeCount;
    settle(field, front, 0, 0);
    firstHop(field, front);
    settle(field, front, 1, 1);
    let from = 1;
    for (let level = 1; level < rule.hops && from < field.reachedCount; level++) {
      const until = field.reachedCount;
      if (isWide(field, front, from, until)) pull(field, front, from, until);
      else push(field, front, from, until);
      settle(field, front, until, level + 1);
      from = until;
    }
    reopen(field, front, blocked);
  };
}

/** From `from` on, nodes were reached at this level: no later offer changes them. */
function settle(
  { graph, hops, scores, reached, reachedCount }: Field,
  front: Front,
  from: number,
  level: number,
) {
  const { offsets } = graph.into;
  const { bounds } = front;
  for (let i = from; i < reachedCount; i++) {
    const node = reached[i] as number;
    if (level > 0) scores[node] = bounds[node] as number;
    hops[node] = level;
    bounds[node] = CLOSED;
    front.edgesLeft -= (offsets[node + 1] as number) - (offsets[node] as number);
  }
}

/** Edges are simple, so the first hop has no ties. */
function firstHop(field: Field, { bounds }: Front): void {
  const { graph, reached, gains, withoutEdgeTo } = field;
  const { offsets, nodes } = graph.out;
  const source = reached[0] as number;
  const end = offsets[source + 1] as number;
  for (let edge = offsets[source] as number; edge < end; edge++) {
    const node = nodes[edge] as number;
    if (bounds[node] !== OPEN || node === withoutEdgeTo) continue;
    bounds[node] = gains.first[edge] as number;
    reached[field.reachedCount++] = node;
  }
}

/** From the side of the nodes just reached. */
function push(field: Field, { bounds }: Front, from: number, until: number): void {
  const { scores, reached } = field;
  const { offsets, nodes } = field.graph.out;
  const { later } = field.gains;
  let count = field.reachedCount;
  for (let i = from; i < until; i++) {
    const node = reached[i] as number;
    const score = scores[node] as number;
    const end = offsets[node + 1] as number;
    for (let edge = offsets[node] as number; edge < end; edge++) {
      const target = nodes[edge] as number;
      const offered = score * (later[edge] as number);
      const bound = bounds[target] as number;
      if (offered <= bound) continue;
      if (bound === OPEN) reached[count++] = target;
      bounds[target] = offered;
    }
  }
  field.reachedCount = count;
}

/** From the side of nodes not yet reached: cheaper once most of them are. */
function pull(field: Field, front: Front, from: number, until: number): void {
  const { graph, hops, reached } = field;
  const { offsets, nodes } = graph.into;
  const { laterInto } = field.gains;
  const { bounds, scores } = front;
  for (let i = from; i < until; i++)
    scores[reached[i] as number] = field.scores[reached[i] as number] as number;
  let count = until;
  for (let node = 0; node < graph.nodeCount; node++) {
    if (hops[node] !== UNREACHED) continue;
    let best = OPEN;
    const end = offsets[node + 1] as number;
    for (let edge = offsets[node] as number; edge < end; edge++) {
      const offered = (scores[nodes[edge] as number] as number) * (laterInto[edge] as number);
      if (offered > best) best = offered;
    }
    if (best === OPEN) continue;
    bounds[node] = best;
    reached[count++] = node;
  }
  for (let i = from; i < until; i++) scores[reached[i] as number] = Number.NEGATIVE_INFINITY;
  field.reachedCount = count;
}

/** Pulling looks at every node too. */
function isWide({ graph, reached }: Field, { edgesLeft }: Front, from: number, until: number) {
  const { offsets } = graph.out;
  const pulled = edgesLeft + graph.nodeCount / 2;
  let pushed = 0;
  for (let i = from; i < until; i++) {
    const node = reached[i] as number;
    pushed += (offsets[node + 1] as number) - (offsets[node] as number);
  }
  return pushed > pulled;
}

/** For the next run. */
function reopen(
  { reached, reachedCount }: Field,
  { bounds }: Front,
  blocked: readonly number[],
): void {
  if (reachedCount * 4 > bounds.length) bounds.fill(OPEN);
  else for (let i = 0; i < reachedCount; i++) bounds[reached[i] as number] = OPEN;
  for (const node of blocked) bounds[node] = OPEN;
}
