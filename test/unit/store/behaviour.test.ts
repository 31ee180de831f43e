/** What every store does, run against each of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Row } from '../../../reference/core.ts';
import { openJournal } from '../../../reference/store/journal.ts';
import { createMemoryStore } from '../../../reference/store/memory.ts';
import type { Store } from '../../../reference/store/store.ts';
import { modelOf, rows, sorted } from './rows.ts';

const root = mkdtempSync(join(tmpdir(), 'norc-store-'));
let count = 0;
const freshDirectory = () => join(root, String(++count));
afterAll(() => rmSync(root, { recursive: true }));

const stores: [string, () => Store][] = [
  ['memory', createMemoryStore],
  ['journal', () => openJournal(freshDirectory())],
  // So small that it is written anew all the time.
  ['journal that compacts', () => openJournal(freshDirectory(), { compactFromBytes: 40 })],
];

describe.each(stores)('%s', (_, open) => {
  test('the last value of a key counts, and null deletes', () =>
    fc.assert(
      fc.property(fc.array(rows(), { maxLength: 12 }), (writes) => {
        const store = open();
        for (const changes of writes) store.write(changes);
        expect(sorted(store.load())).toEqual(modelOf(writes));
        store.close();
      }),
      { numRuns: 30 },
    ));

  test('a fresh store is empty, and stays so when nothing is written', () => {
    const store = open();
    store.write([]);
    expect(store.load()).toEqual([]);
    store.close();
  });

  test('the same key in two tables is two rows', () => {
    const store = open();
    const both: Row[] = [
      { table: 'user', key: 'a', value: 1 },
      { table: 'device', key: 'a', value: 2 },
    ];
    store.write(both);
    expect(sorted(store.load())).toEqual(sorted(both));
    store.close();
  });

  test('what is read before a write does not change by it', () => {
    const store = open();
    store.write([{ table: 'user', key: 'a', value: 1 }]);
    const before = store.load();
    store.write([{ table: 'user', key: 'a', value: 2 }]);
    expect(before).toEqual([{ table: 'user', key: 'a', value: 1 }]);
    store.close();
  });
});
