/** Which bucket is next, across words and levels. */
import { expect, test } from 'vitest';
import { createOccupancy } from '../../../sim/kernel/occupancy.ts';

const BUCKETS = 2 ** 17;

test.each([
  [0, 0],
  [0, 31],
  [0, 32],
  [31, 32],
  [1, 1023],
  [1024, 32_768],
  [5, BUCKETS - 1],
])('from %d on the next that is occupied is %d', (from, bucket) => {
  const occupancy = createOccupancy(BUCKETS);
  occupancy.set(bucket);
  if (from > 0) occupancy.set(from - 1);
  expect(occupancy.firstFrom(from)).toBe(bucket);
});

test('nothing is found where nothing is, or is no more', () => {
  const occupancy = createOccupancy(BUCKETS);
  expect(occupancy.firstFrom(0)).toBe(-1);
  for (const bucket of [7, 40_000]) occupancy.set(bucket);
  occupancy.clear(7);
  expect(occupancy.firstFrom(0)).toBe(40_000);
  expect(occupancy.firstFrom(40_001)).toBe(-1);
  occupancy.clear(40_000);
  expect(occupancy.firstFrom(0)).toBe(-1);
});

test('one of two neighbours may go', () => {
  const occupancy = createOccupancy(BUCKETS);
  occupancy.set(64);
  occupancy.set(65);
  occupancy.clear(64);
  expect(occupancy.firstFrom(0)).toBe(65);
});
