/**
 * Invariants that one would want of a rule of trust, tried on a graph; and the smallest counterexample
 * where one does not hold. What is found is a property of the rule, not a defect of the graph.
 */
import { limits } from '../../../spec/limits.ts';
import { type Answer, count, grouped, number, type Table, text } from '../answer.ts';
import { type Search, UNREACHED } from '../field.ts';
import { edgesOf, type Graph, withEdges } from '../graph.ts';
import { type Inquiry, type Question, slice, sourcesOf, unitsOf } from '../question.ts';
import { bandNames, bandOf, type Rule } from '../rule.ts';
import { createSearch } from '../search.ts';
import { pathTaken, type ScoredPath, shortestPaths } from '../tied-paths.ts';
import { pathDot } from '../write/path-drawing.ts';

const SOURCES_OF_UNIT = 16;

export const invariants = [
  'no score exceeds 1, and none exceeds what its hops allow',
  'a longer limit of hops loses no path',
  'the best score within the hops is never below the score',
  'no pair rises when another server is revoked',
] as const;

/**
 * Pairs tried and pairs that break each invariant, in turn; then the smallest counterexample of the
 * last one as [nodes, source, target, revoked].
 */
type Part = readonly (readonly number[])[];

export const check: Question<Part> = {
  name: 'check',
  unit: `batches of ${SOURCES_OF_UNIT} sources`,
  units: (inquiry) => unitsOf(sourcesOf(inquiry).length, SOURCES_OF_UNIT),
  prepare(inquiry) {
    const { graph, rule } = inquiry;
    const sources = sourcesOf(inquiry);
    const search = createSearch(graph, rule);
    const longer = createSearch(graph, { ...rule, hops: rule.hops + 1 });
    const within = createSearch(graph, withinHops(rule));
    const after = createSearch(graph, rule);
    return (unit) => {
      const tried = invariants.map(() => 0);
      const broken = invariants.map(() => 0);
      let smallest: readonly number[] = [];
      for (const source of slice(sources, unit, SOURCES_OF_UNIT)) {
        for (const each of [search, longer, within]) each.run(source);
        tally(tried, broken, 0, search, (node) => exceeds(search, node, rule));
        tally(tried, broken, 1, search, (node) => (longer.hops[node] as number) === UNREACHED);
        tally(tried, broken, 2, search, (node) => isAbove(search, within, node));
        for (const revoked of innerNodes(search, rule)) {
          after.run(source, [revoked]);
          tally(tried, broken, 3, search, (node) => {
            const rises =
              after.hops[node] !== UNREACHED && node !== revoked && isAbove(after, search, node);
            if (!rises) return false;
            const size = unionSize(search, after, node);
            if (smallest.length === 0 || size < (smallest[0] ?? 0))
              smallest = [size, source, node, revoked];
            return true;
          });
        }
      }
      return [tried, broken, smallest];
    };
  },
  answer: checkAnswer,
};

const withinHops = (rule: Rule): Rule => ({
  ...rule,
  path: 'within-hops',
  strength: rule.strength === 'weakest' ? 'minimum' : rule.strength,
});

function tally(
  tried: number[],
  broken: number[],
  invariant: number,
  search: Search,
  breaks: (node: number) => boolean,
): void {
  for (let i = 1; i < search.reachedCount; i++) {
    tried[invariant] = (tried[invariant] ?? 0) + 1;
    if (breaks(search.reached[i] as number)) broken[invariant] = (broken[invariant] ?? 0) + 1;
  }
}

function exceeds({ scores, hops }: Search, node: number, { decay, firstHop, strength }: Rule) {
  const decays = (hops[node] as number) - (firstHop === 'whole' ? 1 : 0);
  const most = strength === 'product' ? decay ** decays : 1;
  return (scores[node] as number) > most * (1 + 1e-12);
}

/** By more than what an order of multiplication can do. */
const isAbove = (higher: Search, lower: Search, node: number) =>
  (higher.scores[node] as number) > (lower.scores[node] as number) * (1 + 1e-12);

/** Nodes that can lie inside a path of the source; at most so many, drawn evenly from them. */
const MOST_REVOKED = 40;

