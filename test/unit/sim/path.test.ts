/** How long it takes: latency, jitter drawn for each direction, and parcels that wait for their turn. */
import { describe, expect, test } from 'vitest';
import { createPaths, type PathShape } from '../../../sim/network/path.ts';
import { TICKS_PER_SECOND } from '../../../sim/ticks.ts';

const plain: PathShape = { latencyTicks: () => 200, jitterTicks: 0, bytesPerSecond: null };
const between = (shape: Partial<PathShape>, seed = 1) =>
  createPaths({ ...plain, ...shape }, seed).between('acme.test', 'bravo.test');

test('a parcel arrives after the latency, whatever its size', () => {
  expect(between({}).arrival(10 ** 6, 50)).toBe(250);
});

test('a handshake crosses as often as it has flights', () => {
  expect(between({}).roundsLater(4, 50)).toBe(850);
});

describe('with a bandwidth', () => {
  const path = () => between({ bytesPerSecond: 1000 });

  test('a parcel takes the time of its bytes', () => {
    expect(path().arrival(500, 0)).toBe(TICKS_PER_SECOND / 2 + 200);
  });

  test('the second waits until the first has left', () => {
    const queue = path();
    queue.arrival(500, 0);
    expect(queue.arrival(500, 0)).toBe(TICKS_PER_SECOND + 200);
  });

  test('who comes after a pause does not wait', () => {
    const queue = path();
    queue.arrival(500, 0);
    expect(queue.arrival(500, 9 * TICKS_PER_SECOND)).toBe(9.5 * TICKS_PER_SECOND + 200);
  });

  test('the other direction has a queue of its own', () => {
    const paths = createPaths({ ...plain, bytesPerSecond: 1000 }, 1);
    paths.between('acme.test', 'bravo.test').arrival(5000, 0);
    expect(paths.between('bravo.test', 'acme.test').arrival(500, 0)).toBe(
      TICKS_PER_SECOND / 2 + 200,
    );
  });
});

describe('jitter', () => {
  const draws = (from: string, seed = 1) => {
    const path = createPaths({ ...plain, jitterTicks: 50 }, seed).between(from, 'bravo.test');
    return Array.from({ length: 200 }, () => path.arrival(0, 0) - 200);
  };

  test('lies between nothing and its bound, both included', () => {
    expect(Math.min(...draws('acme.test'))).toBe(0);
    expect(Math.max(...draws('acme.test'))).toBe(50);
  });

  test('follows from the seed and the names, not from who else is there', () => {
    expect(draws('acme.test')).toEqual(draws('acme.test'));
    expect(draws('acme.test')).not.toEqual(draws('acme.test', 2));
    expect(draws('acme.test')).not.toEqual(draws('cedar.test'));
  });
});

test('a slowdown is added while it lasts', () => {
  const paths = createPaths(plain, 1);
  const path = paths.between('acme.test', 'bravo.test');
  paths.setSlowdown('slow', (from) => (from === 'acme.test' ? 30 : 0));
  expect(path.arrival(0, 0)).toBe(230);
  expect(paths.between('bravo.test', 'acme.test').arrival(0, 0)).toBe(200);
  paths.setSlowdown('slow', null);
  expect(path.arrival(0, 0)).toBe(200);
});
