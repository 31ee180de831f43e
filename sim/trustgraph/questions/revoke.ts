/**
 * What is lost, and gained, when servers are revoked. The literal rule is not monotone: a revocation
 * can raise a score, when it takes away a short poor path that hid a longer good one. Pairs with a
 * revoked end are `no_trust_path` and counted apart.
 */
import { type Answer, count, grouped, type Table, text } from '../answer.ts';
import type { Search } from '../field.ts';
import { type Graph, inDegree, outDegree } from '../graph.ts';
import { type Inquiry, type Question, slice, sourcesOf, unitsOf } from '../question.ts';
import { bandOf, type Rule, verifiedBand } from '../rule.ts';
import { createSearch } from '../search.ts';
import { noticeTable } from './notice.ts';
import { type Standing, superseded } from './superseded.ts';

const SOURCES_OF_UNIT = 16;

const COUNTS = [
  'paths_lost',
  'longer_paths',
  'verified_gained',
  'verified_lost',
  'level_raised',
  'level_lowered',
  'verified_pairs_ended',
] as const;

/** Lists of `[set, …counts]`, of the sets that change anything. */
type Part = readonly (readonly number[])[];

export const revoke: Question<Part> = {
  name: 'revoke',
  unit: `batches of ${SOURCES_OF_UNIT} sources`,
  units: (inquiry) => unitsOf(sourcesOf(inquiry).length, SOURCES_OF_UNIT),
  prepare(inquiry) {
    const { graph, rule } = inquiry;
    const sources = sourcesOf(inquiry);
    const standing = inquiry.options.standing as readonly Standing[] | undefined;
    const work: Work = {
      graph,
      rule,
      sets: setsOf(inquiry),
      isSoft: standing !== undefined,
      before: createSearch(graph, rule),
      after: createSearch(
        standing ? superseded(graph, setsOf(inquiry).flat(), standing) : graph,
        rule,
      ),
    };
    return (unit) => {
      const sums = new Map<number, number[]>();
      for (const source of slice(sources, unit, SOURCES_OF_UNIT)) revokeFrom(work, source, sums);
      return [...sums].map(([index, changed]) => [index, ...changed]);
    };
  },
  answer: revokeAnswer,
};

interface Work {
  readonly graph: Graph;
  readonly rule: Rule;
  readonly sets: readonly (readonly number[])[];
  /** Superseded, not compromised: the revoked still lie inside paths, by what stands of theirs. */
  readonly isSoft: boolean;
  readonly before: Search;
  readonly after: Search;
}

/** All revocations as one source sees them. */
function revokeFrom(work: Work, source: number, sums: Map<number, number[]>): void {
  const { graph, rule, sets, isSoft, before, after } = work;
  before.run(source);
  const sole = tellsParents(rule) && !isSoft ? soleParents(graph, before, rule) : null;
  for (const [index, set] of sets.entries()) {
    const mayChange = set.length > 1 || !sole || sole[set[0] ?? 0] === 1;
    const ended = endedPairs(before, set, rule);
    if (set.includes(source) || (!mayChange && ended === 0)) continue;
    const changed = sums.get(index) ?? COUNTS.map(() => 0);
    sums.set(index, changed);
    changed[6] = (changed[6] ?? 0) + ended;
    if (!mayChange) continue;
    after.run(source, isSoft ? [] : set);
    compare(before, after, set, rule, changed);
  }
}

/** `options.sets`: the sets of nodes that are revoked, each for itself. `each`: every node alone. */
function setsOf({ graph, options }: Inquiry): readonly (readonly number[])[] {
  if (options.each === true) return Array.from({ length: graph.nodeCount }, (_, node) => [node]);
  return options.sets as readonly (readonly number[])[];
}

function endedPairs({ scores, hops }: Search, set: readonly number[], rule: Rule): number {
  const isVerified = (node: number) =>
    (hops[node] as number) <= rule.hops &&
    bandOf(scores[node] as number, rule.thresholds) >= verifiedBand;
  return set.filter(isVerified).length;
}

/** Whether a score tells which parents give it. */
const tellsParents = ({ path, tie, strength }: Rule) =>
  path === 'shortest' && tie === 'best' && strength === 'product';

/**
 * Nodes without which some score of the next level could not be attained by another parent. Revoking
 * any other node changes nothing: every child keeps its level and its score, and so does what follows.
 */
