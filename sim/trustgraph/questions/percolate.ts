/**
 * What is left of trust when nodes are removed: at random (with confidence bands over trials), by
 * degree, by betweenness; the orders are of the whole graph and are not recomputed on the way.
 */
import { type Answer, count, number, type Series, type Table, text } from '../answer.ts';
import { pairsAtLeast, pairsReached, takeCensus } from '../census.ts';
import { labelsOf, withoutNodes } from '../graph.ts';
import { betweenness } from '../metrics/betweenness.ts';
import { type Inquiry, purposes, type Question, sample } from '../question.ts';
import { classifiedBand, verifiedBand } from '../rule.ts';
import { highestDegrees } from './revoke.ts';

const strategies = ['random', 'degree', 'betweenness'] as const;
type Strategy = (typeof strategies)[number];

interface Step {
  readonly strategy: Strategy;
  readonly percent: number;
  readonly trial: number;
}

/** Pairs left: reached, verified or better, classified or better. */
type Part = readonly number[];

export const percolate: Question<Part> = {
  name: 'percolate',
  unit: 'removals',
  units: (inquiry) => stepsOf(inquiry).length,
  prepare(inquiry) {
    const { graph, rule } = inquiry;
    const steps = stepsOf(inquiry);
    const orders = new Map<Strategy, Int32Array>();
    return (unit) => {
      const step = steps[unit] as Step;
      const removed = new Uint8Array(graph.nodeCount);
      for (const node of removedIn(inquiry, step, orders)) removed[node] = 1;
      const census = takeCensus(withoutNodes(graph, removed), rule);
      return [
        pairsReached(census),
        pairsAtLeast(census, verifiedBand),
        pairsAtLeast(census, classifiedBand),
      ];
    };
  },
  answer: percolateAnswer,
  drawn(inquiry) {
    const orders = new Map<Strategy, Int32Array>();
    return stepsOf(inquiry)
      .slice(1)
      .map((step) => ({
        by: step.strategy,
        percent: step.percent,
        removed: labelsOf(inquiry.graph, removedIn(inquiry, step, orders)),
      }));
  },
};

/** The first step removes nothing: everything else is a share of it. */
function stepsOf({ options }: Inquiry): readonly Step[] {
  const percents = options.percents as readonly number[];
  const trials = options.trials as number;
  const chosen = strategies.filter((each) => (options.by as readonly string[]).includes(each));
  const steps = chosen.flatMap((strategy) =>
    percents.flatMap((percent) =>
      Array.from({ length: strategy === 'random' ? trials : 1 }, (_, trial) => ({
        strategy,
        percent,
        trial,
      })),
    ),
  );
  return [{ strategy: 'degree', percent: 0, trial: 0 }, ...steps];
}

function removedIn(
  { graph, seed }: Inquiry,
  { strategy, percent, trial }: Step,
  orders: Map<Strategy, Int32Array>,
): Int32Array {
  const wanted = Math.round((graph.nodeCount * percent) / 100);
  const all = Int32Array.from({ length: graph.nodeCount }, (_, node) => node);
  if (strategy === 'random')
    return sample(all, wanted, { seed, entity: trial, purpose: purposes.removal });
  const known = orders.get(strategy);
  if (known) return known.subarray(0, wanted);
  const order =
    strategy === 'degree'
      ? Int32Array.from(highestDegrees(graph, graph.nodeCount))
      : all.sort(byDescending(betweenness(graph)));
  orders.set(strategy, order);
  return order.subarray(0, wanted);
}

const byDescending = (values: Float64Array) => (a: number, b: number) =>
  (values[b] as number) - (values[a] as number) || a - b;

const measures = ['reach', 'verified or better', 'classified or better'] as const;

function percolateAnswer(inquiry: Inquiry, parts: readonly (Part | undefined)[]): Answer {
  const whole = parts[0] ?? [];
  const steps = stepsOf(inquiry);
  const groups = new Map<string, { step: Step; shares: (readonly number[])[] }>();
  steps.forEach((step, unit) => {
    const part = parts[unit];
    if (!part || unit === 0) return;
    const name = `${step.strategy} ${step.percent}`;
    const group = groups.get(name) ?? { step, shares: [] };
    group.shares.push(part.map((pairs, at) => pairs / (whole[at] || 1)));
    groups.set(name, group);
  });
  const rows = [...groups.values()].map(({ step, shares }) => [
    step.strategy,
    step.percent,
    shares.length,
    ...measures.flatMap((_, at) => spreadOf(shares.map((each) => each[at] ?? 0))),
  ]);
  const table: Table = {
    name: 'percolate',
    title: 'Share of ordered pairs that is left; low and high are the 95 % interval of the mean',
    columns: [
      text('removed_by'),
      number('percent_removed'),
      count('trials'),
      ...['reach', 'verified', 'classified'].flatMap((name) => [
        number(name),
        number(`${name}_low`),
        number(`${name}_high`),
      ]),
    ],
    rows,
  };
  return {
    lines: [
      `Without removal ${measures.map((name, at) => `${whole[at] ?? 0} pairs ${name}`).join(', ')}.`,
    ],
    tables: [table],
    plots: measures.map((measure, at) => ({
      name: `percolate-${measure.split(' ')[0]}`,
      title: `Share left of pairs: ${measure}`,
      kind: 'lines',
      x: 'percent of nodes removed',
      y: 'share left',
      series: strategies.flatMap((strategy) => seriesOf(rows, strategy, 3 + 3 * at)),
    })),
  };
}

function seriesOf(
  rows: readonly (readonly (string | number)[])[],
  strategy: string,
  at: number,
): readonly Series[] {
  const own = rows.filter(([name]) => name === strategy);
  if (own.length === 0) return [];
  const points = own.map((row) => [Number(row[1]), Number(row[at])] as const);
  const band = own.map((row) => [row[1], row[at + 1], row[at + 2]].map(Number));
  return [
    {
      name: strategy,
      points: [[0, 1], ...points],
      band: [[0, 1, 1], ...(band as unknown as [number, number, number][])],
    },
  ];
}

/** Mean, and its interval of ±1.96 standard errors; of one value, the value. */
function spreadOf(values: readonly number[]): readonly [number, number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return [mean, mean, mean];
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error = 1.96 * Math.sqrt(squares / (values.length - 1) / values.length);
  return [mean, mean - error, mean + error];
}
