/** Strongly connected components by Tarjan's algorithm, without recursion; and triangles. */
import { edgesOf, type Graph } from './graph.ts';

/** The number of the component of each node. */
export function strongComponents({ nodeCount, out }: Graph): Int32Array {
  const walk = {
    index: new Int32Array(nodeCount).fill(-1),
    low: new Int32Array(nodeCount),
    component: new Int32Array(nodeCount).fill(-1),
    cursor: out.offsets.slice(0, nodeCount),
    path: new Int32Array(nodeCount),
    open: new Int32Array(nodeCount),
  };
  let counter = 0;
  let openCount = 0;
  let components = 0;
  const enter = (node: number) => {
    walk.index[node] = walk.low[node] = counter++;
    walk.open[openCount++] = node;
  };
  const close = (node: number) => {
    let member = -1;
    while (member !== node) {
      member = walk.open[--openCount] as number;
      walk.component[member] = components;
    }
    components += 1;
  };
  for (let root = 0; root < nodeCount; root++) {
    if (walk.index[root] !== -1) continue;
    let depth = 0;
    walk.path[0] = root;
    enter(root);
    while (depth >= 0) {
      const node = walk.path[depth] as number;
      const child = nextChild(node);
      if (child >= 0) {
        enter(child);
        walk.path[++depth] = child;
        continue;
      }
      if (walk.low[node] === walk.index[node]) close(node);
      depth -= 1;
      if (depth >= 0) lower(walk.path[depth] as number, walk.low[node] as number);
    }
  }
  return walk.component;

  /** The next unvisited neighbour; open ones on the way lower the node. */
  function nextChild(node: number): number {
    while ((walk.cursor[node] as number) < (out.offsets[node + 1] as number)) {
      const edge = walk.cursor[node] as number;
      walk.cursor[node] = edge + 1;
      const target = out.nodes[edge] as number;
      if (walk.index[target] === -1) return target;
      if (walk.component[target] === -1) lower(node, walk.index[target] as number);
    }
    return -1;
  }

  function lower(node: number, to: number): void {
    if (to < (walk.low[node] as number)) walk.low[node] = to;
  }
}

/** The number of the component with most nodes (the first of equals), and how many it has. */
export function largestOf(component: Int32Array): {
  readonly number: number;
  readonly size: number;
} {
  const sizes = new Int32Array(component.length);
  for (const number of component) sizes[number] = (sizes[number] as number) + 1;
  const size = sizes.reduce((most, each) => Math.max(most, each), 0);
  return { number: sizes.indexOf(size), size };
}

/** Nodes and inner edges of the largest strongly connected component. */
export function largestComponent(graph: Graph): { readonly nodes: number; readonly edges: number } {
  const component = strongComponents(graph);
  const { number: largest, size } = largestOf(component);
  const { sources, targets } = edgesOf(graph);
  let edges = 0;
  for (let edge = 0; edge < sources.length; edge++) {
    const isInside =
      component[sources[edge] as number] === largest &&
      component[targets[edge] as number] === largest;
    if (isInside) edges += 1;
  }
  return { nodes: size, edges };
}

/** Triples of nodes that are joined pairwise, in whichever direction. */
export function countTriangles(graph: Graph): number {
  const higher = higherNeighbours(graph);
  const marked = new Int32Array(graph.nodeCount).fill(-1);
  let triangles = 0;
  higher.forEach((neighbours, node) => {
    for (const neighbour of neighbours) marked[neighbour] = node;
    for (const neighbour of neighbours)
      for (const third of higher[neighbour] ?? []) if (marked[third] === node) triangles += 1;
  });
  return triangles;
}

/** Each undirected edge once, from the end of lower degree: lists stay short on hubs. */
function higherNeighbours({ nodeCount, out, into }: Graph): readonly (readonly number[])[] {
  const around = (node: number) =>
    new Set([
      ...out.nodes.subarray(out.offsets[node], out.offsets[node + 1]),
      ...into.nodes.subarray(into.offsets[node], into.offsets[node + 1]),
    ]);
  const all = Array.from({ length: nodeCount }, (_, node) => around(node));
  const degree = (node: number) => all[node]?.size ?? 0;
  const isHigher = (other: number, node: number) =>
    degree(other) > degree(node) || (degree(other) === degree(node) && other > node);
  return all.map((neighbours, node) => [...neighbours].filter((other) => isHigher(other, node)));
}
