/** Searches in which the fewest hops decide first: breadth first, with the scores of ties folded in. */
import { createBestSpread } from './best-spread.ts';
import { extended, type Field, type Search, searchOn, UNREACHED } from './field.ts';

export function shortestSearch(field: Field): Search {
  const { rule, reached } = field;
  if (rule.tie === 'best' && rule.strength !== 'minimum') return bestSearch(field);
  return searchOn(field, () => {
    firstHop(field, reached[0] as number);
    let from = 1;
    for (let level = 1; level < rule.hops && from < field.reachedCount; level++) {
      const until = field.reachedCount;
      push(field, from, until, level);
      from = until;
    }
  });
}

/** The best product of ties, which is the documents' rule and has the fastest loops. */
function bestSearch(field: Field): Search {
  const weakest = field.rule.strength === 'weakest' ? new Float64Array(field.scores.length) : null;
  const spread = createBestSpread(field);
  return searchOn(field, (blocked) => {
    spread(blocked);
    if (weakest) replaceByWeakest(field, weakest);
  });
}

/** Follows every path that attains the score; of several the strongest weakest edge counts. */
function replaceByWeakest(field: Field, weakest: Float64Array): void {
  const { scores, reachedCount } = field;
  const reached = field.reached.subarray(0, reachedCount);
  for (const node of reached) weakest[node] = 0;
  weakest[reached[0] as number] = 1;
  for (const node of reached) offerWeakest(field, weakest, node);
  for (const node of reached) scores[node] = weakest[node] as number;
}

function offerWeakest({ graph, gains, hops, scores }: Field, weakest: Float64Array, node: number) {
  const { offsets, nodes, weights } = graph.out;
  const along = hops[node] === 0 ? gains.first : gains.later;
  const end = offsets[node + 1] as number;
  for (let edge = offsets[node] as number; edge < end; edge++) {
    const target = nodes[edge] as number;
    const isNext = hops[target] === (hops[node] as number) + 1;
    if (!isNext || (scores[node] as number) * (along[edge] as number) !== scores[target]) continue;
    const offered = Math.min(weakest[node] as number, weights[edge] as number);
    if (offered > (weakest[target] as number)) weakest[target] = offered;
  }
}

/** Edges are simple, so the first hop has no ties. */
function firstHop(field: Field, source: number): void {
  const { graph, hops, scores, reached, gains } = field;
  const { offsets, nodes } = graph.out;
  const end = offsets[source + 1] as number;
  for (let edge = offsets[source] as number; edge < end; edge++) {
    const node = nodes[edge] as number;
    if (hops[node] !== UNREACHED || node === field.withoutEdgeTo) continue;
    hops[node] = 1;
    scores[node] = gains.first[edge] as number;
    reached[field.reachedCount++] = node;
  }
}

/** A tie is decided by the sign of a difference; the first found stays. */
const signs = { best: 1, worst: -1, first: 0 } as const;

/**
 * From the side of the nodes just reached. One loop for all readings, with flags that a processor
 * predicts, rather than functions that it must call: this is where all-pairs runs spend their time.
 */
function push(field: Field, from: number, until: number, level: number): void {
  const { hops, scores, reached, rule } = field;
  const { offsets, nodes } = field.graph.out;
  const { later } = field.gains;
  const { strength } = rule;
  const sign = signs[rule.tie];
  const next = level + 1;
  let count = field.reachedCount;
  for (let i = from; i < until; i++) {
    const node = reached[i] as number;
    const score = scores[node] as number;
    const end = offsets[node + 1] as number;
    for (let edge = offsets[node] as number; edge < end; edge++) {
      const target = nodes[edge] as number;
      const seen = hops[target] as number;
      if (seen !== UNREACHED && seen !== next) continue;
      const offered = extended(strength, score, later[edge] as number);
      if (seen === UNREACHED) {
        hops[target] = next;
        scores[target] = offered;
        reached[count++] = target;
      } else if ((offered - (scores[target] as number)) * sign > 0) scores[target] = offered;
    }
  }
  field.reachedCount = count;
}
