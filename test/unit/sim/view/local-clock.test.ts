import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockChangeOf } from '../../../../sim/plan/clock-item.ts';
import type { PlanItem } from '../../../../sim/plan/plan.ts';
import { microsOf } from '../../../../sim/ticks.ts';
import { clockPieces, offsetAt } from '../../../../sim/view/local-clock.ts';
import { createServerClock } from '../../../../sim/world/server-clock.ts';

/** Long enough after 1970 that no clock is before it. */
const START = 10 ** 12;
const turns = fc.array(
  fc.record({
    at: fc.nat(50_000),
    step: fc.integer({ min: -20_000, max: 20_000 }),
    drift: fc.nat(900),
  }),
  { maxLength: 4 },
);

test('what is shown of a clock is what the clock shows, through steps, drifts and stands', () =>
  fc.assert(
    fc.property(turns, fc.integer({ min: -5, max: 5 }), fc.boolean(), (given, seconds, freeze) => {
      const own = { by: seconds * 1_000_000, driftPpm: 40 };
      const plan = given
        .sort((one, other) => one.at - other.at)
        .map(
          ({ at, step, drift }, place): PlanItem => ({
            ...{ id: `clock-${place}`, at, until: null, kind: 'clock', target: [['a']] },
            params: freeze && place === 1 ? { freeze } : { step, drift },
          }),
        );
      const clock = createServerClock(START, own);
      const pieces = clockPieces({ id: 'a', clock: own }, plan);
      let left = [...plan];
      for (let tick = 0; tick < 60_000; tick += 1000) {
        for (const item of left.filter(({ at }) => at <= tick)) {
          clock.at(item.at);
          clock.change(clockChangeOf(item, 'begun', own), item.at);
        }
        left = left.filter(({ at }) => at > tick);
        // Each piece rounds a fraction of a microsecond.
        const shown = offsetAt(pieces, tick) + microsOf(tick);
        expect(Math.abs(clock.at(tick) - START - shown)).toBeLessThanOrEqual(plan.length);
      }
    }),
  ));

test('a clock that nobody touches is right', () => {
  const pieces = clockPieces({ id: 'a', clock: {} }, []);
  expect(offsetAt(pieces, 123_456)).toBe(0);
});
