/**
 * Paths of trust and what they are worth (T 6.2, T-PATH-01 to T-PATH-04, L-T22, L-T23):
 *
 *   score([])              0
 *   score([A])             1
 *   score([A, B, …rest])   D(A,B) × score([B, …rest]) × 0.95
 *
 * D is a trust score on the scale 0 to 1 (T-PATH-02). Read literally, so a direct edge is worth
 * 0.95 × D. Everything is counted in whole numbers: a score of n hops is a fraction of 10^(5n),
 * hence no order of multiplication can change it, and only what is shown is rounded. A path is
 * evidence and never a relationship (T-CAP-08). Whoever hands over the graph leaves out what is
 * not live (T-PATH-05).
 */
import { limits } from '../../../spec/limits.ts';

/** `graph.get(a).get(b)`: how far a trusts b, in tenths of a trust score: 1…1000. */
export type TrustGraph = ReadonlyMap<string, ReadonlyMap<string, number>>;

export interface TrustPath {
  /** From the one who trusts to the one who is trusted, both included. */
  readonly servers: readonly string[];
  /** On the scale 0 to 1, rounded half to even to four decimals (L-T23). */
  readonly score: number;
}

/** A path in the making. All candidates of one length have the same denominator. */
interface Walk {
  readonly servers: readonly string[];
  /** Product of tenths and percents of decay. */
  readonly numerator: bigint;
}

/** Tenths are 1000 to the one, percents 100. */
const STEP = 100_000n;
const decayPercent = BigInt(Math.round(limits.pathDecay * 100));
const scale = 10n ** BigInt(limits.pathScoreDigits);

/** T-PATH-01. Zero, too, when an edge of the path is not in the graph. */
export function pathScore(graph: TrustGraph, servers: readonly string[]): number {
  if (servers.length === 0) return 0;
  const tenths = servers.slice(1).map((to, at) => graph.get(servers[at] ?? '')?.get(to) ?? 0);
  const numerator = tenths.reduce((product, edge) => product * stepOf(edge), 1n);
  return rounded(numerator, tenths.length);
}

/**
 * T-PATH-03: the best of the shortest paths; null when there is none within `maxHops`, which is
 * `no_trust_path`. T-PATH-04: of several, the higher score before rounding, then the one whose
 * names come first in ASCII order, compared server by server.
 */
export function findTrustPath(
  graph: TrustGraph,
  { from, to }: { readonly from: string; readonly to: string },
  maxHops: number = limits.pathHops,
): TrustPath | null {
  for (const frontier of frontiers(graph, from, maxHops)) {
    const found = frontier.get(to);
    if (found) return pathOf(found);
  }
  return null;
}

/** To everybody within `maxHops` what `findTrustPath` finds, in one search; nearest first. */
export function* findTrustPaths(
  graph: TrustGraph,
  from: string,
  maxHops: number = limits.pathHops,
): Generator<TrustPath> {
  for (const frontier of frontiers(graph, from, maxHops))
    for (const walk of frontier.values()) yield pathOf(walk);
}

/** By hops: the best walks to those who are first reached then. */
function* frontiers(graph: TrustGraph, from: string, maxHops: number) {
  const seen = new Set<string>();
  let frontier = new Map<string, Walk>([[from, { servers: [from], numerator: 1n }]]);
  for (let hops = 0; frontier.size > 0 && hops <= maxHops; hops += 1) {
    yield frontier;
    if (hops === maxHops) return;
    for (const server of frontier.keys()) seen.add(server);
    frontier = widen(graph, frontier, seen);
  }
}

const pathOf = ({ servers, numerator }: Walk): TrustPath => ({
  servers,
  score: rounded(numerator, servers.length - 1),
});

/**
 * One hop further. Of the walks that end at one server only the best can begin a best path: every
 * edge multiplies them alike.
 */
function widen(
  graph: TrustGraph,
  frontier: ReadonlyMap<string, Walk>,
  seen: ReadonlySet<string>,
): Map<string, Walk> {
  const next = new Map<string, Walk>();
  for (const [server, { servers, numerator }] of frontier) {
    for (const [to, tenths] of graph.get(server) ?? []) {
      // No score is no trust: such an edge leads nowhere.
      if (seen.has(to) || tenths <= 0) continue;
      const walk = { servers: [...servers, to], numerator: numerator * stepOf(tenths) };
      const known = next.get(to);
      if (!known || isBetter(walk, known)) next.set(to, walk);
    }
  }
  return next;
}

function isBetter(one: Walk, other: Walk): boolean {
  if (one.numerator !== other.numerator) return one.numerator > other.numerator;
  const at = one.servers.findIndex((server, index) => server !== other.servers[index]);
  return (one.servers[at] ?? '') < (other.servers[at] ?? '');
}

function stepOf(tenths: number): bigint {
  return BigInt(tenths) * decayPercent;
}

/** Half to even, of an exact fraction of 10^(5 × hops). */
function rounded(numerator: bigint, hops: number): number {
  const denominator = STEP ** BigInt(hops);
  const scaled = numerator * scale;
  const whole = scaled / denominator;
  const twice = (scaled % denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && whole % 2n === 1n);
  return Number(isUp ? whole + 1n : whole) / Number(scale);
}
