/** The audit log across restarts, and what becomes of a log that somebody has touched. */
import { expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { type AuditEntry, verifyChain } from '../../../reference/audit/chain.ts';
import { createAuditLog } from '../../../reference/audit/log.ts';
import type { Context, Effect, Row } from '../../../reference/core.ts';
import { createMemoryStore } from '../../../reference/store/memory.ts';
import type { Json } from '../../../spec/schema.ts';
import { noEvidence } from '../crypto/no-evidence.ts';
import { nodeCrypto } from '../crypto/providers.ts';
import { configOf, event, keeper } from './log.ts';

const config = configOf();

/** One life of a server: what it restores, how often it appends, what survives and what it said. */
function live(rows: readonly Row[], appends: number) {
  const store = createMemoryStore();
  store.write(rows);
  const effects: Effect[] = [];
  const context: Context = {
    now: 1_700_000_000_000_000,
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
  for (let count = 0; count < appends; count += 1) {
    log.append(event({ actor: 'bob@bravo.example' }), context);
  }
  for (const effect of effects) if (effect.type === 'persist') store.write([effect]);
  const logged = effects.flatMap((effect) => (effect.type === 'log' ? effect.entry.detail : []));
  return { rows: store.load().map(({ table, key, value }) => ({ table, key, value })), logged };
}

function entriesOf(rows: readonly Row[]): AuditEntry[] {
  return rows
    .filter(({ key }) => /^\d+$/.test(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ value }) => value as AuditEntry);
}

const isWhole = (rows: readonly Row[]) =>
  verifyChain(entriesOf(rows), {
    crypto: nodeCrypto,
    publicKey: keeper.key.publicKey,
    must: createMust(),
  }).ok;

const spoil = (rows: readonly Row[], at: number, value: Json): Row[] =>
  rows.map((row) => (Number(row.key) === at ? { ...row, value } : row));

test('the chain goes on where it stood before the restart', () => {
  const second = live(live([], 3).rows, 2);
  expect(entriesOf(second.rows).map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4]);
  expect(isWhole(second.rows)).toBe(true);
  expect(second.logged).toEqual([]);
});

test('keys sort as their sequence numbers do', () => {
  const { rows } = live([], 12);
  const keys = rows.map(({ key }) => key).sort();
  expect(keys.map(Number)).toEqual([...Array(12).keys()]);
});

test('X-AUD-03: no user id is written in clear', () => {
  expect(JSON.stringify(live([], 1).rows)).not.toContain('bob@');
});

const { rows: good } = live([], 4);
const entry = (at: number) => ({ ...entriesOf(good)[at] }) as { [name: string]: Json };
const breaks: [string, Row[]][] = [
  ['changed', spoil(good, 2, { ...entry(2), action: 'nothing to see' })],
  ['replaced by another one', spoil(good, 2, entry(1))],
  ['taken out', good.filter(({ key }) => Number(key) !== 2)],
  ['not an entry', spoil(good, 2, 'x')],
  ['without a signature', spoil(good, 2, { ...entry(2), signature: null })],
  ['a text without canonical form', spoil(good, 2, { ...entry(2), action: '\ud800' })],
];

test.each(breaks)('an entry that is %s ends the good chain, and is said and kept', (_, rows) => {
  const after = live(rows, 1);
  expect(after.logged).toHaveLength(1);
  expect(isWhole(after.rows)).toBe(true);
  const entries = entriesOf(after.rows);
  // Two good ones, the one that tells of the breach, and the new one.
  expect(entries).toHaveLength(4);
  expect(entries[2]).toMatchObject({ action: 'verify_audit_log', risk_level: 'critical' });
  const kept = after.rows.filter(({ key }) => key.startsWith('broken/')).map(({ value }) => value);
  expect(kept).toEqual(rows.slice(2).map(({ value }) => value));
  // Said once: the next life finds a whole chain.
  expect(live(after.rows, 0).logged).toEqual([]);
});
