/** The cache that hostile input cannot make grow. */
import { expect, test } from 'vitest';
import { createBoundedCache } from '../../../reference/crypto/bounded-cache.ts';

test('forgets the least recently used entry, and only when it is full', () => {
  const cache = createBoundedCache<string>(2);
  const made: string[] = [];
  const get = (key: string): string =>
    cache.get(key, () => {
      made.push(key);
      return key;
    });
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key);
  // c pushes b out, because a was used since; b pushes c out.
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('remembers that there was nothing', () => {
  const cache = createBoundedCache<undefined>(1);
  let calls = 0;
  const make = (): undefined => {
    calls += 1;
    return undefined;
  };
  cache.get('a', make);
  cache.get('a', make);
  expect(calls).toBe(1);
});
