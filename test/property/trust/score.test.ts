/** The score (L-T16): bounds, monotony, weights and the thresholds that hang on it. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../../reference/time.ts';
import {
  type Evidence,
  type Factor,
  type Factors,
  factorsOf,
  scoreTenths,
} from '../../../reference/trust/evidence/score.ts';
import { limits } from '../../../spec/limits.ts';

const names = Object.keys(limits.scoreWeights) as Factor[];
const factors = fc
  .tuple(...names.map(() => fc.nat(1000)))
  .map(
    (values) =>
      Object.fromEntries(names.map((name, at) => [name, values[at] ?? 0])) as unknown as Factors,
  );
const all = (value: number) =>
  Object.fromEntries(names.map((name) => [name, value])) as unknown as Factors;

const complete: Evidence = {
  chainValid: true,
  transparencyVerified: true,
  ocspVerified: true,
  domainObservedAt: seconds(1_000_000),
  organizationThousandths: 1000,
  revocationsForCause: 0,
  expiresSoon: false,
  attestations: 1,
  reliabilityThousandths: 1000,
};
const NOW = seconds(1_000_000);
const scoreWith = (change: Partial<Evidence>, now = NOW) =>
  scoreTenths(factorsOf({ ...complete, ...change }, now));

describe('the score', () => {
  test('T-SCORE-02: has weights that sum to 100', () => {
    expect(names.reduce((sum, name) => sum + limits.scoreWeights[name], 0)).toBe(100);
  });

  test('T-SCORE-01, T-SCORE-06: lies between 0 and 100 and does not fall when a factor rises', () => {
    fc.assert(
      fc.property(factors, fc.constantFrom(...names), fc.nat(1000), (before, name, value) => {
        const after = { ...before, [name]: Math.max(value, before[name]) };
        expect(scoreTenths(before)).toBeGreaterThanOrEqual(0);
        expect(scoreTenths(after)).toBeLessThanOrEqual(1000);
        expect(scoreTenths(after)).toBeGreaterThanOrEqual(scoreTenths(before));
      }),
    );
  });

  test('is 100 with everything, 0 with nothing, and each factor alone gives its weight', () => {
    expect(scoreTenths(all(1000))).toBe(1000);
    expect(scoreTenths(all(0))).toBe(0);
    for (const name of names) {
      expect(scoreTenths({ ...all(0), [name]: 1000 })).toBe(limits.scoreWeights[name] * 10);
    }
  });

  test('T-SCORE-03: of a newcomer is at most 90', () => {
    expect(scoreWith({ reliabilityThousandths: null })).toBe(900);
  });

  test('T-SCORE-05: takes the domain proof for fresh up to 24 hours', () => {
    expect(scoreWith({}, NOW + seconds(86_400))).toBe(1000);
    expect(scoreWith({}, NOW + seconds(86_400) + 1)).toBe(850);
    expect(scoreWith({ domainObservedAt: null })).toBe(850);
  });

  test('T-SCORE-03: gives nothing for what is missing', () => {
    const nothing: Evidence = {
      chainValid: false,
      transparencyVerified: true,
      ocspVerified: true,
      domainObservedAt: null,
      organizationThousandths: 0,
      revocationsForCause: 9,
      expiresSoon: true,
      attestations: 0,
      reliabilityThousandths: null,
    };
    expect(scoreTenths(factorsOf(nothing, NOW))).toBe(0);
  });
});
