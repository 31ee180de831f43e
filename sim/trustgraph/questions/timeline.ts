/** How a graph with dates grew: the state after so many of its events, at even steps of the events. */
import { type Answer, count, number, type Table, text } from '../answer.ts';
import { pairsAtLeast, pairsReached, takeCensus } from '../census.ts';
import { largestComponent } from '../components.ts';
import { GraphFault } from '../fault.ts';
import { type BuildOptions, buildGraph, labelsOf } from '../graph.ts';
import { type Inquiry, type Question, sourcesOf } from '../question.ts';
import { type Rows, selectRows } from '../rows.ts';
import { verifiedBand } from '../rule.ts';

/** Time, events, nodes, edges, nodes of the largest component, pairs reached, verified, possible. */
type Part = readonly number[];

export const timeline: Question<Part> = {
  name: 'timeline',
  unit: 'moments',
  units: ({ options }) => options.steps as number,
  prepare(inquiry) {
    const { rows, build } = historyOf(inquiry);
    const order = byTime(rows);
    const steps = inquiry.options.steps as number;
    return (unit) => {
      const events = Math.ceil((order.length * (unit + 1)) / steps);
      const moment = momentOf(inquiry, selectRows(rows, order.subarray(0, events)), build);
      const { graph } = moment;
      const sources = sourcesOf(moment);
      const census = takeCensus(graph, inquiry.rule, sources);
      return [
        rows.times?.[order[events - 1] ?? 0] ?? 0,
        events,
        graph.nodeCount,
        graph.edgeCount,
        largestComponent(graph).nodes,
        pairsReached(census),
        pairsAtLeast(census, verifiedBand),
        sources.length * Math.max(0, graph.nodeCount - 1),
      ];
    };
  },
  answer: (_inquiry, parts) => timelineAnswer(parts),
  /** Sources by moment: each has nodes of its own. */
  drawn(inquiry) {
    const { rows, build } = historyOf(inquiry);
    const order = byTime(rows);
    const steps = inquiry.options.steps as number;
    return Array.from({ length: steps }, (_, unit) => {
      const events = Math.ceil((order.length * (unit + 1)) / steps);
      const moment = momentOf(inquiry, selectRows(rows, order.subarray(0, events)), build);
      return labelsOf(moment.graph, sourcesOf(moment));
    });
  },
};

const momentOf = (inquiry: Inquiry, rows: Rows, build: BuildOptions): Inquiry => ({
  ...inquiry,
  graph: buildGraph(rows, build).graph,
});

function historyOf({ history }: Inquiry) {
  if (!history?.rows.times) throw new GraphFault('the file has no times: a timeline needs them');
  return history;
}

/** Rows in the order of their times; of equals in the order of the file. */
function byTime({ count: rowCount, times }: Rows): Int32Array {
  const at = (row: number) => times?.[row] ?? 0;
  return Int32Array.from({ length: rowCount }, (_, row) => row).sort(
    (a, b) => at(a) - at(b) || a - b,
  );
}

function timelineAnswer(parts: readonly (Part | undefined)[]): Answer {
  const rows = parts.flatMap((part) => {
    if (!part) return [];
    const [
      time = 0,
      events = 0,
      nodes = 0,
      edges = 0,
      component = 0,
      reached = 0,
      verified = 0,
      possible = 0,
    ] = part;
    const share = (value: number, of: number) => (of === 0 ? 0 : value / of);
    return [
      [
        dateText(time),
        events,
        nodes,
        edges,
        share(component, nodes),
        share(reached, possible),
        share(verified, possible),
      ],
    ];
  });
  const table: Table = {
    name: 'timeline',
    title: 'The graph after so many events',
    columns: [
      text('until'),
      count('events'),
      count('nodes'),
      count('edges'),
      number('largest_component'),
      number('reached'),
      number('verified_or_better'),
    ],
    rows,
  };
  const points = (at: number) => rows.map((row) => [Number(row[1]), Number(row[at])] as const);
  const plot = {
    name: 'timeline',
    title: 'Shares over the history',
    kind: 'lines',
    x: 'events',
    y: 'share',
    series: [
      { name: 'nodes in the largest component', points: points(4) },
      { name: 'ordered pairs reached', points: points(5) },
      { name: 'ordered pairs verified or better', points: points(6) },
    ],
  } as const;
  return { lines: [], tables: [table], plots: [plot] };
}

/** Seconds since 1970 as a date; other numbers, such as block heights, as they are. */
const dateText = (time: number) =>
  time > 1e8 && time < 1e11 ? new Date(time * 1000).toISOString().slice(0, 10) : String(time);
