/** Scores and levels of pairs: how they are distributed, or those of one node. */
import { type Answer, count, grouped, number, percent, type Table, text } from '../answer.ts';
import {
  type Census,
  createCensusTaker,
  emptyCensus,
  pairsReached,
  SCORE_BINS,
} from '../census.ts';
import { SOURCES_AT_ONCE } from '../class-census.ts';
import { inDegreeOrder } from '../degree-order.ts';
import { type Graph, nodeNamed } from '../graph.ts';
import { type Inquiry, type Question, slice, sourcesOf, sumLists, unitsOf } from '../question.ts';
import { bandNames, bandOf } from '../rule.ts';
import { createSearch } from '../search.ts';

/** Small enough that ctrl-C is felt, large enough that messages cost nothing. */
export const SOURCES_OF_UNIT = SOURCES_AT_ONCE;

export const score: Question<readonly (readonly number[])[]> = {
  name: 'score',
  unit: `batches of ${SOURCES_OF_UNIT} sources`,
  units: (inquiry) => unitsOf(sourcesOf(inquiry).length, SOURCES_OF_UNIT),
  prepare(inquiry) {
    const { graph, sources } = fastest(inquiry);
    const take = createCensusTaker(graph, inquiry.rule);
    return (unit) => {
      const census = emptyCensus(inquiry.rule);
      take(slice(sources, unit, SOURCES_OF_UNIT), census);
      return [[...census.byHops], [...census.byBand], [...census.byScore]];
    };
  },
  answer: (_inquiry, parts) =>
    distribution({
      byHops: Float64Array.from(sumLists(parts.map((part) => part?.[0]))),
      byBand: Float64Array.from(sumLists(parts.map((part) => part?.[1]))),
      byScore: Float64Array.from(sumLists(parts.map((part) => part?.[2]))),
    }),
};

/** Counts do not depend on how nodes are numbered, except where the first path found decides. */
function fastest(inquiry: Inquiry): { readonly graph: Graph; readonly sources: Int32Array } {
  const sources = sourcesOf(inquiry);
  if (inquiry.rule.tie === 'first') return { graph: inquiry.graph, sources };
  const { graph, numbers } = inDegreeOrder(inquiry.graph);
  return { graph, sources: sources.map((source) => numbers[source] as number) };
}

function distribution(census: Census): Answer {
  const pairs = pairsReached(census);
  const share = (value: number) => (pairs === 0 ? 0 : value / pairs);
  const bands: Table = {
    name: 'levels',
    title: 'Ordered pairs by level',
    columns: [text('level'), count('pairs'), number('share'), count('pairs_at_least')],
    rows: bandNames.map((level, band) => {
      const here = census.byBand[band] ?? 0;
      return [level, here, share(here), census.byBand.subarray(band).reduce((a, b) => a + b, 0)];
    }),
  };
  const scores: Table = {
    name: 'scores',
    title: 'Ordered pairs by score, in hundredths',
    columns: [number('score_from'), number('score_below'), count('pairs')],
    hiddenAtZero: 'pairs',
    rows: [...census.byScore].map((here, bin) => [bin / SCORE_BINS, (bin + 1) / SCORE_BINS, here]),
  };
  const histogram = [...census.byScore].map(
    (here, bin) => [(bin + 0.5) / SCORE_BINS, here] as const,
  );
  return {
    lines: [
      `${grouped(pairs)} ordered pairs have a path; ` +
        bandNames
          .map((level, band) => `${percent(share(census.byBand[band] ?? 0))} ${level}`)
          .join(', ') +
        '.',
    ],
    tables: [bands, scores],
    plots: [
      {
        name: 'scores',
        title: 'Pairs by score',
        kind: 'bars',
        x: 'score',
        y: 'ordered pairs',
        series: [{ name: 'pairs', points: histogram }],
      },
    ],
  };
}

/** Everybody whom one node reaches, best first. */
export function scoresFrom({ graph, rule }: Inquiry, label: string): Answer {
  const search = createSearch(graph, rule);
  search.run(nodeNamed(graph, label));
  const rows = [...search.reached.subarray(1, search.reachedCount)]
    .map((node) => ({ node, score: search.scores[node] ?? 0, hops: search.hops[node] ?? 0 }))
    .sort((a, b) => b.score - a.score || a.hops - b.hops || compareLabels(graph, a.node, b.node))
    .map((each) => [
      graph.labels[each.node] ?? '',
      each.hops,
      each.score,
      bandNames[bandOf(each.score, rule.thresholds)] ?? '',
    ]);
  return {
    lines: [`${label} reaches ${grouped(rows.length)} of ${grouped(graph.nodeCount - 1)} others.`],
    tables: [
      {
        name: 'scores-from',
        title: `Scores that ${label} computes`,
        columns: [text('target'), count('hops'), number('score'), text('level')],
        rows,
      },
    ],
    plots: [],
  };
}

/** By code unit: the same everywhere, whatever the locale. */
const compareLabels = ({ labels }: Graph, a: number, b: number) =>
  (labels[a] ?? '') < (labels[b] ?? '') ? -1 : 1;
