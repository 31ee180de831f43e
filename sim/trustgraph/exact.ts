/**
 * Scores as exact fractions, for the question which of several paths is the best (T-PATH-04): products
 * of binary64 may differ in the last bit where the decimals of a file make them equal.
 */
import { GraphFault } from './fault.ts';
import type { Rule } from './rule.ts';

/** numerator / 10^digits. */
export interface Exact {
  readonly numerator: bigint;
  readonly digits: number;
}

/** The decimal that a file wrote: the shortest that gives this binary64. */
export function exactOf(value: number): Exact {
  const written = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (!written) throw new GraphFault(`${value} is not a positive decimal`);
  const [, whole = '', fraction = '', exponent = '0'] = written;
  const digits = fraction.length - Number(exponent);
  const numerator = BigInt(whole + fraction);
  return digits >= 0
    ? { numerator, digits }
    : { numerator: numerator * 10n ** BigInt(-digits), digits: 0 };
}

export const times = (a: Exact, b: Exact): Exact => ({
  numerator: a.numerator * b.numerator,
  digits: a.digits + b.digits,
});

/** Negative where a is smaller, as for `sort`. */
export function compareExact(a: Exact, b: Exact): number {
  const left = a.numerator * 10n ** BigInt(Math.max(0, b.digits - a.digits));
  const right = b.numerator * 10n ** BigInt(Math.max(0, a.digits - b.digits));
  return left < right ? -1 : left > right ? 1 : 0;
}

export const one: Exact = { numerator: 1n, digits: 0 };

/** What a path of these weights is worth under a rule (T-PATH-01). */
export function exactScore(weights: readonly number[], rule: Rule): Exact {
  if (rule.strength !== 'product') return exactOf(Math.min(1, ...weights));
  const decay = exactOf(rule.decay);
  return weights.reduce<Exact>((score, weight, hop) => {
    const decayed = hop === 0 && rule.firstHop === 'whole' ? one : decay;
    return times(times(score, exactOf(weight)), decayed);
  }, one);
}

/** Rounded half to even (L-T23), as text with all its digits. */
export function roundedText({ numerator, digits }: Exact, wanted: number): string {
  const scaled = numerator * 10n ** BigInt(wanted);
  const denominator = 10n ** BigInt(digits);
  const whole = scaled / denominator;
  const twice = (scaled % denominator) * 2n;
  const isUp = twice > denominator || (twice === denominator && whole % 2n === 1n);
  const text = String(isUp ? whole + 1n : whole).padStart(wanted + 1, '0');
  return `${text.slice(0, -wanted)}.${text.slice(-wanted)}`;
}
