/** What of a simulated disk survives, and that nothing reaches it afterwards. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createDurableStore } from '../../../sim/world/durable-store.ts';

const SYNC = 100;
let now = 0;
const row = (key: string, value: unknown = key) => ({ table: 'user', key, value }) as never;
const create = () => createDurableStore(() => now, SYNC);

beforeEach(() => {
  now = 0;
});

const keysOf = (store: ReturnType<typeof create>) => store.load().map(({ key }) => key);

/** Two rows before a sync, four after it. */
function written(): ReturnType<typeof create> {
  const store = create();
  store.write([row('a'), row('b')]);
  now = SYNC;
  store.write([row('c'), row('d')]);
  store.write([row('e'), row('f')]);
  return store;
}

test.each([
  ['all', ['a', 'b', 'c', 'd', 'e', 'f']],
  ['synced', ['a', 'b']],
  ['torn', ['a', 'b', 'c', 'd']],
] as const)('of a crash that leaves %s: %j', (survival, keys) => {
  const store = written();
  store.fail(survival);
  expect(keysOf(store)).toEqual(keys);
});

test('tidying changes nothing that can be seen', () => {
  const store = written();
  store.sync();
  store.fail('torn');
  expect(keysOf(store)).toEqual(['a', 'b', 'c', 'd']);
});

test('a value of null deletes the row', () => {
  const store = written();
  store.write([row('a', null)]);
  expect(keysOf(store)).not.toContain('a');
});

test('a full disk takes nothing and says so', () => {
  const store = create();
  store.isFull = true;
  expect(() => store.write([row('a')])).toThrow('full');
  expect(keysOf(store)).toEqual([]);
});

describe('rows', () => {
  test('are as they were when they were written', () => {
    const store = create();
    const value = { list: [{ a: 1 }], none: null };
    store.write([row('a', value)]);
    value.list.push({ a: 2 });
    expect(store.load()[0]?.value).toEqual({ list: [{ a: 1 }], none: null });
  });

  test('belong to whoever reads them', () => {
    const store = create();
    store.write([row('a', { list: [1] })]);
    for (const { value } of store.load()) (value as { list: number[] }).list.push(2);
    expect(store.load()[0]?.value).toEqual({ list: [1] });
  });

  test('keep a member called __proto__', () => {
    const store = create();
    store.write([row('a', JSON.parse('{"__proto__":{"b":1}}'))]);
    expect(JSON.stringify(store.load()[0]?.value)).toBe('{"__proto__":{"b":1}}');
  });
});
