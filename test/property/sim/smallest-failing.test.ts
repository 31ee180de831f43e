import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallestFailing } from '../../../sim/shrink/smallest-failing.ts';

const counts = (length: number): readonly number[] => Array.from({ length }, (_, at) => at);

/** Places of a list of up to 512 that it takes to fail. */
const culprits = fc.integer({ min: 1, max: 512 }).chain((length) =>
  fc.record({
    length: fc.constant(length),
    needed: fc.uniqueArray(fc.nat(length - 1), { maxLength: 6 }),
  }),
);

test('exactly the items that it takes are left, in their order', () =>
  fc.assert(
    fc.asyncProperty(culprits, async ({ length, needed }) => {
      const fails = (items: readonly number[]) => needed.every((one) => items.includes(one));
      const { items, isMinimal } = await smallestFailing(counts(length), fails);
      expect(items).toEqual([...needed].sort((a, b) => a - b));
      expect(isMinimal).toBe(true);
    }),
  ));

test('two of 512 are found within 60 trials', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(511), { minLength: 2, maxLength: 2 }),
      async (needed) => {
        const fails = (items: readonly number[]) => needed.every((one) => items.includes(one));
        const { items, trials } = await smallestFailing(counts(512), fails, 60);
        expect(items).toHaveLength(2);
        expect(trials).toBeLessThanOrEqual(60);
      },
    ),
  ));

test('whatever the verdicts are, what is left has failed, and no single item can go', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.func(fc.boolean()),
      async (length, verdict) => {
        const whole = counts(length);
        const fails = (items: readonly number[]) => items.length === length || verdict(items);
        const { items } = await smallestFailing(whole, fails);
        expect(fails(items)).toBe(true);
        for (const left of items) {
          expect(fails(items.filter((other) => other !== left)) && items.length > 0).toBe(false);
        }
      },
    ),
  ));

test('a budget that is spent leaves what has failed so far, and says so', () =>
  fc.assert(
    fc.asyncProperty(
      culprits,
      fc.integer({ min: 1, max: 20 }),
      async ({ length, needed }, budget) => {
        const fails = (items: readonly number[]) => needed.every((one) => items.includes(one));
        const { items, trials, isMinimal } = await smallestFailing(counts(length), fails, budget);
        expect(fails(items)).toBe(true);
        expect(trials).toBeLessThanOrEqual(budget);
        if (isMinimal) expect(items).toHaveLength(needed.length);
      },
    ),
  ));

test('a whole that does not fail cannot be made smaller', async () => {
  await expect(smallestFailing([1, 2], () => false)).rejects.toThrow(RangeError);
});
