/** X-TIME, Part 5.3: boundaries of time, in the unit of the field. */
import { describe, expect, test } from 'vitest';
import {
  isCredibleOffset,
  isExpired,
  isNearMicros,
  isNearSeconds,
  isValidAt,
} from '../../../reference/guard/freshness.ts';
import { millis, seconds, toMillis, toSeconds, toWholeSeconds } from '../../../reference/time.ts';

const at = 1_734_900_000;
const now = seconds(at);

describe('validity', () => {
  const validity = { notBeforeSeconds: at, notAfterSeconds: at + 10 };
  test.each([
    [now - 1, false],
    [now, true],
    [now + seconds(10) - 1, true],
    [now + seconds(10), false],
  ])('is half-open: at %i it is %s', (instant, expected) => {
    expect(isValidAt(instant, validity)).toBe(expected);
  });
  test('ends when it says', () => {
    expect(isExpired(now - 1, at)).toBe(false);
    expect(isExpired(now, at)).toBe(true);
  });
});

describe('skew', () => {
  test.each([-5, 0, 5])('of %i s passes a bound of 5 on a field of seconds', (skew) => {
    for (const fraction of [0, 1, 999_999]) {
      expect(isNearSeconds(now + fraction, at + skew, 5)).toBe(true);
    }
  });
  test.each([-6, 6])('of %i s does not, whatever the fraction of our clock', (skew) => {
    for (const fraction of [0, 1, 999_999]) {
      expect(isNearSeconds(now + fraction, at + skew, 5)).toBe(false);
    }
  });
  test('on a field of microseconds is exact', () => {
    expect(isNearMicros(now, now + seconds(60), 60)).toBe(true);
    expect(isNearMicros(now, now - seconds(60), 60)).toBe(true);
    expect(isNearMicros(now, now + seconds(60) + 1, 60)).toBe(false);
    expect(isNearMicros(now, now - seconds(60) - 1, 60)).toBe(false);
  });
  test('a value in the wrong unit is far away', () => {
    expect(isNearMicros(now, at, 300)).toBe(false);
    expect(isNearSeconds(now, now, 300)).toBe(false);
    expect(isNearSeconds(now, at * 1000, 300)).toBe(false);
  });
});

test('an offset is credible within its uncertainty and the margin', () => {
  const sync = { serverTimeSeconds: at, uncertaintyMs: 250 };
  expect(isCredibleOffset(now + seconds(5) + millis(250), sync, 5)).toBe(true);
  expect(isCredibleOffset(now + seconds(5) + millis(250) + 1, sync, 5)).toBe(false);
  expect(isCredibleOffset(now - seconds(5) - millis(250) - 1, sync, 5)).toBe(false);
});

test('units are converted downwards, waits upwards', () => {
  expect(toSeconds(seconds(3) + 999_999)).toBe(3);
  expect(toMillis(millis(3) + 999)).toBe(3);
  expect(toWholeSeconds(1)).toBe(1);
  expect(toWholeSeconds(seconds(2))).toBe(2);
  expect(seconds(0.1)).toBe(100_000);
});