function innerNodes({ reached, reachedCount, hops }: Search, rule: Rule): readonly number[] {
  const inner = [...reached.subarray(1, reachedCount)].filter(
    (node) => (hops[node] as number) < rule.hops,
  );
  const step = Math.max(1, Math.floor(inner.length / MOST_REVOKED));
  return inner.filter((_, index) => index % step === 0).slice(0, MOST_REVOKED);
}

/** At most: both ends, and what lies between on either path. */
const unionSize = (before: Search, after: Search, node: number) =>
  2 + ((before.hops[node] as number) - 1) + ((after.hops[node] as number) - 1);

function checkAnswer(inquiry: Inquiry, parts: readonly (Part | undefined)[]): Answer {
  const sum = (list: number, at: number) =>
    parts.reduce((total, part) => total + (part?.[list]?.[at] ?? 0), 0);
  const rows = invariants.map((name, at) => [
    name,
    sum(0, at),
    sum(1, at),
    sum(1, at) === 0 ? 'holds' : 'BROKEN',
  ]);
  const table: Table = {
    name: 'check',
    title: 'Invariants of the rule on this graph',
    columns: [text('invariant'), count('tried'), count('broken'), text('verdict')],
    rows,
  };
  const found = parts
    .flatMap((part) => (part?.[2]?.length ? [part[2]] : []))
    .reduce<readonly number[]>(
      (least, each) => (least.length === 0 || (each[0] ?? 0) < (least[0] ?? 0) ? each : least),
      [],
    );
  if (found.length === 0)
    return { lines: ['No counterexample was found.'], tables: [table], plots: [] };
  const example = counterexample(inquiry, found);
  return {
    lines: [
      `${grouped(sum(1, 3))} of ${grouped(sum(0, 3))} pairs rise when a third server is revoked. The smallest example:`,
      ...example.lines,
    ],
    tables: [table, example.table],
    plots: [],
    files: { 'counterexample.dot': pathDot(inquiry.graph, example.paths) },
  };
}

/** The two paths alone, as a graph of their own, on which the same thing is seen again. */
function counterexample({ graph, rule }: Inquiry, found: readonly number[]) {
  const [, source = 0, target = 0, revoked = 0] = found;
  const search = createSearch(graph, rule);
  search.run(source);
  const before = chosenThrough(graph, search, rule, source, target, revoked);
  search.run(source, [revoked]);
  const after = chosenThrough(graph, search, rule, source, target, -1);
  const paths = [before, after].filter((path) => path !== null);
  const alone = onlyPaths(graph, paths);
  const own = createSearch(alone, rule);
  const label = (node: number) => graph.labels[node] ?? '';
  const told = (blocked: readonly number[]) => {
    own.run(source, blocked);
    const score = own.scores[target] as number;
    // Levels are decided on the unrounded score; what people see is rounded.
    return `${score.toFixed(limits.pathScoreDigits)} (${bandNames[bandOf(score, rule.thresholds)]})`;
  };
  const nodes = new Set(paths.flatMap((path) => path.nodes)).size;
  return {
    paths,
    lines: [
      `  ${nodes} nodes: ${label(source)} scores ${label(target)} ${told([])};`,
      `  after ${label(revoked)} is revoked: ${told([revoked])}.`,
    ],
    table: {
      name: 'counterexample',
      title: 'Its edges',
      columns: [text('source'), text('target'), number('weight')],
      rows: paths.flatMap(({ nodes: on, weights }) =>
        weights.map((weight, hop) => [label(on[hop] ?? -1), label(on[hop + 1] ?? -1), weight]),
      ),
    } satisfies Table,
  };
}

function chosenThrough(
  graph: Graph,
  search: Search,
  rule: Rule,
  source: number,
  target: number,
  through: number,
): ScoredPath | null {
  if (rule.path !== 'shortest') return pathTaken(graph, rule, source, target);
  const paths = shortestPaths(graph, search, target, rule);
  return paths.find(({ nodes }) => through < 0 || nodes.includes(through)) ?? null;
}

/** Numbers and labels stay; only the edges of the paths are there. */
function onlyPaths(graph: Graph, paths: readonly ScoredPath[]): Graph {
  const { sources, targets } = edgesOf(graph);
  const isOn = (from: number, to: number) =>
    paths.some(({ nodes }) => nodes.some((node, hop) => node === from && nodes[hop + 1] === to));
  return withEdges(graph, (edge) => isOn(sources[edge] as number, targets[edge] as number));
}
