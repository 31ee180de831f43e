/**
 * Which reading of the documents matters on this graph: for each other reading, how many pairs change
 * their level against the literal one; and how often ties exist at all.
 */
import { type Answer, count, grouped, number, percent, text } from '../answer.ts';
import type { Search } from '../field.ts';
import type { Graph } from '../graph.ts';
import { type Inquiry, type Question, slice, sourcesOf, sumLists, unitsOf } from '../question.ts';
import { bandOf, classifiedBand, literalRule, type Rule, verifiedBand } from '../rule.ts';
import { createSearch } from '../search.ts';
import { SOURCES_OF_UNIT } from './score.ts';

/** What differs from the literal rule. */
export const readings: readonly { readonly name: string; readonly change: Partial<Rule> }[] = [
  { name: 'worst of tied paths', change: { tie: 'worst' } },
  { name: 'first path found', change: { tie: 'first' } },
  { name: 'best score within the hops', change: { path: 'within-hops' } },
  { name: 'no decay on the first hop', change: { firstHop: 'whole' } },
  { name: 'weakest edge of the same path', change: { strength: 'weakest' } },
  { name: 'strongest weakest edge', change: { strength: 'minimum' } },
];

/** A reading's counts, in the order of the table's columns. */
const COUNTS = ['verified', 'gained', 'lost', 'document_levels', 'all_levels'] as const;
/** Of the literal rule: pairs, verified pairs, pairs with several paths, with different scores. */
type Part = readonly (readonly number[])[];

export const ambiguity: Question<Part> = {
  name: 'ambiguity',
  unit: `batches of ${SOURCES_OF_UNIT} sources`,
  units: (inquiry) => unitsOf(sourcesOf(inquiry).length, SOURCES_OF_UNIT),
  prepare(inquiry) {
    const { graph } = inquiry;
    const rule = literalOf(inquiry.rule);
    const sources = sourcesOf(inquiry);
    const literal = createSearch(graph, rule);
    const others = readings.map(({ change }) => createSearch(graph, { ...rule, ...change }));
    const worst = others[0] as Search;
    return (unit) => {
      const ties = [0, 0, 0, 0];
      const flips = others.map(() => COUNTS.map(() => 0));
      for (const source of slice(sources, unit, SOURCES_OF_UNIT)) {
        literal.run(source);
        others.forEach((other, index) => {
          other.run(source);
          compareLevels(literal, other, rule, flips[index] as number[]);
        });
        countTies(graph, literal, worst, ties, rule);
      }
      return [ties, ...flips];
    };
  },
  answer: ambiguityAnswer,
};

/** Everything is compared with the documents' rule, at the asked hops, decay and thresholds. */
const literalOf = ({ decay, hops, thresholds }: Rule): Rule => ({
  ...literalRule,
  decay,
  hops,
  thresholds,
});

/** Both reach the same nodes: readings differ in scores only. */
function compareLevels(literal: Search, other: Search, rule: Rule, flips: number[]): void {
  let [verified = 0, gained = 0, lost = 0, ofDocuments = 0, any = 0] = flips;
  const { reached, reachedCount, scores } = literal;
  const otherScores = other.scores;
  for (let i = 1; i < reachedCount; i++) {
    const node = reached[i] as number;
    const scoreBefore = scores[node] as number;
    const score = otherScores[node] as number;
    const after = bandOf(score, rule.thresholds);
    const isVerified = after >= verifiedBand;
    if (isVerified) verified += 1;
    if (score === scoreBefore) continue;
    const before = bandOf(scoreBefore, rule.thresholds);
    if (after === before) continue;
    any += 1;
    if (documentBand(before) !== documentBand(after)) ofDocuments += 1;
    if (isVerified && before < verifiedBand) gained += 1;
    if (!isVerified && before >= verifiedBand) lost += 1;
  }
  flips.splice(0, flips.length, verified, gained, lost, ofDocuments, any);
}

/** The documents give thresholds for verified and classified only (T 1.3); the others are ours. */
const documentBand = (band: number) => Math.max(verifiedBand - 1, Math.min(classifiedBand, band));

function countTies(graph: Graph, best: Search, worst: Search, ties: number[], rule: Rule): void {
  const several = manyPaths(graph, best);
  let [pairs = 0, verified = 0, tied = 0, different = 0] = ties;
  const { reached, reachedCount, scores } = best;
  for (let i = 1; i < reachedCount; i++) {
    const node = reached[i] as number;
    const score = scores[node] as number;
    pairs += 1;
    if (bandOf(score, rule.thresholds) >= verifiedBand) verified += 1;
    if (several[node]) tied += 1;
    if (differs(score, worst.scores[node] as number)) different += 1;
  }
  ties.splice(0, ties.length, pairs, verified, tied, different);
}

/** Products of the same factors in another order may differ in the last bits. */
const differs = (score: number, other: number) => Math.abs(score - other) > 1e-12;

/** Nodes that several shortest paths from the source lead to. */
function manyPaths({ nodeCount, into }: Graph, { reached, reachedCount, hops }: Search) {
  const several = new Uint8Array(nodeCount);
  for (let i = 1; i < reachedCount; i++) {
    const node = reached[i] as number;
    const end = into.offsets[node + 1] as number;
    let paths = 0;
    for (let edge = into.offsets[node] as number; edge < end; edge++) {
      const truster = into.nodes[edge] as number;
      if (hops[truster] === (hops[node] as number) - 1) paths += several[truster] ? 2 : 1;
    }
    several[node] = paths > 1 ? 1 : 0;
  }
  return several;
}

function ambiguityAnswer(_inquiry: Inquiry, parts: readonly (Part | undefined)[]): Answer {
  const [pairs = 0, verified = 0, tied = 0, different = 0] = sumLists(parts.map((p) => p?.[0]));
  const rows = readings.map(({ name }, index) => {
    const counts = COUNTS.map((_, at) => sumLists(parts.map((p) => p?.[index + 1]))[at] ?? 0);
    return [name, ...counts, pairs === 0 ? 0 : (counts[3] ?? 0) / pairs];
  });
  return {
    lines: [
      `${grouped(pairs)} ordered pairs have a path, ${grouped(verified)} of them verified or better.`,
      `${percent(tied / pairs)} of the pairs have several shortest paths, ` +
        `${percent(different / pairs)} with different scores.`,
    ],
    tables: [
      {
        name: 'ambiguity',
        title: 'What each other reading changes against the rule asked for',
        columns: [
          text('reading'),
          count('verified_or_better'),
          count('verified_gained'),
          count('verified_lost'),
          count('document_levels_changed'),
          count('any_level_changed'),
          number('share_changed'),
        ],
        rows,
      },
    ],
    plots: [],
  };
}
