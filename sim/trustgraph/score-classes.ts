/**
 * Where weights are few, so are the scores that a path of so many hops can have: with the weights 0.6,
 * 0.8 and 1 eleven at three hops. Then a score is a number in a short list, and what one hop makes of
 * it a table.
 */
import { extended } from './field.ts';
import type { Graph } from './graph.ts';
import type { Rule } from './rule.ts';

export interface ScoreClasses {
  /** Class of an edge by its weight. */
  readonly classOf: ReadonlyMap<number, number>;
  /** By hops, from one on. */
  readonly levels: readonly ScoreLevel[];
}

export interface ScoreLevel {
  readonly scores: readonly number[];
  /** How the scores come from those of the level before; the one that ties prefer first. */
  readonly offers: readonly Offer[];
}

export interface Offer {
  /** Numbers of scores: before the hop, and after it. */
  readonly from: number;
  readonly to: number;
  readonly edgeClass: number;
}

const MOST_WEIGHTS = 16;
const MOST_SCORES = 64;

/** Null where they are too many, or where more than the scores of ties decides. */
export function scoreClassesOf(graph: Graph, rule: Rule): ScoreClasses | null {
  if (rule.path !== 'shortest' || rule.tie === 'first' || rule.strength === 'weakest') return null;
  const weights = distinctWeights(graph);
  if (weights === null) return null;
  const gain = (weight: number) => (rule.strength === 'minimum' ? weight : weight * rule.decay);
  const first = rule.firstHop === 'whole' ? weights : weights.map(gain);
  const levels: ScoreLevel[] = [{ scores: first, offers: [] }];
  while (levels.length < rule.hops) {
    const before = levels.at(-1)?.scores ?? [];
    if (before.length > MOST_SCORES) return null;
    levels.push(nextLevel(before, weights.map(gain), rule));
  }
  return { classOf: new Map(weights.map((weight, index) => [weight, index])), levels };
}

function distinctWeights({ out }: Graph): readonly number[] | null {
  const found = new Set<number>();
  for (const weight of out.weights) {
    found.add(weight);
    if (found.size > MOST_WEIGHTS) return null;
  }
  return [...found];
}

function nextLevel(before: readonly number[], gains: readonly number[], rule: Rule): ScoreLevel {
  const sign = rule.tie === 'worst' ? -1 : 1;
  const offered = before
    .flatMap((score, from) =>
      gains.map((gain, edgeClass) => ({
        from,
        edgeClass,
        score: extended(rule.strength, score, gain),
      })),
    )
    .sort((a, b) => (b.score - a.score) * sign);
  const scores = [...new Set(offered.map(({ score }) => score))];
  const numbers = new Map(scores.map((score, number) => [score, number]));
  const offers = offered.map(({ score, from, edgeClass }) => ({
    from,
    edgeClass,
    to: numbers.get(score) ?? 0,
  }));
  return { scores, offers };
}
