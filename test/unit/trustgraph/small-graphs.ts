/** Small graphs for properties, and an oracle that tries every simple path. */
import fc from 'fast-check';
import type { Answer } from '../../../sim/trustgraph/answer.ts';
import { buildGraph, type Graph } from '../../../sim/trustgraph/graph.ts';
import type { Inquiry, Json } from '../../../sim/trustgraph/question.ts';
import { type QuestionName, questionNamed } from '../../../sim/trustgraph/questions.ts';
import { createRowSink } from '../../../sim/trustgraph/rows.ts';
import { literalRule, type Rule } from '../../../sim/trustgraph/rule.ts';

export type Row = readonly [source: string, target: string, weight: number];

export function graphOf(rows: readonly Row[]): Graph {
  const sink = createRowSink();
  for (const [source, target, weight] of rows)
    sink.add(sink.node(source), sink.node(target), weight);
  return buildGraph(sink.finish()).graph;
}

/** Tenths, as trust scores have them: so the reference can count in whole numbers. */
const weight = fc.integer({ min: 1, max: 1000 }).map((tenths) => tenths / 1000);
/** From few weights ties come. */
const fewWeights = fc.constantFrom(0.6, 0.8, 1);
const node = fc.integer({ min: 0, max: 8 }).map((number) => `s${number}`);

export const rowsOfGraphs = fc.oneof(
  fc.array(fc.tuple(node, node, fewWeights), { minLength: 1, maxLength: 30 }),
  fc.array(fc.tuple(node, node, weight), { minLength: 1, maxLength: 30 }),
);

export const rules: fc.Arbitrary<Rule> = fc.record({
  path: fc.constantFrom('shortest', 'within-hops'),
  tie: fc.constantFrom('best', 'worst'),
  strength: fc.constantFrom('product', 'minimum'),
  firstHop: fc.constantFrom('decayed', 'whole'),
  decay: fc.constantFrom(0.95, 0.8, 1),
  hops: fc.integer({ min: 1, max: 5 }),
  thresholds: fc.constant(literalRule.thresholds),
});

interface Walk {
  readonly on: readonly number[];
  readonly weights: readonly number[];
}

/** Every simple path, written without the engine. */
export function walksBetween(
  graph: Graph,
  target: number,
  mostHops: number,
  walk: Walk,
): readonly Walk[] {
  const at = walk.on.at(-1) ?? 0;
  if (at === target) return [walk];
  if (walk.weights.length === mostHops) return [];
  const [from, end] = [graph.out.offsets[at] ?? 0, graph.out.offsets[at + 1] ?? 0];
  return Array.from({ length: end - from }, (_, index) => from + index)
    .map((edge) => ({
      on: [...walk.on, graph.out.nodes[edge] ?? 0],
      weights: [...walk.weights, graph.out.weights[edge] ?? 0],
    }))
    .filter(({ on }) => new Set(on).size === on.length)
    .flatMap((longer) => walksBetween(graph, target, mostHops, longer));
}

function worthOf(weights: readonly number[], rule: Rule): number {
  if (rule.strength === 'minimum') return Math.min(...weights);
  const decays = weights.length - (rule.firstHop === 'whole' ? 1 : 0);
  return weights.reduce((product, weight) => product * weight, rule.decay ** decays);
}

const pathsBetween = (graph: Graph, source: number, target: number, rule: Rule) =>
  walksBetween(graph, target, rule.hops, { on: [source], weights: [] }).map(({ weights }) => ({
    hops: weights.length,
    score: worthOf(weights, rule),
  }));

/** What the rule makes of all of them; null without a path. */
export function expectedScore(graph: Graph, source: number, target: number, rule: Rule) {
  const paths = pathsBetween(graph, source, target, rule);
  if (paths.length === 0) return null;
  if (rule.path === 'within-hops') return Math.max(...paths.map(({ score }) => score));
  const fewest = Math.min(...paths.map(({ hops }) => hops));
  const scores = paths.filter(({ hops }) => hops === fewest).map(({ score }) => score);
  return rule.tie === 'best' ? Math.max(...scores) : Math.min(...scores);
}

export function inquiryOf(
  graph: Graph,
  options: Readonly<Record<string, Json>> = {},
  rule: Rule = literalRule,
): Inquiry {
  return { graph, rule, seed: 1, options };
}

/** All units on this thread. */
export function answerTo(name: QuestionName, inquiry: Inquiry): Answer {
  const question = questionNamed(name);
  const work = question.prepare(inquiry);
  const parts = Array.from({ length: question.units(inquiry) }, (_, unit) => work(unit));
  return question.answer(inquiry, parts);
}
