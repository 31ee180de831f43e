/** Roots of days, what they prove, and how long entries are kept. */
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { type AuditEntry, emptyChain } from '../../../reference/audit/chain.ts';
import { createDays, enterDay, rootOf } from '../../../reference/audit/days.ts';
import { createAuditLog } from '../../../reference/audit/log.ts';
import { isIncluded } from '../../../reference/audit/merkle.ts';
import { defaultPolicy } from '../../../reference/config.ts';
import type { Context, Effect, Row } from '../../../reference/core.ts';
import { createMemoryStore } from '../../../reference/store/memory.ts';
import { seconds } from '../../../reference/time.ts';
import { noEvidence } from '../crypto/no-evidence.ts';
import { nodeCrypto } from '../crypto/providers.ts';
import { configOf, event, logOf } from './log.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe('the root of a day (X-AUD-04)', () => {
  // Entries at 0, 12, 24, 36 and 48 hours.
  const entries = logOf(
    Array.from({ length: 5 }, () => event()),
    12 * HOUR,
  );
  const days = createDays();
  for (const entry of entries) enterDay(days, entry, nodeCrypto);

  test.each([
    [0, 1, 2],
    [DAY, 3, 2],
    [2 * DAY, 4, 1],
    [9 * DAY, 4, 0],
  ])('T-AUD-02: at second %i is the hash of entry %i, after %i entries', (day, index, count) => {
    expect(rootOf(days, day, nodeCrypto)).toMatchObject({ root: entries[index]?.hash, count });
  });

  test('T-AUD-02: before the first entry is the genesis', () => {
    expect(rootOf(createDays(), 0, nodeCrypto)).toMatchObject({ root: emptyChain.head, count: 0 });
    const late = createDays();
    for (const entry of entries.slice(2)) enterDay(late, entry, nodeCrypto);
    expect(rootOf(late, 0, nodeCrypto)).toMatchObject({ root: emptyChain.head });
  });

  test('once the day is over does not change, though the clock goes back', () => {
    const stepped = createDays();
    for (const entry of entries) enterDay(stepped, entry, nodeCrypto);
    const before = rootOf(stepped, DAY, nodeCrypto);
    const [last] = entries.slice(-1);
    if (!last) throw new Error('no entry');
    enterDay(stepped, { ...last, sequence: 5, timestamp: DAY + 1, hash: 'x' }, nodeCrypto);
    expect(rootOf(stepped, DAY, nodeCrypto)).toEqual(before);
    expect(rootOf(stepped, 2 * DAY, nodeCrypto)).toMatchObject({ root: 'x', count: 2 });
  });
});

const config = configOf({ policy: { ...defaultPolicy, auditRetentionDays: 2 } });

/** A log that has an entry about bravo and one about charlie at noon of every day. */
function kept(dayCount: number, rows: readonly Row[] = [], from = 0) {
  const store = createMemoryStore();
  store.write(rows);
  const effects: Effect[] = [];
  const context: Context & { now: number } = {
    now: 0,
    must: createMust(),
    crypto: nodeCrypto,
    x509: {
      ...noEvidence,
      read: () => undefined,
      isIssuedBy: () => false,
      verifyByLeaf: () => false,
    },
    entropy: (lengthBytes) => new Uint8Array(lengthBytes),
    emit: (effect) => effects.push(effect),
  };
  const log = createAuditLog(config);
  log.restore(rows);
  log.started(context);
  for (let day = from; day < from + dayCount; day += 1) {
    for (const target of ['bravo.example', 'charlie.example']) {
      context.now = seconds(day * DAY + DAY / 2);
      log.append(event({ target }), context);
    }
  }
  for (const effect of effects) if (effect.type === 'persist') store.write([effect]);
  const left = store.load().map(({ table, key, value }) => ({ table, key, value }));
  return { log, context, rows: left };
}

/** By a key that is not the keeper's. */
const keeperOfNone = nodeCrypto.sign(nodeCrypto.signingKey(new Uint8Array(32)), {
  type: 'audit_day',
});

const sequences = (rows: readonly Row[]) =>
  rows.filter(({ key }) => /^\d+$/.test(key)).map(({ value }) => (value as AuditEntry).sequence);

describe('entries of a day', () => {
  test('T-AUD-02: about one server are proven, and those about others are not shown', () => {
    const { log, context } = kept(3);
    const root = log.rootOf(DAY, context);
    const found = log.entriesAbout('bravo.example', DAY, context);
    expect(found).toHaveLength(1);
    for (const { entry, index, siblings } of found) {
      expect(entry.target_server).toBe('bravo.example');
      const proof = { index, count: root?.count ?? 0, siblings };
      expect(isIncluded(nodeCrypto, String(entry.hash), proof, root?.tree ?? '')).toBe(true);
    }
  });

  test('older than policy keeps them go; their roots stay', () => {
    const { log, context, rows } = kept(6);
    expect(sequences(rows)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(log.rootOf(0, context)).toMatchObject({ count: 2 });
    expect(log.entriesAbout('bravo.example', 0, context)).toEqual([]);
  });

  test('that were kept are good after a restart, though the log no longer begins at its genesis', () => {
    const { rows } = kept(6);
    const again = kept(1, rows, 6);
    expect(again.log.isWhole()).toBe(true);
    expect(sequences(again.rows)).toEqual([8, 9, 10, 11, 12, 13]);
  });
});

describe('a log that somebody has cut (S-29)', () => {
  test('X-AUD-01: at its end does not lead to the root of a day that is over', () => {
    const { rows } = kept(3);
    const cut = rows.filter(({ key }) => !/^\d+$/.test(key) || Number(key) < 3);
    expect(kept(0, cut).log.isWhole()).toBe(false);
  });

  test('X-AUD-04: keeps the root that it does not lead to aside, and is whole from there on', () => {
    const { rows } = kept(3);
    const cut = rows.filter(({ key }) => !/^\d+$/.test(key) || Number(key) < 3);
    const root = rows.find(({ key }) => Number(key.slice('day/'.length)) === DAY)?.value;
    const again = kept(1, cut, 3);
    const aside = again.rows.filter(({ key }) => key.startsWith('broken/'));
    expect(aside.map(({ value }) => value)).toEqual([root]);
    expect(kept(0, again.rows).log.isWhole()).toBe(true);
  });

  test('X-AUD-04: a root that another key has signed is found out', () => {
    const { rows } = kept(3);
    const forged = rows.map((row) =>
      row.key.startsWith('day/')
        ? { ...row, value: { ...(row.value as object), signature: keeperOfNone } }
        : row,
    );
    expect(kept(0, forged).log.isWhole()).toBe(false);
  });

  test('X-AUD-01: at its beginning is not believed without our signature', () => {
    const { rows } = kept(6);
    const forged = rows
      .filter(({ key }) => !/^\d+$/.test(key) || Number(key) > 7)
      .map((row) => {
        if (row.key !== 'base') return row;
        const [first] = rows.filter(({ key }) => Number(key) === 8);
        const previous = (first?.value as AuditEntry | undefined)?.previous ?? '';
        return { ...row, value: { ...(row.value as object), length: 8, head: previous } };
      });
    expect(kept(0, forged).log.isWhole()).toBe(false);
  });
});
