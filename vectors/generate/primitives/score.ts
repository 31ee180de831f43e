/** Trust scores (L-T16, L-T17) and paths (L-T22, L-T23), in whole numbers. */
import { limits } from '../../../spec/limits.ts';

export type Factors = { readonly [factor: string]: number };

const weights: Readonly<Record<string, number>> = limits.scoreWeights;
export const factorNames: readonly string[] = Object.keys(weights);

/** In tenths; what is missing counts nothing. */
export function scoreTenths(factors: Factors): number {
  const sum = factorNames.reduce(
    (total, name) => total + (weights[name] ?? 0) * (factors[name] ?? 0),
    0,
  );
  return Math.floor(sum / 100);
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** 1…1000. */
  readonly score_tenths: number;
}

const tenthsOf = (edges: readonly Edge[], from: string, to: string): bigint =>
  BigInt(edges.find((edge) => edge.from === from && edge.to === to)?.score_tenths ?? 0);

/** Product of D × 0.95 over the edges as a fraction of 10^(5 × hops). */
export function exactScore(edges: readonly Edge[], path: readonly string[]): bigint {
  return path
    .slice(1)
    .reduce((product, to, at) => product * tenthsOf(edges, path[at] ?? '', to) * 95n, 1n);
}

/** Four decimals, half to even. */
export function shownScore(edges: readonly Edge[], path: readonly string[]): string {
  if (path.length === 0) return '0.0000';
  const denominator = 10n ** BigInt(5 * (path.length - 1));
  const scaled = exactScore(edges, path) * 10_000n;
  const [whole, rest] = [scaled / denominator, scaled % denominator];
  const isUp = 2n * rest > denominator || (2n * rest === denominator && whole % 2n === 1n);
  const digits = String(isUp ? whole + 1n : whole).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** Tries every path without repetition; null when none has at most `maxHops`. */
export function bestPath(
  edges: readonly Edge[],
  { from, to, maxHops }: { readonly from: string; readonly to: string; readonly maxHops: number },
): readonly string[] | null {
  const all: string[][] = [];
  const walk = (path: string[]): void => {
    const last = path.at(-1) ?? '';
    if (last === to) all.push(path);
    else if (path.length <= maxHops) {
      for (const edge of edges) {
        if (edge.from === last && !path.includes(edge.to)) walk([...path, edge.to]);
      }
    }
  };
  walk([from]);
  return all.sort((one, other) => compare(edges, one, other))[0] ?? null;
}

/** Shorter first, then higher, then by names. */
function compare(edges: readonly Edge[], one: readonly string[], other: readonly string[]): number {
  if (one.length !== other.length) return one.length - other.length;
  const [a, b] = [exactScore(edges, one), exactScore(edges, other)];
  if (a !== b) return a > b ? -1 : 1;
  return one.join('\u0000') < other.join('\u0000') ? -1 : 1;
}
