/** Brandes's algorithm (2001) on the directed graph without weights; sources in ascending order. */
import type { Graph } from '../graph.ts';

export function betweenness({ nodeCount, out }: Graph): Float64Array {
  const total = new Float64Array(nodeCount);
  const distance = new Int32Array(nodeCount);
  const paths = new Float64Array(nodeCount);
  const dependency = new Float64Array(nodeCount);
  const order = new Int32Array(nodeCount);
  for (let source = 0; source < nodeCount; source++) {
    const size = countPaths(source);
    for (let i = size - 1; i > 0; i--) {
      const node = order[i] as number;
      total[node] = (total[node] as number) + gather(node);
    }
    gather(source);
  }
  return total;

  function countPaths(source: number): number {
    distance.fill(-1);
    paths.fill(0);
    dependency.fill(0);
    distance[source] = 0;
    paths[source] = 1;
    order[0] = source;
    let size = 1;
    for (let i = 0; i < size; i++) {
      const node = order[i] as number;
      const next = (distance[node] as number) + 1;
      for (
        let edge = out.offsets[node] as number;
        edge < (out.offsets[node + 1] as number);
        edge++
      ) {
        const target = out.nodes[edge] as number;
        if (distance[target] === -1) {
          distance[target] = next;
          order[size++] = target;
        }
        if (distance[target] === next)
          paths[target] = (paths[target] as number) + (paths[node] as number);
      }
    }
    return size;
  }

  /** The dependency of the source on a node, from its children, which are already done. */
  function gather(node: number): number {
    let sum = 0;
    const next = (distance[node] as number) + 1;
    for (let edge = out.offsets[node] as number; edge < (out.offsets[node + 1] as number); edge++) {
      const target = out.nodes[edge] as number;
      if (distance[target] !== next) continue;
      const share = (paths[node] as number) / (paths[target] as number);
      sum += share * (1 + (dependency[target] as number));
    }
    dependency[node] = sum;
    return sum;
  }
}
