/**
 * The web of trust of Sequoia PGP: an edge has an amount of 1 … 120, a path is worth its least amount,
 * paths have at most so many hops, and several paths add up as far as they do not use the same amount
 * twice. Paths are taken greedily: the one that is worth most, then the shortest, until the target is
 * authenticated or no path is left. No path takes back what another one uses: with a limit of hops that
 * could make a path too long. Sequoia itself looks back from the target and may take another path first.
 */
import { UNREACHED } from '../field.ts';
import type { Graph } from '../graph.ts';
import { literalRule } from '../rule.ts';
import { createSearch } from '../search.ts';

/** Fully authenticated. */
export const FULL_AMOUNT = 120;

export interface SequoiaRule {
  readonly mostHops: number;
  /** When to stop adding paths. */
  readonly wanted: number;
}

export const amountOf = (weight: number) => Math.round(weight * FULL_AMOUNT);

/** Amounts by target. */
export function sequoiaAmounts(graph: Graph, source: number, rule: SequoiaRule): Float64Array {
  const search = createSearch(graph, { ...literalRule, hops: rule.mostHops });
  search.run(source);
  const amounts = new Float64Array(graph.nodeCount);
  const network: Network = {
    graph,
    hops: search.hops.slice(),
    used: new Map(),
    amounts: Float64Array.from(graph.into.weights, amountOf),
  };
  for (const target of search.reached.subarray(1, search.reachedCount))
    amounts[target] = amountTo(network, source, target, rule);
  amounts[source] = rule.wanted;
  return amounts;
}

interface Network {
  readonly graph: Graph;
  /** From the source: what is too far away cannot be the beginning of a path. */
  readonly hops: Uint8Array;
  /** By incoming edge. */
  readonly amounts: Float64Array;
  /** Of the target at hand, by incoming edge. */
  readonly used: Map<number, number>;
}

function amountTo(network: Network, source: number, target: number, rule: SequoiaRule): number {
  network.used.clear();
  let total = 0;
  while (total < rule.wanted) {
    const path = bestPath(network, source, target, rule.mostHops);
    if (!path) break;
    total += path.amount;
    for (let step: Step | null = path; step?.edge !== undefined; step = step.towards)
      network.used.set(step.edge, (network.used.get(step.edge) ?? 0) + path.amount);
  }
  return total;
}

/** A walk to the target, from its first node; chained by its edges. */
interface Step {
  readonly amount: number;
  readonly edge?: number;
  readonly towards: Step | null;
}

/**
 * Back from the target, a hop a round: the walk of exactly so many hops that is worth most. A walk with
 * a loop is never worth more than the shorter one without, which is found first.
 */
function bestPath(network: Network, source: number, target: number, mostHops: number) {
  let layer = new Map<number, Step>([
    [target, { amount: Number.POSITIVE_INFINITY, towards: null }],
  ]);
  let best: Step | null = null;
  for (let hop = 1; hop <= mostHops && layer.size > 0; hop++) {
    layer = widen(network, layer, mostHops - hop, target);
    const found = layer.get(source);
    if (found && found.amount > (best?.amount ?? 0)) best = found;
    layer.delete(source);
  }
  return best;
}

function widen(
  { graph, hops, amounts, used }: Network,
  layer: ReadonlyMap<number, Step>,
  hopsLeft: number,
  target: number,
): Map<number, Step> {
  const { offsets, nodes } = graph.into;
  const next = new Map<number, Step>();
  for (const [node, towards] of layer) {
    const end = offsets[node + 1] as number;
    for (let edge = offsets[node] as number; edge < end; edge++) {
      const before = nodes[edge] as number;
      const distance = hops[before] as number;
      if (distance === UNREACHED || distance > hopsLeft || before === target) continue;
      const left = (amounts[edge] as number) - (used.get(edge) ?? 0);
      const amount = Math.min(towards.amount, left);
      if (amount > (next.get(before)?.amount ?? 0)) next.set(before, { amount, edge, towards });
    }
  }
  return next;
}
