/**
 * The rule beside other metrics of trust: over a sample of sources, how alike they rank the nodes that
 * the rule reaches, and how alike the sets are that they accept. A metric that only ranks accepts as
 * many as the rule does.
 */
import { type Answer, count, number, type Table, text } from '../answer.ts';
import type { Search } from '../field.ts';
import type { Graph } from '../graph.ts';
import { acceptedByFlow, standardCapacities } from '../metrics/advogato-flow.ts';
import { jaccard, spearman } from '../metrics/agreement.ts';
import { standardGnupg, validByGnupg } from '../metrics/gnupg.ts';
import { moleTrust } from '../metrics/moletrust.ts';
import { personalisedPageRank } from '../metrics/pagerank.ts';
import { pervasiveTrust } from '../metrics/pervasive.ts';
import { FULL_AMOUNT, sequoiaAmounts } from '../metrics/sequoia.ts';
import { settled } from '../metrics/settled.ts';
import { tidalTrust } from '../metrics/tidaltrust.ts';
import { type Question, sourcesOf } from '../question.ts';
import { bandOf, classifiedBand, type Rule, verifiedBand } from '../rule.ts';
import { createSearch } from '../search.ts';

interface Judgement {
  /** By node; null for a metric that only accepts. */
  readonly values: Float64Array | null;
  /** Null for a metric that only ranks. */
  readonly accepts: ((node: number) => boolean) | null;
}

interface Metric {
  readonly name: string;
  judge(graph: Graph, source: number, rule: Rule): Judgement;
}

const leastOf = (rule: Rule, band: number) => rule.thresholds[band - 1] ?? 1;

function bySearch(change: Partial<Rule>): Metric['judge'] {
  return (graph, source, rule) => {
    const changed = { ...rule, ...change };
    const search = createSearch(graph, changed);
    search.run(source);
    return judgementOf(search, changed);
  };
}

function judgementOf({ hops, scores }: Search, rule: Rule): Judgement {
  const values = scores.map((score, node) => ((hops[node] as number) <= rule.hops ? score : 0));
  const accepts = (node: number) => bandOf(values[node] as number, rule.thresholds) >= verifiedBand;
  return { values, accepts };
}

const metrics: readonly Metric[] = [
  { name: 'best score within the hops', judge: bySearch({ path: 'within-hops' }) },
  { name: 'strongest weakest edge', judge: bySearch({ strength: 'minimum' }) },
  {
    name: 'MoleTrust',
    judge(graph, source, rule) {
      const values = moleTrust(graph, source, { horizon: rule.hops, leastTrust: 0.6 });
      return { values, accepts: (node) => (values[node] ?? 0) >= leastOf(rule, verifiedBand) };
    },
  },
  {
    name: 'TidalTrust',
    judge(graph, source, rule) {
      const values = tidalTrust(graph, source, rule.hops);
      return { values, accepts: (node) => (values[node] ?? 0) >= leastOf(rule, verifiedBand) };
    },
  },
  {
    name: 'pervasive trust',
    judge(graph, source, rule) {
      const values = pervasiveTrust(graph, source);
      return { values, accepts: (node) => (values[node] ?? 0) >= leastOf(rule, verifiedBand) };
    },
  },
  {
    name: 'personalised PageRank (EigenTrust)',
    judge: (graph, source) => ({ values: personalisedPageRank(graph, source), accepts: null }),
  },
  {
    name: 'Advogato flow',
    judge(graph, source, rule) {
      const flow = { capacities: standardCapacities, leastWeight: leastOf(rule, verifiedBand) };
      const accepted = acceptedByFlow(graph, source, flow);
      return { values: null, accepts: (node) => accepted[node] === 1 };
    },
  },
  {
    name: 'Sequoia, 120 wanted',
    judge(graph, source, rule) {
      const values = sequoiaAmounts(graph, source, { mostHops: rule.hops, wanted: FULL_AMOUNT });
      return { values, accepts: (node) => (values[node] ?? 0) >= FULL_AMOUNT };
    },
  },
  {
    name: 'GnuPG 3/1/5',
    judge(graph, source, rule) {
      const [full, marginal] = [leastOf(rule, classifiedBand), leastOf(rule, 1)];
      const valid = validByGnupg(graph, source, { ...standardGnupg, full, marginal });
      return { values: null, accepts: (node) => valid[node] === 1 };
    },
  },
];

/** By metric: correlation (null without), Jaccard index, nodes accepted by it, by the rule. */
type Part = readonly (readonly (number | null)[])[];

export const compare: Question<Part> = {
  name: 'compare',
  unit: 'sources',
  units: (inquiry) => sourcesOf(inquiry).length,
  prepare(inquiry) {
    const { graph, rule } = inquiry;
    const sources = sourcesOf(inquiry);
    const search = createSearch(graph, rule);
    return (unit) => {
      const source = sources[unit] as number;
      search.run(source);
      const own = judgementOf(search, rule);
      const reached = [...search.reached.subarray(1, search.reachedCount)];
      return metrics.map(({ judge }) => alike(own, judge(graph, source, rule), reached));
    };
  },
  answer: (_inquiry, parts) => compareAnswer(parts),
};

function alike(own: Judgement, other: Judgement, reached: readonly number[]): Part[number] {
  const accepted = new Set(reached.filter((node) => own.accepts?.(node)));
  const byOther = acceptedBy(other, reached, accepted.size);
  const of = (values: Float64Array) => reached.map((node) => settled(values[node] ?? 0));
  const correlation =
    own.values && other.values && reached.length > 2
      ? spearman(of(own.values), of(other.values))
      : null;
  return [correlation, jaccard(accepted, byOther), byOther.size, accepted.size];
}

function acceptedBy({ values, accepts }: Judgement, reached: readonly number[], wanted: number) {
  if (accepts) return new Set(reached.filter(accepts));
  const ranked = [...reached].sort(
    (a, b) => settled(values?.[b] ?? 0) - settled(values?.[a] ?? 0) || a - b,
  );
  return new Set(ranked.slice(0, wanted));
}

function compareAnswer(parts: readonly (Part | undefined)[]): Answer {
  const rows = metrics.map(({ name }, metric) => {
    const own = parts.flatMap((part) => (part?.[metric] ? [part[metric]] : []));
    const mean = (at: number) => {
      const values = own.map((each) => each[at] ?? null).filter((value) => value !== null);
      if (values.length === 0) return null;
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    };
    return [name, own.length, mean(0), mean(1), mean(2), mean(3)];
  });
  const table: Table = {
    name: 'compare',
    title:
      'Other metrics beside the rule, on the nodes that the rule reaches; means over the sources',
    columns: [
      text('metric'),
      count('sources'),
      number('rank_correlation'),
      number('jaccard_of_accepted'),
      number('accepts'),
      number('rule_accepts'),
    ],
    rows,
  };
  return { lines: [], tables: [table], plots: [] };
}
