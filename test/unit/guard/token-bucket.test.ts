/** V-RAT: traces of the limits in M 6.16. */
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../../reference/assert.ts';
import {
  available,
  createBucket,
  isFull,
  take,
  takeAll,
} from '../../../reference/guard/token-bucket.ts';
import { seconds } from '../../../reference/time.ts';

const start = seconds(1_734_900_000);
const messageRate = { ratePerMinute: 60, burst: 120 };

describe('the limit of a device', () => {
  test('lets 120 through at once and tells the next to come back in a second', () => {
    const bucket = createBucket(messageRate, start);
    for (let sent = 0; sent < 120; sent += 1) expect(take(bucket, start).accepted).toBe(true);
    expect(take(bucket, start)).toEqual({ accepted: false, retryAfterSeconds: 1 });
    expect(take(bucket, start + seconds(1) - 1)).toEqual({ accepted: false, retryAfterSeconds: 1 });
    expect(take(bucket, start + seconds(1))).toEqual({ accepted: true, retryAfterSeconds: 0 });
  });
  test('slows a sender of 61 a minute to 60', () => {
    const bucket = createBucket(messageRate, start);
    let accepted = 0;
    const minutes = 600;
    for (let sent = 0; sent < 61 * minutes; sent += 1) {
      if (take(bucket, start + Math.floor((sent * seconds(60)) / 61)).accepted) accepted += 1;
    }
    expect(accepted).toBe(120 + 60 * minutes - 1);
  });
  test('is not lifted by asking in vain', () => {
    const bucket = createBucket({ ratePerMinute: 60, burst: 1 }, start);
    expect(take(bucket, start).accepted).toBe(true);
    for (let tenth = 1; tenth < 10; tenth += 1) {
      expect(take(bucket, start + seconds(tenth / 10)).accepted).toBe(false);
    }
    expect(take(bucket, start + seconds(1)).accepted).toBe(true);
  });
});

describe('a bucket', () => {
  test('refuses the fourth registration for twenty minutes', () => {
    const bucket = createBucket({ ratePerHour: 3, burst: 3 }, start);
    for (let sent = 0; sent < 3; sent += 1) expect(take(bucket, start).accepted).toBe(true);
    expect(take(bucket, start)).toEqual({ accepted: false, retryAfterSeconds: 1200 });
    expect(take(bucket, start + seconds(1200)).accepted).toBe(true);
  });
  test('counts bytes over five minutes', () => {
    const rate = { tokens: 100_000_000, periodSeconds: 300, burst: 100_000_000 };
    const bucket = createBucket(rate, start);
    expect(take(bucket, start, 100_000_000).accepted).toBe(true);
    expect(take(bucket, start, 1_000_000)).toEqual({ accepted: false, retryAfterSeconds: 3 });
    expect(take(bucket, start + seconds(3), 1_000_000).accepted).toBe(true);
    expect(available(bucket, start + seconds(3))).toBe(0);
  });
  test('rounds a wait up by the last microsecond', () => {
    const bucket = createBucket({ tokens: 7, periodSeconds: 1, burst: 8 }, start);
    expect(take(bucket, start, 8).accepted).toBe(true);
    // 8/7 s are 1 142 857 µs and a seventh: what is left is a second and a seventh of a
    // microsecond.
    const later = start + 142_857;
    expect(take(bucket, later, 8)).toEqual({ accepted: false, retryAfterSeconds: 2 });
    expect(take(bucket, later + seconds(1), 8).accepted).toBe(false);
    expect(take(bucket, later + seconds(1) + 1, 8).accepted).toBe(true);
  });
  test('promises nothing for what is above its size', () => {
    const bucket = createBucket(messageRate, start);
    expect(take(bucket, start, 121)).toEqual({ accepted: false, retryAfterSeconds: null });
    expect(take(bucket, start, 120).accepted).toBe(true);
  });
  test('gives nothing for a clock that steps back, and says so in the wait', () => {
    const bucket = createBucket({ ratePerMinute: 60, burst: 1 }, start);
    expect(take(bucket, start).accepted).toBe(true);
    expect(take(bucket, start - seconds(10))).toEqual({ accepted: false, retryAfterSeconds: 11 });
    expect(take(bucket, start + seconds(1)).accepted).toBe(true);
  });
  test('is as good as new when it is full again', () => {
    const bucket = createBucket(messageRate, start);
    expect(isFull(bucket, start)).toBe(true);
    take(bucket, start);
    expect(isFull(bucket, start)).toBe(false);
    expect(isFull(bucket, start + seconds(1))).toBe(true);
  });
  test('survives a restart as JSON', () => {
    const bucket = createBucket(messageRate, start);
    take(bucket, start, 119);
    const restored = JSON.parse(JSON.stringify(bucket));
    expect(take(restored, start).accepted).toBe(true);
    expect(take(restored, start).accepted).toBe(false);
  });
  test('of no rate is our own mistake', () => {
    expect(() => createBucket({ ratePerSecond: 0, burst: 1 }, start)).toThrow(InvariantError);
    expect(() => createBucket({ ratePerSecond: 1, burst: 0 }, start)).toThrow(InvariantError);
    expect(() => createBucket({ ratePerSecond: 0.5, burst: 1 }, start)).toThrow(InvariantError);
    expect(() => take(createBucket(messageRate, start), start, -1)).toThrow(InvariantError);
  });
});

test('two limits take from both or from neither', () => {
  const count = createBucket({ ratePerMinute: 60, burst: 2 }, start);
  const size = createBucket({ ratePerSecond: 100, burst: 1000 }, start);
  const charge = (bytes: number) =>
    takeAll(
      [
        { bucket: count, cost: 1 },
        { bucket: size, cost: bytes },
      ],
      start,
    );
  expect(charge(900).accepted).toBe(true);
  expect(charge(500)).toEqual({ accepted: false, retryAfterSeconds: 4 });
  expect(available(count, start)).toBe(1);
  expect(charge(100).accepted).toBe(true);
  expect(charge(0)).toEqual({ accepted: false, retryAfterSeconds: 1 });
});