function soleParents({ nodeCount, into }: Graph, search: Search, rule: Rule): Uint8Array {
  const { reached, reachedCount, hops, scores } = search;
  const sole = new Uint8Array(nodeCount);
  for (let i = 1; i < reachedCount; i++) {
    const node = reached[i] as number;
    const level = hops[node] as number;
    let attaining = 0;
    let parent = -1;
    const end = into.offsets[node + 1] as number;
    for (let edge = into.offsets[node] as number; edge < end; edge++) {
      const truster = into.nodes[edge] as number;
      if (hops[truster] !== level - 1) continue;
      const offered = (scores[truster] as number) * ((into.weights[edge] as number) * rule.decay);
      if (offered !== scores[node]) continue;
      attaining += 1;
      parent = truster;
    }
    if (level > 1 && attaining === 1) sole[parent] = 1;
  }
  return sole;
}

function compare(
  before: Search,
  after: Search,
  set: readonly number[],
  rule: Rule,
  changed: number[],
): void {
  for (let i = 1; i < before.reachedCount; i++) {
    const node = before.reached[i] as number;
    if (set.includes(node)) continue;
    const hopsAfter = after.hops[node] as number;
    const isSame = hopsAfter === before.hops[node] && after.scores[node] === before.scores[node];
    if (!isSame) countChange(changed, at(before, node, rule), at(after, node, rule));
  }
}

interface Judged {
  readonly hops: number;
  readonly band: number;
  readonly isReached: boolean;
}

function at({ hops, scores }: Search, node: number, rule: Rule): Judged {
  const isReached = (hops[node] as number) <= rule.hops;
  const band = isReached ? bandOf(scores[node] as number, rule.thresholds) : 0;
  return { hops: hops[node] as number, band, isReached };
}

/** In the order of COUNTS. */
function countChange(changed: number[], before: Judged, after: Judged): void {
  const isVerified = ({ band }: Judged) => band >= verifiedBand;
  const happened = [
    !after.isReached,
    after.isReached && after.hops > before.hops,
    !isVerified(before) && isVerified(after),
    isVerified(before) && !isVerified(after),
    after.band > before.band,
    after.band < before.band,
  ];
  happened.forEach((did, index) => {
    if (did) changed[index] = (changed[index] ?? 0) + 1;
  });
}

function revokeAnswer(inquiry: Inquiry, parts: readonly (Part | undefined)[]): Answer {
  const sets = setsOf(inquiry);
  const sums = sets.map(() => COUNTS.map(() => 0));
  for (const part of parts)
    for (const [index = 0, ...counts] of part ?? [])
      counts.forEach((value, at) => {
        const sum = sums[index];
        if (sum) sum[at] = (sum[at] ?? 0) + value;
      });
  const name = (set: readonly number[]) =>
    set.map((node) => inquiry.graph.labels[node] ?? '').join(' ');
  const rows = sets.map((set, index) => [name(set), ...(sums[index] ?? [])]);
  const total = (at: number) => sums.reduce((sum, each) => sum + (each[at] ?? 0), 0);
  const table: Table = {
    name: 'revoke',
    title: 'Ordered pairs of others, by what the revocation does to them',
    columns: [text('revoked'), ...COUNTS.map(count)],
    rows: [...rows].sort((a, b) => Number(b[4]) - Number(a[4])),
  };
  return {
    lines: [
      `${grouped(total(0))} pairs lose every path within the hops; ${grouped(total(3))} fall below verified.`,
      `${grouped(total(2))} pairs RISE to verified because of the revocation` +
        (sets.length > 1 ? `, summed over ${grouped(sets.length)} revocations.` : '.'),
    ],
    tables: sets.length === 1 ? [table, noticeTable(inquiry.graph, sets[0] ?? [])] : [table],
    plots: sets.length > 1 ? [ranked(table)] : [],
  };
}

function ranked({ rows }: Table) {
  const points = (at: number) => rows.map((row, rank) => [rank + 1, Number(row[at])] as const);
  return {
    name: 'revoke',
    title: 'Pairs that fall below and rise to verified, by revocation',
    kind: 'lines',
    x: 'rank of the revocation by pairs lost',
    y: 'ordered pairs',
    series: [
      { name: 'fall below verified', points: points(4) },
      { name: 'rise to verified', points: points(3) },
    ],
  } as const;
}

/** The nodes with most edges; of equals the first. */
export function highestDegrees(graph: Graph, wanted: number): readonly number[] {
  const degree = (node: number) => outDegree(graph, node) + inDegree(graph, node);
  return Array.from({ length: graph.nodeCount }, (_, node) => node)
    .sort((a, b) => degree(b) - degree(a) || a - b)
    .slice(0, wanted);
}
