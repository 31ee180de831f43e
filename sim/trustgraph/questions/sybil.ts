/**
 * What an attacker gains: honest servers, k of which he deceived into trusting him, and sybils whom he
 * alone trusts. Under a rule of paths every sybil has the same score, so their number is free; under a
 * flow it is bounded by the capacity of the deceived.
 */
import { type Answer, count, number, type Table, text } from '../answer.ts';
import { edgesOf, fromEdges, type Graph, labelsOf } from '../graph.ts';
import { acceptedByFlow, standardCapacities } from '../metrics/advogato-flow.ts';
import { type Inquiry, purposes, type Question, sample } from '../question.ts';
import { bandOf, type Rule, verifiedBand } from '../rule.ts';
import { createSearch } from '../search.ts';

/** Sybils that the mean honest server takes for verified, by rule. */
type Part = readonly number[];

const pathRules: readonly { readonly name: string; readonly change: Partial<Rule> }[] = [
  { name: 'rule asked for', change: {} },
  { name: 'best score within the hops', change: { path: 'within-hops' } },
  { name: 'strongest weakest edge', change: { strength: 'minimum' } },
];

const ruleNames = [...pathRules.map(({ name }) => name), 'Advogato flow'];

/** A flow costs as much as many searches. */
const SOURCES_BY_FLOW = 20;

export const sybil: Question<Part> = {
  name: 'sybil',
  unit: 'attacks',
  units: ({ options }) => (options.edges as readonly number[]).length * (options.trials as number),
  prepare: (inquiry) => (unit) => {
    const { sybils, attackWeight } = attackOf(inquiry);
    const { deceived, observers } = peopleOf(inquiry, unit);
    const attacked = withAttack(inquiry.graph, deceived, { sybils, attackWeight });
    return [
      ...pathRules.map(({ change }) =>
        gainByPaths(attacked, observers, { ...inquiry.rule, ...change }, sybils),
      ),
      gainByFlow(attacked, observers.subarray(0, SOURCES_BY_FLOW), inquiry.rule, sybils),
    ];
  },
  answer: sybilAnswer,
  drawn(inquiry) {
    const { edges, trials } = attackOf(inquiry);
    return Array.from({ length: edges.length * trials }, (_, unit) => {
      const { deceived, observers } = peopleOf(inquiry, unit);
      return {
        deceived: labelsOf(inquiry.graph, deceived),
        observers: labelsOf(inquiry.graph, observers),
      };
    });
  },
};

/** Who is deceived and who is asked, in one attack. */
function peopleOf(inquiry: Inquiry, unit: number) {
  const { edges, trials } = attackOf(inquiry);
  const attackEdges = edges[Math.floor(unit / trials)] ?? 0;
  const everybody = Int32Array.from({ length: inquiry.graph.nodeCount }, (_, node) => node);
  const drawn = sample(everybody, attackEdges + (inquiry.options.observers as number), {
    seed: inquiry.seed,
    entity: unit,
    purpose: purposes.attack,
  });
  return { deceived: drawn.subarray(0, attackEdges), observers: drawn.subarray(attackEdges) };
}

function attackOf({ options }: Inquiry) {
  return {
    edges: options.edges as readonly number[],
    trials: options.trials as number,
    sybils: options.sybils as number,
    attackWeight: options.attackWeight as number,
  };
}

export interface Attack {
  readonly sybils: number;
  /** Weight of the edges from the deceived to the attacker. */
  readonly attackWeight: number;
}

/** The attacker is node n, his sybils n + 1, …; he trusts each of them fully. */
export function withAttack(graph: Graph, deceived: Int32Array, attack: Attack): Graph {
  const { sources, targets, weights } = edgesOf(graph);
  const attacker = graph.nodeCount;
  const sybils = Array.from({ length: attack.sybils }, (_, index) => attacker + 1 + index);
  const names = ['attacker', ...sybils.map((_, index) => `sybil-${index + 1}`)];
  return fromEdges([...graph.labels.slice(0, attacker), ...padding(graph), ...names], {
    sources: Int32Array.from([...sources, ...deceived, ...sybils.map(() => attacker)]),
    targets: Int32Array.from([...targets, ...Array.from(deceived, () => attacker), ...sybils]),
    weights: Float64Array.from([
      ...weights,
      ...Array.from(deceived, () => attack.attackWeight),
      ...sybils.map(() => 1),
    ]),
  });
}

/** Workers know no labels. */
const padding = ({ labels, nodeCount }: Graph) =>
  Array.from({ length: nodeCount - labels.length }, () => '');

function gainByPaths(graph: Graph, observers: Int32Array, rule: Rule, sybils: number): number {
  const search = createSearch(graph, rule);
  const oneSybil = graph.nodeCount - 1;
  let deceivedObservers = 0;
  for (const observer of observers) {
    search.run(observer);
    const isReached = (search.hops[oneSybil] as number) <= rule.hops;
    if (isReached && bandOf(search.scores[oneSybil] as number, rule.thresholds) >= verifiedBand)
      deceivedObservers += 1;
  }
  return (sybils * deceivedObservers) / observers.length;
}

function gainByFlow(graph: Graph, observers: Int32Array, rule: Rule, sybils: number): number {
  const leastWeight = rule.thresholds[verifiedBand - 1] ?? 1;
  let accepted = 0;
  for (const observer of observers) {
    const flows = acceptedByFlow(graph, observer, { capacities: standardCapacities, leastWeight });
    for (const each of flows.subarray(graph.nodeCount - sybils)) accepted += each;
  }
  return accepted / observers.length;
}

function sybilAnswer(inquiry: Inquiry, parts: readonly (Part | undefined)[]): Answer {
  const { edges, trials, sybils } = attackOf(inquiry);
  const rows = ruleNames.flatMap((name, at) =>
    edges.map((attackEdges, index) => {
      const gains = parts
        .slice(index * trials, (index + 1) * trials)
        .flatMap((part) => (part ? [part[at] ?? 0] : []));
      return [name, attackEdges, gains.length, ...intervalOf(gains)];
    }),
  );
  const table: Table = {
    name: 'sybil',
    title: `Sybils of ${sybils} that the mean honest server takes for verified (95 % interval, cut at zero)`,
    columns: [
      text('rule'),
      count('attack_edges'),
      count('trials'),
      number('sybils_accepted'),
      number('low'),
      number('high'),
    ],
    rows,
  };
  const plot = {
    name: 'sybil',
    title: `Sybils taken for verified, of ${sybils}`,
    kind: 'lines',
    x: 'attack edges',
    y: 'sybils accepted',
    series: ruleNames.map((name) => ({
      name,
      points: rows
        .filter((row) => row[0] === name)
        .map((row) => [Number(row[1]), Number(row[3])] as const),
      band: rows
        .filter((row) => row[0] === name)
        .map((row) => [Number(row[1]), Number(row[4]), Number(row[5])] as const),
    })),
  } as const;
  return { lines: [], tables: [table], plots: [plot] };
}

function intervalOf(values: readonly number[]): readonly number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const error =
    values.length < 2 ? 0 : 1.96 * Math.sqrt(squares / (values.length - 1) / values.length);
  return [mean, Math.max(0, mean - error), mean + error];
}
