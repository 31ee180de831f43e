/**
 * Leave one out: how well the score that a graph without an edge gives its two ends predicts the weight
 * of that edge. Beside it two predictors that know nothing of paths.
 */
import { type Answer, count, number, percent, type Table, text } from '../answer.ts';
import { edgesOf, type Graph } from '../graph.ts';
import { type Question, sumLists, unitsOf } from '../question.ts';
import type { Rule } from '../rule.ts';
import { createSearch } from '../search.ts';

const EDGES_OF_UNIT = 512;

const pathMethods: readonly { readonly name: string; readonly change: Partial<Rule> }[] = [
  { name: 'rule asked for', change: {} },
  { name: 'the same without decay', change: { decay: 1 } },
  { name: 'best score within the hops', change: { path: 'within-hops' } },
  { name: 'strongest weakest edge', change: { strength: 'minimum' } },
];
const methodNames = [
  ...pathMethods.map(({ name }) => name),
  'mean of what others give the target',
  'mean of all edges',
];

/** The methods that have a correlation: all but the constant. */
const COMPARED = methodNames.length - 1;

/** Sums by method: number, p, w, p², w², p·w, (p − w)². */
type Part = readonly (readonly number[])[];

export const predict: Question<Part> = {
  name: 'predict',
  unit: `batches of ${EDGES_OF_UNIT} edges`,
  units: ({ graph }) => unitsOf(graph.edgeCount, EDGES_OF_UNIT),
  prepare({ graph, rule }) {
    const searches = pathMethods.map(({ change }) => createSearch(graph, { ...rule, ...change }));
    const { sources, targets, weights } = edgesOf(graph);
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return (unit) => {
      const sums = methodNames.map(() => [0, 0, 0, 0, 0, 0, 0]);
      const last = Math.min(graph.edgeCount, (unit + 1) * EDGES_OF_UNIT);
      for (let edge = unit * EDGES_OF_UNIT; edge < last; edge++) {
        const [source, target, weight] = [sources[edge], targets[edge], weights[edge]] as Edge;
        const note = (method: number, predicted: number) =>
          addSums(sums[method] as number[], predicted, weight);
        searches.forEach((search, method) => {
          search.run(source, [], target);
          if ((search.hops[target] as number) <= rule.hops)
            note(method, search.scores[target] as number);
        });
        const others = meanOfOthers(graph, target, weight);
        if (others !== null) note(searches.length, others);
        note(searches.length + 1, (all - weight) / (graph.edgeCount - 1));
      }
      return sums;
    };
  },
  answer: (inquiry, parts) => predictAnswer(inquiry.graph, parts),
};

type Edge = [source: number, target: number, weight: number];

function addSums(sums: number[], p: number, w: number): void {
  [1, p, w, p * p, w * w, p * w, (p - w) ** 2].forEach((value, at) => {
    sums[at] = (sums[at] ?? 0) + value;
  });
}

function meanOfOthers({ into }: Graph, target: number, weight: number): number | null {
  const from = into.offsets[target] as number;
  const end = into.offsets[target + 1] as number;
  if (end - from < 2) return null;
  const sum = into.weights.subarray(from, end).reduce((total, each) => total + each, 0);
  return (sum - weight) / (end - from - 1);
}

function predictAnswer(graph: Graph, parts: readonly (Part | undefined)[]): Answer {
  const rows = methodNames.map((name, method) => {
    const [n = 0, p = 0, w = 0, pp = 0, ww = 0, pw = 0, error = 0] = sumLists(
      parts.map((part) => part?.[method]),
    );
    const spread = Math.sqrt((n * pp - p * p) * (n * ww - w * w));
    // A constant says nothing of the differences: its correlation would be an artefact of leaving out.
    const pcc = method < COMPARED && spread > 0 ? (n * pw - p * w) / spread : null;
    return [name, n, n / graph.edgeCount, n > 0 ? Math.sqrt(error / n) : null, pcc];
  });
  const table: Table = {
    name: 'predict',
    title: 'Leave one edge out, predict its weight',
    columns: [text('method'), count('edges'), number('coverage'), number('rmse'), number('pcc')],
    rows,
  };
  const [, , coverage = 0, rmse = 0] = rows[0] ?? [];
  return {
    lines: [
      `The rule asked for predicts ${percent(Number(coverage))} of the edges, with a root mean square error of ${Number(rmse).toFixed(4)}.`,
    ],
    tables: [table],
    plots: [],
  };
}
