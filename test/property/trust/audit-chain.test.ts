/**
 * T-AUD-01 to T-AUD-03 over whole lives: whatever two servers do to each other, on whatever days and
 * with restarts in between, the log that each has kept verifies, holds each thing done once, has a
 * root for every day, and proves every event and no other.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import type { AuditEntry } from '../../../reference/audit/chain.ts';
import { midnightOf } from '../../../reference/audit/days.ts';
import { judgeLog } from '../../../reference/audit/judge.ts';
import { inclusionProof, isIncluded } from '../../../reference/audit/merkle.ts';
import { logRowsOf } from '../../../reference/audit/rows.ts';
import type { AuditEvent, Row } from '../../../reference/core.ts';
import { without } from '../../../reference/wire/canonical.ts';
import { auditsOf, establish, logsOf, renew, revoke } from '../../unit/trust/deeds.ts';
import {
  ACME,
  BRAVO,
  createWorld,
  crypto,
  pass,
  restart,
  serverOf,
  settle,
  type World,
} from '../../unit/trust/pair.ts';

const DAY = 86_400;
const side = fc.constantFrom(ACME, BRAVO);
const other = (id: string) => (id === ACME ? BRAVO : ACME);

type Deed = (world: World) => void;
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(side, fc.boolean()).map(
      ([from, mutual]): Deed =>
        (world) =>
          establish(world, { from, to: other(from), mutual }),
    ),
  },
  {
    weight: 4,
    arbitrary: side.map(
      (by): Deed =>
        (world) =>
          renew(world, by, other(by)),
    ),
  },
  fc.tuple(side, fc.constantFrom('voluntary', 'policy_violation')).map(
    ([by, reason]): Deed =>
      (world) =>
        revoke(world, by, other(by), { reason }),
  ),
  side.map((by): Deed => {
    const order = { scope: 'partial', permissions: ['user_discovery'] };
    return (world) => revoke(world, by, other(by), { reason: 'policy_violation', ...order });
  }),
  {
    weight: 3,
    arbitrary: side.map(
      (id): Deed =>
        (world) =>
          restart(world, id),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(400, 4000, DAY / 2, DAY, 3 * DAY).map(
      (duration): Deed =>
        (world) =>
          pass(world, duration),
    ),
  },
);

/** Certificates that a server has stored, and of these those that follow another (renewals). */
function certificatesOf(world: World, id: string): { all: Set<string>; successors: Set<string> } {
  const [all, successors] = [new Set<string>(), new Set<string>()];
  for (const effect of serverOf(world, id).effects) {
    if (effect.type !== 'persist' || effect.table !== 'trust-certificate') continue;
    const relation = effect.value as { [direction: string]: Held | null };
    for (const held of [relation.inbound, relation.outbound]) {
      if (!held) continue;
      all.add(held.certificate.certificate_id);
      if (held.predecessor) successors.add(held.certificate.certificate_id);
    }
  }
  return { all, successors };
}

interface Held {
  readonly certificate: { readonly certificate_id: string };
  readonly predecessor: object | null;
}

const rowsOf = (world: World, id: string): readonly Row[] => serverOf(world, id).store.load();

function judgeRows(world: World, id: string, rows: readonly Row[]) {
  const { publicKey } = serverOf(world, id).key;
  return judgeLog(logRowsOf(rows), { crypto, publicKey, must: createMust() });
}

function whole(world: World, id: string) {
  const judged = judgeRows(world, id, rowsOf(world, id));
  expect(judged.fault).toBeNull();
  expect(judged.rest).toEqual([]);
  return judged;
}

/** What was emitted stands there, once and in its order. */
function expectEachOnce(entries: readonly AuditEntry[], events: readonly AuditEvent[]): void {
  expect(entries.map(({ action }) => action)).toEqual(events.map(({ action }) => action));
  expect(new Set(entries.map(({ event_id }) => event_id)).size).toBe(entries.length);
}

const idsIn = (entries: readonly AuditEntry[], type: AuditEntry['event_type']): string[] =>
  entries
    .filter(({ event_type, result }) => event_type === type && result === 'success')
    .map(({ parameters }) => String(parameters.certificate_id))
    .sort();

/** Ids of the revocations that a server has issued: the same one may be pushed often. */
function revocationsBy({ sent }: World, by: string): Set<string> {
  return new Set(
    sent.flatMap(({ from, message }) => {
      const isTheirs = from === by && message?.type === 'trust_revoke';
      return isTheirs && message.revocation_id !== undefined ? [message.revocation_id] : [];
    }),
  );
}

