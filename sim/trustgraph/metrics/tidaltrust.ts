/**
 * TidalTrust (Golbeck 2005): only shortest paths count. The strength of a path is its weakest edge, the
 * threshold of a target the greatest strength of the shortest paths to it. Back from those who rate the
 * target, each node takes the mean of what the nodes one step nearer to the target say, weighted by its
 * own rating of them; ratings below the threshold are not heard.
 */
import { type Search, UNREACHED } from '../field.ts';
import type { Graph } from '../graph.ts';
import { literalRule } from '../rule.ts';
import { createSearch } from '../search.ts';
import { settled } from './settled.ts';

/** −1 where the source reaches nobody who is heard. */
export function tidalTrust(graph: Graph, source: number, mostHops: number): Float64Array {
  const search = createSearch(graph, { ...literalRule, hops: mostHops });
  search.run(source);
  const strengths = strengthsFrom(graph, search);
  const trust = new Float64Array(graph.nodeCount).fill(-1);
  trust[source] = 1;
  const tide = createTide(graph, search);
  for (const target of search.reached.subarray(1, search.reachedCount))
    trust[target] = settled(tide(target, strengths[target] as number));
  return trust;
}

/** The greatest strength of the shortest paths to each node. */
function strengthsFrom({ nodeCount, into }: Graph, search: Search): Float64Array {
  const strengths = new Float64Array(nodeCount);
  strengths[search.reached[0] as number] = 1;
  for (const node of search.reached.subarray(1, search.reachedCount)) {
    const end = into.offsets[node + 1] as number;
    for (let edge = into.offsets[node] as number; edge < end; edge++) {
      const rater = into.nodes[edge] as number;
      if (search.hops[rater] !== (search.hops[node] as number) - 1) continue;
      const offered = Math.min(strengths[rater] as number, into.weights[edge] as number);
      if (offered > (strengths[node] as number)) strengths[node] = offered;
    }
  }
  return strengths;
}

/** From one target back to the source, over arrays that every target uses again. */
function createTide({ nodeCount, into }: Graph, { hops, reached }: Search) {
  const sums = new Float64Array(nodeCount);
  const heard = new Float64Array(nodeCount);
  const source = reached[0] as number;
  /** What a node says flows to those one hop nearer to the source who rate it. */
  const flow = (node: number, said: number, threshold: number, next: number[]) => {
    const nearer = (hops[node] as number) - 1;
    const end = into.offsets[node + 1] as number;
    for (let edge = into.offsets[node] as number; edge < end; edge++) {
      const rater = into.nodes[edge] as number;
      const rating = into.weights[edge] as number;
      if (hops[rater] === UNREACHED || hops[rater] !== nearer || rating < threshold) continue;
      if (heard[rater] === 0) next.push(rater);
      sums[rater] = (sums[rater] as number) + rating * said;
      heard[rater] = (heard[rater] as number) + rating;
    }
  };
  const take = (node: number) => {
    const said = (sums[node] as number) / (heard[node] as number);
    sums[node] = 0;
    heard[node] = 0;
    return said;
  };
  return (target: number, threshold: number): number => {
    let front = ratersOf(into, hops, target);
    for (let level = (hops[target] as number) - 1; level > 0; level--) {
      const next: number[] = [];
      for (const { node, said } of front) flow(node, said, threshold, next);
      front = next.map((node) => ({ node, said: take(node) }));
    }
    return front.find(({ node }) => node === source)?.said ?? -1;
  };
}

/** Those one step before the target: each says its own rating, whatever that is. */
function ratersOf({ offsets, nodes, weights }: Graph['into'], hops: Uint8Array, target: number) {
  const raters: { readonly node: number; readonly said: number }[] = [];
  const end = offsets[target + 1] as number;
  for (let edge = offsets[target] as number; edge < end; edge++) {
    const node = nodes[edge] as number;
    if (hops[node] === (hops[target] as number) - 1)
      raters.push({ node, said: weights[edge] as number });
  }
  return raters;
}
