/** X-RATE-01, 06, 08: the bucket against exact fractions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createBucket, type Rate, take, takeAll } from '../../../reference/guard/token-bucket.ts';
import { seconds } from '../../../reference/time.ts';

const start = seconds(1_734_900_000);
const rates: fc.Arbitrary<Rate> = fc.oneof(
  fc.record({ ratePerSecond: fc.integer({ min: 1, max: 1000 }), burst: burst() }),
  fc.record({ ratePerMinute: fc.integer({ min: 1, max: 1000 }), burst: burst() }),
  fc.record({ ratePerHour: fc.integer({ min: 1, max: 60 }), burst: burst() }),
  fc.record({
    tokens: fc.integer({ min: 1, max: 10 ** 8 }),
    periodSeconds: fc.integer({ min: 1, max: 300 }),
    burst: burst(),
  }),
);
const waits = fc.oneof(
  fc.nat(1000),
  fc.nat(seconds(3)),
  fc.nat(seconds(3600)),
  fc.constantFrom(seconds(1), seconds(60), 2 ** 50),
);
const takes = fc.array(fc.record({ wait: waits, cost: fc.nat(5) }), { maxLength: 60 });

function burst(): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max: 200 });
}

/** Tokens and the period in microseconds in which so many flow in. */
function fraction(rate: Rate): readonly [bigint, bigint] {
  if ('ratePerSecond' in rate) return [BigInt(rate.ratePerSecond), 1_000_000n];
  if ('ratePerMinute' in rate) return [BigInt(rate.ratePerMinute), 60_000_000n];
  if ('ratePerHour' in rate) return [BigInt(rate.ratePerHour), 3_600_000_000n];
  return [BigInt(rate.tokens), BigInt(rate.periodSeconds) * 1_000_000n];
}

describe('the token bucket', () => {
  test('accepts exactly what arithmetic without rounding would', () =>
    fc.assert(
      fc.property(rates, takes, (rate, trace) => {
        const [tokens, period] = fraction(rate);
        const full = BigInt(rate.burst) * period;
        let level = full; // in tokens · period
        let now = start;
        const bucket = createBucket(rate, start);
        for (const { wait, cost } of trace) {
          now += wait;
          level = level + BigInt(wait) * tokens;
          if (level > full) level = full;
          const enough = level >= BigInt(cost) * period;
          if (enough) level -= BigInt(cost) * period;
          expect(take(bucket, now, cost).accepted).toBe(enough);
        }
      }),
      { numRuns: 500 },
    ));
  test('tells a wait after which the same attempt succeeds, and a second less may not do', () =>
    fc.assert(
      fc.property(rates, takes, fc.integer({ min: 1, max: 5 }), (rate, trace, cost) => {
        let now = start;
        const bucket = createBucket(rate, start);
        for (const { wait, cost: spent } of trace) {
          now += wait % seconds(2);
          take(bucket, now, spent);
        }
        const refused = take(bucket, now, cost);
        if (refused.accepted) return;
        const { retryAfterSeconds } = refused;
        expect(retryAfterSeconds === null).toBe(cost > rate.burst);
        if (retryAfterSeconds === null) return;
        const copy = structuredClone(bucket);
        expect(take(copy, now + seconds(retryAfterSeconds), cost).accepted).toBe(true);
        expect(take(bucket, now + seconds(retryAfterSeconds - 1), cost).accepted).toBe(false);
      }),
      { numRuns: 500 },
    ));
  test('is not moved by attempts that it refuses', () =>
    fc.assert(
      fc.property(rates, fc.array(waits), (rate, asked) => {
        const [asking, silent] = [createBucket(rate, start), createBucket(rate, start)];
        for (const bucket of [asking, silent]) take(bucket, start, rate.burst);
        let now = start;
        for (const wait of asked) {
          now += wait % 1000;
          take(asking, now, rate.burst);
        }
        const later = now + seconds(1);
        expect(take(asking, later, 1)).toEqual(take(silent, later, 1));
      }),
    ));
  test('of two takes from both or from neither', () =>
    fc.assert(
      fc.property(rates, rates, takes, (a, b, trace) => {
        const pair = [createBucket(a, start), createBucket(b, start)] as const;
        let now = start;
        for (const { wait, cost } of trace) {
          now += wait;
          const alone = pair.map((bucket) => take(structuredClone(bucket), now, cost).accepted);
          const charges = pair.map((bucket) => ({ bucket, cost }));
          expect(takeAll(charges, now).accepted).toBe(alone.every(Boolean));
        }
      }),
    ));
});
