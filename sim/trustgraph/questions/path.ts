/** Why one node trusts another at a level: the path that decides, its ties, and what would change it. */

import { limits } from '../../../spec/limits.ts';
import { type Answer, type Cell, count, text } from '../answer.ts';
import { roundedText } from '../exact.ts';
import type { Search } from '../field.ts';
import { type Graph, nodeNamed } from '../graph.ts';
import type { Inquiry } from '../question.ts';
import { bandNames, bandOf, type Rule } from '../rule.ts';
import { createSearch } from '../search.ts';
import { MOST_PATHS, pathTaken, type ScoredPath, shortestPaths } from '../tied-paths.ts';
import { pathDot, pathSvg } from '../write/path-drawing.ts';

const SHOWN_TIES = 20;

export function explainPath(inquiry: Inquiry, from: string, to: string): Answer {
  const { graph, rule } = inquiry;
  const [source, target] = [nodeNamed(graph, from), nodeNamed(graph, to)];
  const search = createSearch(graph, rule);
  search.run(source);
  if ((search.hops[target] as number) > rule.hops) return noPath(inquiry, source, target);
  const paths =
    rule.path === 'shortest'
      ? shortestPaths(graph, search, target, rule)
      : [pathTaken(graph, rule, source, target)].filter((path) => path !== null);
  const chosen = chosenOf(paths, rule);
  if (!chosen) return noPath(inquiry, source, target);
  return {
    lines: [
      `${from} → ${to}: ${roundedText(chosen.exact, limits.pathScoreDigits)}, ` +
        `${levelOf(search, target, rule)}, over ${chosen.weights.length} hops.`,
      `  ${pathText(graph, chosen)}`,
      ...tieLines(paths),
    ],
    tables: [pathsTable(graph, paths), changesTable(inquiry, search, source, target, chosen)],
    plots: [],
    files: {
      'path.dot': pathDot(graph, paths.slice(0, SHOWN_TIES)),
      'path.svg': pathSvg(graph, paths.slice(0, SHOWN_TIES), chosen),
    },
  };
}

/** `paths` come best first; the reading `worst` takes the other end. */
const chosenOf = (paths: readonly ScoredPath[], { tie }: Rule) =>
  tie === 'worst' ? paths.at(-1) : paths[0];

function noPath({ graph, rule }: Inquiry, source: number, target: number): Answer {
  const unbounded = createSearch(graph, { ...rule, path: 'shortest', hops: 253 });
  unbounded.run(source);
  const hops = unbounded.hops[target] as number;
  const label = (node: number) => graph.labels[node] ?? '';
  const why =
    hops <= 253
      ? `the shortest path has ${hops} hops and ${rule.hops} are allowed`
      : 'no path leads there';
  return {
    lines: [`${label(source)} → ${label(target)}: no_trust_path, ${why}.`],
    tables: [],
    plots: [],
  };
}

const levelOf = ({ scores }: Search, node: number, rule: Rule) =>
  bandNames[bandOf(scores[node] as number, rule.thresholds)] ?? '';

function pathText({ labels }: Graph, { nodes, weights }: ScoredPath): string {
  const steps = weights.map((weight, hop) => `—${weight}→ ${labels[nodes[hop + 1] ?? -1] ?? ''}`);
  return [labels[nodes[0] ?? -1] ?? '', ...steps].join(' ');
}

function tieLines(paths: readonly ScoredPath[]): readonly string[] {
  const [best] = paths;
  const worst = paths.at(-1);
  if (paths.length < 2 || !best || !worst) return [];
  const many = paths.length >= MOST_PATHS ? `at least ${MOST_PATHS}` : String(paths.length);
  return [
    `${many} paths are equally short; they are worth ${roundedText(worst.exact, limits.pathScoreDigits)} … ` +
      `${roundedText(best.exact, limits.pathScoreDigits)}.`,
  ];
}

const pathsTable = (graph: Graph, paths: readonly ScoredPath[]) => ({
  name: 'paths',
  title: 'Paths to choose from, best first',
  columns: [text('score'), count('hops'), text('path')],
  rows: paths
    .slice(0, SHOWN_TIES)
    .map((path) => [
      roundedText(path.exact, limits.pathScoreDigits),
      path.weights.length,
      pathText(graph, path),
    ]),
});

/** Each intermediate revoked alone; and the other rule on the whole graph. */
function changesTable(
  { graph, rule }: Inquiry,
  search: Search,
  source: number,
  target: number,
  chosen: ScoredPath,
) {
  const outcome = (
    what: string,
    changed: Rule,
    blocked: readonly number[],
    by = createSearch(graph, changed),
  ): readonly Cell[] => {
    by.run(source, blocked);
    const hops = by.hops[target] as number;
    if (hops > changed.hops) return [what, null, 'no_trust_path', null];
    const score = by.scores[target] as number;
    return [what, hops, levelOf(by, target, changed), score.toFixed(limits.pathScoreDigits)];
  };
  const between = chosen.nodes.slice(1, -1);
  return {
    name: 'changes',
    title: 'What would change it',
    columns: [text('change'), count('hops'), text('level'), text('score')],
    rows: [
      outcome('nothing', rule, [], search),
      ...between.map((node) =>
        outcome(`${graph.labels[node] ?? ''} revoked`, rule, [node], search),
      ),
      outcome('best score within the hops', withinHops(rule), []),
      outcome('one hop more allowed', { ...rule, hops: rule.hops + 1 }, []),
    ],
  };
}

const withinHops = (rule: Rule): Rule => ({
  ...rule,
  path: 'within-hops',
  strength: rule.strength === 'weakest' ? 'minimum' : rule.strength,
});