function expectDeeds(world: World, id: string, entries: readonly AuditEntry[]): void {
  const { all, successors } = certificatesOf(world, id);
  expect(idsIn(entries, 'trust_renewed')).toEqual([...successors].sort());
  expect(idsIn(entries, 'trust_granted')).toEqual(
    [...all].filter((one) => !successors.has(one)).sort(),
  );
  const ours = entries.filter(({ action }) => action === 'revoked trust');
  expect(ours).toHaveLength(revocationsBy(world, id).size);
}

/** A refusal that is logged is audited; so is a rejection by whoever is told of it. */
function expectDenials(world: World, id: string, entries: readonly AuditEntry[]): void {
  const denials = entries.filter(({ action }) => action === 'refused a trust message');
  const refusals = logsOf(world, id).filter(({ event }) => event === 'refused');
  expect(denials).toHaveLength(refusals.length);
}

/** Every entry lies in one day, and the root of each day is the hash of its last entry. */
function expectRoots(world: World, id: string, { entries, days }: ReturnType<typeof whole>): void {
  const { audit, context } = serverOf(world, id);
  audit.started(context);
  const covered = days.flatMap(({ first, count }) =>
    Array.from({ length: count }, (_, at) => first + at),
  );
  const last = entries.at(-1);
  if (!last) return;
  const open = entries.filter(({ sequence }) => sequence >= covered.length);
  expect([...covered, ...open.map(({ sequence }) => sequence)]).toEqual(entries.map((_, at) => at));
  for (const { day, first, count, root } of days) {
    expect(root).toBe(entries[first + count - 1]?.hash);
    expect(audit.rootOf(day, context)).toMatchObject({ root, count });
    expect(midnightOf(entries[first]?.timestamp ?? -1)).toBe(day);
  }
  const today = audit.rootOf(midnightOf(open[0]?.timestamp ?? 0), context);
  expect(today).toMatchObject({ root: last.hash, count: open.length });
}

/** An event is proven under the root of its day; the same event, altered in any way, is not. */
function expectProof(
  world: World,
  id: string,
  entries: readonly AuditEntry[],
  drawn: number,
): void {
  const entry = entries[drawn % entries.length];
  if (!entry) return;
  const { audit, context } = serverOf(world, id);
  const day = entries.filter(
    ({ timestamp }) => midnightOf(timestamp) === midnightOf(entry.timestamp),
  );
  const leaves = day.map(({ hash }) => hash);
  const index = day.indexOf(entry);
  const proof = { index, count: day.length, siblings: inclusionProof(crypto, leaves, index) };
  const tree = audit.rootOf(midnightOf(entry.timestamp), context)?.tree ?? '';
  const isProven = (one: AuditEntry) => {
    const hash = crypto.chainHash(one.previous, without(one, 'hash'));
    return isIncluded(crypto, hash, proof, tree);
  };
  expect(isProven(entry)).toBe(true);
  const altered: Partial<AuditEntry>[] = [
    { action: `${entry.action}.` },
    { result: entry.result === 'success' ? 'failure' : 'success' },
    { timestamp: entry.timestamp + 1 },
    { target_server: 'mallory.example' },
    { sequence: entry.sequence + 1 },
  ];
  for (const change of altered) expect(isProven({ ...entry, ...change })).toBe(false);
}

/** Whatever is done to one stored entry, the judge names it, and believes all before it. */
function expectTouched(
  world: World,
  id: string,
  entries: readonly AuditEntry[],
  drawn: number,
): void {
  const at = drawn % Math.max(1, entries.length);
  const entry = entries[at];
  if (!entry) return;
  const value = { ...entry, risk_level: entry.risk_level === 'low' ? 'high' : 'low' };
  const isIt = ({ table, key }: Row) =>
    table === 'audit' && /^\d+$/.test(key) && Number(key) === at;
  const touched = rowsOf(world, id).map((row) => (isIt(row) ? { ...row, value } : row));
  const judged = judgeRows(world, id, touched as readonly Row[]);
  expect(judged.fault).toMatchObject({ requirement: 'X-AUD-01', found: entry.hash });
  expect(judged.chain.length).toBe(at);
}

const life = fc.record({
  deeds: fc.array(deed, { minLength: 3, maxLength: 14 }),
  drawn: fc.nat(),
});

test('T-AUD-03: after any life the log verifies, and holds and proves each thing done, once', () =>
  fc.assert(
    fc.property(life, ({ deeds, drawn }) => {
      const world = createWorld();
      for (const act of deeds) {
        act(world);
        settle(world);
      }
      for (const id of [ACME, BRAVO]) {
        const judged = whole(world, id);
        expectEachOnce(judged.entries, auditsOf(world, id));
        expectDeeds(world, id, judged.entries);
        expectDenials(world, id, judged.entries);
        expectRoots(world, id, judged);
        expectProof(world, id, judged.entries, drawn);
        expectTouched(world, id, judged.entries, drawn);
      }
    }),
    { numRuns: 25 },
  ));
