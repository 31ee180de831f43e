/** X-SEQ-03 to 08: the bitmap window against a set of all numbers ever recorded. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import {
  checkFresh,
  createWindow,
  record,
  windowFromJson,
  windowToJson,
} from '../../../reference/guard/replay-window.ts';

const must = createMust();
const sizes = fc.constantFrom(1024 as const, 4096 as const);

/** Steps from the head: near, around the edges of the windows, and far. */
const steps = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -1030, max: -1018 }),
  fc.integer({ min: -4100, max: -4090 }),
  fc.integer({ min: 1000, max: 5000 }),
  fc.integer({ min: 2 ** 20 - 2, max: 2 ** 20 + 2 }),
);
const attempts = fc.record({ step: steps, authentic: fc.boolean(), restart: fc.boolean() });

describe('the replay window', () => {
  test('accepts what a set of all numbers would, through forgeries and restarts', () =>
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 2 ** 24 - 1 }),
        fc.array(attempts, { maxLength: 200 }),
        (size, start, trace) => {
          let window = createWindow(size);
          record(window, start);
          const seen = new Set([start]);
          let head = start;
          for (const { step, authentic, restart } of trace) {
            const number = head + step;
            const fresh =
              number > 0 && number > head - size && number <= head + 2 ** 20 && !seen.has(number);
            expect(checkFresh(window, number, must).ok).toBe(fresh);
            if (fresh && authentic) {
              record(window, number);
              seen.add(number);
              head = Math.max(head, number);
            }
            if (restart) window = windowFromJson(JSON.parse(JSON.stringify(windowToJson(window))));
          }
        },
      ),
      { numRuns: 300 },
    ));
  test('is the same after the same numbers in any order that it accepts', () =>
    fc.assert(
      fc.property(
        sizes,
        fc.uniqueArray(fc.integer({ min: 5000, max: 6000 }), { minLength: 1, maxLength: 50 }),
        (size, numbers) => {
          const [some, ascending] = [createWindow(size), createWindow(size)];
          for (const number of numbers) record(some, number);
          for (const number of numbers.toSorted((a, b) => a - b)) record(ascending, number);
          expect(windowToJson(some)).toEqual(windowToJson(ascending));
        },
      ),
    ));
});
