/** Who reaches whom at one, two, … hops: pairs by distance. */
import { type Answer, count, grouped, number, percent, type Table } from '../answer.ts';
import { BATCH, createHopCounter, type HopCounts, meanHops } from '../hop-counts.ts';
import { type Inquiry, type Question, slice, sourcesOf, sumLists, unitsOf } from '../question.ts';

export const reach: Question<readonly number[]> = {
  name: 'reach',
  unit: 'batches of 256 sources',
  units: (inquiry) => unitsOf(sourcesOf(inquiry).length, BATCH),
  prepare(inquiry) {
    const sources = sourcesOf(inquiry);
    const counter = createHopCounter(inquiry.graph, mostHops(inquiry));
    return (unit) => {
      const counts: HopCounts = { byHops: [] };
      counter(slice(sources, unit, BATCH), counts);
      return counts.byHops;
    };
  },
  answer: (inquiry, parts) => reachAnswer(inquiry, sumLists(parts)),
};

/** Without a bound the answer goes on to the diameter. */
const mostHops = ({ options, rule }: Inquiry) =>
  options.bounded === true ? rule.hops : Number.POSITIVE_INFINITY;

function reachAnswer({ graph }: Inquiry, byHops: readonly number[]): Answer {
  const sources = byHops[0] ?? 0;
  const possible = sources * (graph.nodeCount - 1);
  let reached = 0;
  const rows = byHops.slice(1).map((pairs, index) => {
    reached += pairs;
    return [index + 1, pairs, reached, reached / possible];
  });
  const table: Table = {
    name: 'reach',
    title: 'Ordered pairs by the hops at which the first reaches the second',
    columns: [count('hops'), count('pairs'), count('pairs_within'), number('share_within')],
    rows,
  };
  return {
    lines: [
      `${grouped(reached)} of ${grouped(possible)} ordered pairs are connected (${percent(reached / possible)}), ` +
        `at most ${rows.length} hops apart, ${meanHops(byHops).toFixed(6)} on average.`,
    ],
    tables: [table],
    plots: [
      {
        name: 'reach',
        title: 'Pairs by distance',
        kind: 'bars',
        x: 'hops',
        y: 'ordered pairs',
        series: [{ name: 'pairs', points: byHops.slice(1).map((pairs, hop) => [hop + 1, pairs]) }],
      },
    ],
  };
}
