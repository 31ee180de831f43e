/**
 * Pervasive trust (Richters and Peixoto 2011): the mean of what all who rate the target say, weighted by
 * how far the source trusts each of them over its strongest path that does not pass the target:
 *
 *   t(u, v) = Σ s(u, w)² · c(w, v) / Σ s(u, w)    over all w that rate v
 *
 * A weight is squared above: w's rating counts as far as w is trusted, and is lowered by it.
 */
import type { Graph } from '../graph.ts';
import { createStrongestPaths, type StrongestPaths } from '../strongest-paths.ts';
import { settled } from './settled.ts';

/** 0 where nobody whom the source reaches rates the node; 1 of itself. */
export function pervasiveTrust(graph: Graph, source: number): Float64Array {
  const paths = createStrongestPaths(graph, 1);
  const whole = paths.run(source).slice();
  const passed = passedNodes(paths, graph.nodeCount);
  const trust = new Float64Array(graph.nodeCount);
  for (let target = 0; target < graph.nodeCount; target++) {
    if (target === source) trust[target] = 1;
    else if (whole[target] !== 0)
      // Only a node that some strongest path passes is missed by others when it is left out.
      trust[target] = meanOf(graph, target, passed[target] ? paths.run(source, target) : whole);
  }
  return trust;
}

function passedNodes({ before }: StrongestPaths, nodeCount: number): Uint8Array {
  const passed = new Uint8Array(nodeCount);
  for (const node of before) if (node >= 0) passed[node] = 1;
  return passed;
}

function meanOf({ into }: Graph, target: number, strengths: Float64Array): number {
  let [sum, weight] = [0, 0];
  const end = into.offsets[target + 1] as number;
  for (let edge = into.offsets[target] as number; edge < end; edge++) {
    const strength = strengths[into.nodes[edge] as number] as number;
    sum += strength * strength * (into.weights[edge] as number);
    weight += strength;
  }
  return weight === 0 ? 0 : settled(sum / weight);
}
