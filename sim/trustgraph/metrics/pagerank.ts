/**
 * Weighted PageRank that restarts at one node, which is EigenTrust (Kamvar et al. 2003) with that node
 * as the only one trusted beforehand: t ← (1 − a) Cᵀt + a p, C normalised by row. A node that trusts
 * nobody gives all it has back to p.
 */
import type { Graph } from '../graph.ts';

const RESTART = 0.15;
const ROUNDS = 100;
/** Sum of changes at which the vector counts as still, as in networkx: times the number of nodes. */
const STILL = 1e-9;

export function personalisedPageRank({ nodeCount, out }: Graph, seed: number): Float64Array {
  const shares = normalised(out.offsets, out.weights);
  let rank = new Float64Array(nodeCount);
  rank[seed] = 1;
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(nodeCount);
    let idle = 0;
    for (let node = 0; node < nodeCount; node++) {
      const held = rank[node] as number;
      const [from, end] = [out.offsets[node] as number, out.offsets[node + 1] as number];
      if (from === end) idle += held;
      for (let edge = from; edge < end; edge++) {
        const target = out.nodes[edge] as number;
        next[target] = (next[target] as number) + (1 - RESTART) * held * (shares[edge] as number);
      }
    }
    next[seed] = (next[seed] as number) + RESTART + (1 - RESTART) * idle;
    const change = next.reduce((sum, value, node) => sum + Math.abs(value - (rank[node] ?? 0)), 0);
    rank = next;
    if (change < STILL) break;
  }
  return rank;
}

function normalised(offsets: Int32Array, weights: Float64Array): Float64Array {
  const shares = weights.slice();
  for (let node = 0; node + 1 < offsets.length; node++) {
    const own = shares.subarray(offsets[node], offsets[node + 1]);
    const sum = own.reduce((total, weight) => total + weight, 0);
    own.forEach((weight, at) => {
      own[at] = weight / sum;
    });
  }
  return shares;
}
