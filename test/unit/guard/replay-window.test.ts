/** V-SEQ: the corrected vectors of the window (L-E15). */
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import {
  checkFresh,
  createWindow,
  missing,
  type ReplayWindow,
  record,
  windowFromJson,
  windowToJson,
} from '../../../reference/guard/replay-window.ts';

const must = createMust();

function accepts(window: ReplayWindow, number: number): boolean {
  const { ok } = checkFresh(window, number, must);
  if (ok) record(window, number);
  return ok;
}

function seen(size: 1024 | 4096, from: number, to: number): ReplayWindow {
  const window = createWindow(size);
  for (let number = from; number <= to; number += 1) record(window, number);
  return window;
}

describe('a window of 1024 that has seen 100 to 120', () => {
  test.each([
    [119, false],
    [100, false],
    [120, false],
    [99, true],
    [121, true],
    [125, true],
  ])('%i is accepted: %s', (number, expected) => {
    expect(accepts(seen(1024, 100, 120), number)).toBe(expected);
  });
  test('accepts a late number once', () => {
    const window = seen(1024, 100, 121);
    expect(accepts(window, 125)).toBe(true);
    expect(missing(window, 100)).toEqual([122, 123, 124]);
    expect(accepts(window, 122)).toBe(true);
    expect(accepts(window, 122)).toBe(false);
    expect(missing(window, 100)).toEqual([123, 124]);
  });
  test('names what is wrong', () => {
    const window = seen(1024, 2000, 2020);
    expect(checkFresh(window, 2010, must)).toMatchObject({ error: { requirement: 'X-SEQ-03' } });
    expect(checkFresh(window, 996, must)).toMatchObject({ error: { requirement: 'X-SEQ-03' } });
    expect(checkFresh(window, 997, must)).toMatchObject({ ok: true });
    expect(checkFresh(window, 0, must)).toMatchObject({ error: { requirement: 'X-SEQ-01' } });
    expect(checkFresh(window, -1, must)).toMatchObject({ error: { requirement: 'X-SEQ-01' } });
    expect(checkFresh(window, 1.5, must)).toMatchObject({ error: { requirement: 'X-SEQ-01' } });
  });
});

describe('the lower edge', () => {
  test.each([
    [1024, 1123, 100, true],
    [1024, 1124, 100, false],
    [4096, 4195, 100, true],
    [4096, 4196, 100, false],
  ] as const)(
    'of W = %i with head %i: unseen %i is accepted: %s',
    (size, head, number, expected) => {
      const window = createWindow(size);
      record(window, head);
      expect(accepts(window, number)).toBe(expected);
    },
  );
  test('of a federation window is X-SEQ-04', () => {
    const window = createWindow(4096);
    record(window, 5000);
    expect(checkFresh(window, 904, must)).toMatchObject({ error: { requirement: 'X-SEQ-04' } });
    expect(checkFresh(window, 5000, must)).toMatchObject({ error: { requirement: 'X-SEQ-03' } });
  });
});

describe('a jump', () => {
  test('of 2^20 is the furthest', () => {
    const window = seen(1024, 100, 100);
    expect(checkFresh(window, 100 + 2 ** 20, must)).toMatchObject({ ok: true });
    expect(checkFresh(window, 101 + 2 ** 20, must)).toMatchObject({
      error: { requirement: 'X-SEQ-08' },
    });
    expect(checkFresh(window, 2 ** 40, must)).toMatchObject({ error: { requirement: 'X-SEQ-08' } });
  });
  test('is measured from the highest start where nothing was seen yet', () => {
    const window = createWindow(1024);
    expect(checkFresh(window, 2 ** 24 - 1, must)).toMatchObject({ ok: true });
    expect(checkFresh(window, 2 ** 40, must)).toMatchObject({ error: { requirement: 'X-SEQ-08' } });
  });
});

test('a forged number that is only checked shuts nothing out', () => {
  const window = seen(1024, 100, 120);
  const before = JSON.stringify(windowToJson(window));
  checkFresh(window, 120 + 2 ** 20, must);
  expect(JSON.stringify(windowToJson(window))).toBe(before);
  expect(accepts(window, 121)).toBe(true);
});

test('the state after a restart is the same', () => {
  const window = seen(1024, 100, 120);
  record(window, 1500);
  const restored = windowFromJson(JSON.parse(JSON.stringify(windowToJson(window))));
  expect(restored).toEqual(window);
  expect(accepts(restored, 1500)).toBe(false);
  expect(accepts(restored, 1499)).toBe(true);
});

test('numbers that a careless build lets through are recorded without harm', () => {
  const window = seen(1024, 5000, 5000);
  for (const number of [5000, 1, 0, -5, 2 ** 53, Number.NaN]) record(window, number);
  expect(window.head).toBe(5000);
  record(window, 2 ** 40);
  expect(accepts(window, 2 ** 40)).toBe(false);
  expect(accepts(window, 2 ** 40 - 1)).toBe(true);
});
