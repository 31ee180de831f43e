/**
 * The search from one source: which nodes it reaches, in how many hops, at which score. The fold of a
 * path runs from the source outwards: score(next) = score(node) · (weight · decay), in binary64; the
 * first hop is weight · decay, or weight alone where the first hop does not decay. A maximum (or
 * minimum) over ties does not depend on the order in which edges are seen.
 */
import { createField, type Search } from './field.ts';
import type { Graph } from './graph.ts';
import type { Rule } from './rule.ts';
import { shortestSearch } from './shortest.ts';
import { withinHopsSearch } from './within-hops.ts';

export function createSearch(graph: Graph, rule: Rule): Search {
  const field = createField(graph, rule);
  return rule.path === 'shortest' ? shortestSearch(field) : withinHopsSearch(field);
}
