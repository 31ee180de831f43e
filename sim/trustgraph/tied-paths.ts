/** The paths between two nodes that a rule has to choose from, with their exact scores, best first. */
import { compareExact, type Exact, exactScore } from './exact.ts';
import type { Search } from './field.ts';
import type { Graph } from './graph.ts';
import type { Rule } from './rule.ts';

export interface ScoredPath {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
  readonly exact: Exact;
}

/** Hubs have thousands of tied paths; all are counted, so many are looked at. */
export const MOST_PATHS = 20_000;

/**
 * All shortest paths, best first (T-PATH-04: score, then labels by code unit). `search` has run from
 * the first node.
 */
export function shortestPaths(graph: Graph, search: Search, target: number, rule: Rule) {
  const found: ScoredPath[] = [];
  const { into } = graph;
  // Backwards from the target; `tail` begins with the node at hand.
  const walk = (tail: readonly number[], weights: readonly number[]): void => {
    const [node = 0] = tail;
    const hops = search.hops[node] as number;
    if (hops === 0) found.push({ nodes: tail, weights, exact: exactScore(weights, rule) });
    const end = into.offsets[node + 1] as number;
    for (let edge = into.offsets[node] as number; hops > 0 && edge < end; edge++) {
      const truster = into.nodes[edge] as number;
      if (found.length >= MOST_PATHS) return;
      if (search.hops[truster] !== hops - 1) continue;
      walk([truster, ...tail], [into.weights[edge] as number, ...weights]);
    }
  };
  walk([target], []);
  return found.sort((a, b) => compareExact(b.exact, a.exact) || compareLabels(graph, a, b));
}

function compareLabels({ labels }: Graph, a: ScoredPath, b: ScoredPath): number {
  const at = a.nodes.findIndex((node, index) => node !== b.nodes[index]);
  return (labels[a.nodes[at] ?? -1] ?? '') < (labels[b.nodes[at] ?? -1] ?? '') ? -1 : 1;
}

/** The path that a search within hops took: back along edges that give each score. */
export function pathTaken(
  graph: Graph,
  rule: Rule,
  source: number,
  target: number,
): ScoredPath | null {
  let layers: Map<number, ScoredPath> = new Map([
    [source, { nodes: [source], weights: [], exact: exactScore([], rule) }],
  ]);
  let best: ScoredPath | null = null;
  for (let hop = 1; hop <= rule.hops; hop++) {
    layers = nextLayer(graph, rule, layers);
    const here = layers.get(target);
    if (here && (!best || compareExact(here.exact, best.exact) > 0)) best = here;
  }
  return best;
}

/** The best walk to each node with one edge more. */
function nextLayer(graph: Graph, rule: Rule, layer: ReadonlyMap<number, ScoredPath>) {
  const next = new Map<number, ScoredPath>();
  const { offsets, nodes, weights } = graph.out;
  for (const [node, path] of layer) {
    const end = offsets[node + 1] as number;
    for (let edge = offsets[node] as number; edge < end; edge++) {
      const target = nodes[edge] as number;
      if (path.nodes.includes(target)) continue;
      const along = [...path.weights, weights[edge] as number];
      const offered = {
        nodes: [...path.nodes, target],
        weights: along,
        exact: exactScore(along, rule),
      };
      const held = next.get(target);
      const order = held ? compareExact(offered.exact, held.exact) : 1;
      if (order > 0 || (order === 0 && held && compareLabels(graph, offered, held) < 0))
        next.set(target, offered);
    }
  }
  return next;
}
