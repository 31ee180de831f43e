/**
 * MoleTrust (Massa and Avesani 2007): nodes by their distance from the source up to a horizon; the trust
 * of a node is the mean of what the nodes one step nearer say of it, weighted by their own trust, of
 * which only those at or above a threshold are heard.
 */
import type { Graph } from '../graph.ts';
import { literalRule } from '../rule.ts';
import { createSearch } from '../search.ts';
import { settled } from './settled.ts';

export interface MoleTrustRule {
  readonly horizon: number;
  /** 0.6 in the paper. */
  readonly leastTrust: number;
}

/** −1 where nobody who is heard says anything. */
export function moleTrust(graph: Graph, source: number, rule: MoleTrustRule): Float64Array {
  const search = createSearch(graph, { ...literalRule, hops: rule.horizon });
  search.run(source);
  const trust = new Float64Array(graph.nodeCount).fill(-1);
  trust[source] = 1;
  const { offsets, nodes, weights } = graph.into;
  for (const node of search.reached.subarray(1, search.reachedCount)) {
    let [sum, heard] = [0, 0];
    for (let edge = offsets[node] as number; edge < (offsets[node + 1] as number); edge++) {
      const truster = nodes[edge] as number;
      const own = trust[truster] as number;
      const isNearer = search.hops[truster] === (search.hops[node] as number) - 1;
      if (!isNearer || own < rule.leastTrust) continue;
      sum += own * (weights[edge] as number);
      heard += own;
    }
    if (heard > 0) trust[node] = settled(sum / heard);
  }
  return trust;
}
