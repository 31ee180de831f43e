/**
 * What the stored rows of a log amount to: how far its chain holds (X-AUD-01), whether the roots of its
 * days hold and cover it (X-AUD-04), and the first thing that is wrong. The server that resumes its log
 * and whoever audits the folder of one ask the same judge. It writes nothing.
 */

import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { limits } from '../../spec/limits.ts';
import { createMust, type Must } from '../assert.ts';
import type { Row } from '../core.ts';
import type { Crypto, PublicKey, SigningKey } from '../crypto/crypto.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import { parseStrict } from '../wire/parse.ts';
import { type AuditChain, type AuditEntry, emptyChain, entryFault } from './chain.ts';
import { type DayRecord, dayAfter } from './days.ts';
import { merkleRoot } from './merkle.ts';
import type { LogRows } from './rows.ts';

export interface Keeper {
  readonly crypto: Crypto;
  readonly publicKey: PublicKey;
  readonly must: Must;
}

export interface LogFault {
  readonly requirement: RequirementId;
  readonly detail: string;
  /** The row that is wrong, or where one should stand. */
  readonly key: string;
  readonly expected: string | null;
  readonly found: string | null;
}

/** Entries of one day that are kept. */
export interface DayOfEntries {
  readonly day: number;
  readonly entries: readonly AuditEntry[];
}

export interface JudgedLog {
  /** What the log begins with: earlier entries are no longer kept. */
  readonly base: AuditChain;
  /** The longest chain from there that holds. */
  readonly chain: AuditChain;
  readonly entries: readonly AuditEntry[];
  /** Roots that hold, oldest first. */
  readonly days: readonly DayRecord[];
  /** The first of all; null when everything holds. */
  readonly fault: LogFault | null;
  /** Rows that are no part of what holds. */
  readonly rest: readonly Row[];
}

const ENTRY_BYTES = 1024 * 1024;

/** `judged`: told of each entry, for whoever waits. */
export function judgeLog(
  rows: LogRows,
  keeper: Keeper,
  judged: (count: number) => void = () => {},
): JudgedLog {
  const { base, fault: baseFault } = baseOf(rows.base, keeper);
  const found = lastGood(rows.entries, base, keeper, judged);
  const roots = judgeRoots(rows.days, { base, ...found }, keeper);
  const broken = rows.entries.slice(found.entries.length);
  return {
    base,
    chain: found.chain,
    entries: found.entries,
    days: roots.records,
    fault: baseFault ?? found.fault ?? roots.fault,
    rest: [...broken, ...roots.rest],
  };
}

// --- base ----------------------------------------------------------------------------------------

/** What is signed where the log begins later than at its genesis, and for the root of a day. */
const signedBase = ({ length, head }: AuditChain): JsonObject => ({
  type: 'audit_base',
  length,
  head,
});

const signedDay = ({ day, first, count, root, tree }: DayRecord): JsonObject => ({
  type: 'audit_day',
  day,
  first,
  count,
  root,
  ...(tree !== null && { tree }),
});

export function sealedBase(base: AuditChain, crypto: Crypto, key: SigningKey): JsonObject {
  const body = signedBase(base);
  return { ...body, signature: crypto.sign(key, body) };
}

export function sealedDay(record: DayRecord, crypto: Crypto, key: SigningKey): JsonObject {
  return { ...record, signature: crypto.sign(key, signedDay(record)) };
}

/** Where the log begins, under the signature of its keeper; without one, at its genesis. */
function baseOf(row: Row | null, { crypto, publicKey, must }: Keeper) {
  const genesis = { base: emptyChain, fault: null };
  if (row === null) return genesis;
  const { length, head, signature } = isObject(row.value) ? row.value : {};
  if (typeof length === 'number' && typeof head === 'string' && typeof signature === 'string') {
    const base = { length, head };
    if (must('X-AUD-01', crypto.verify(publicKey, signedBase(base), signature))) {
      return { base, fault: null };
    }
  }
  const detail = 'the beginning of the log is not signed by its keeper';
  return { ...genesis, fault: faultAt(row.key, 'X-AUD-01', detail) };
}

// --- entries -------------------------------------------------------------------------------------

/** The longest good chain at the start of `rows`, and what is wrong with the row after it. */
function lastGood(
  rows: readonly Row[],
  base: AuditChain,
  keeper: Keeper,
  judged: (count: number) => void,
) {
  const entries: AuditEntry[] = [];
  let chain = base;
  for (const row of rows) {
    const fault = isReadable(row)
      ? entryFault(row.value as AuditEntry, chain, keeper)
      : { requirement: 'X-AUD-01' as const, detail: 'not an entry', expected: null, found: null };
    if (fault) return { chain, entries, fault: { ...fault, key: row.key } };
    const entry = row.value as AuditEntry;
    chain = { length: chain.length + 1, head: entry.hash };
    entries.push(entry);
    judged(entries.length);
  }
  return { chain, entries, fault: null };
}

/** Whatever lay on the disk: only what has a canonical form can be judged, the rest would throw. */
function isReadable({ value }: Row): boolean {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const parsed = parseStrict(bytes, { maxBytes: ENTRY_BYTES, must: createMust() });
  if (!parsed.ok || !isObject(parsed.value)) return false;
  const { sequence, timestamp, previous, hash, signature } = parsed.value;
  const numbers = [sequence, timestamp].every((value) => typeof value === 'number');
  return numbers && [previous, hash, signature].every(isBase64url);
}

function isBase64url(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+$/.test(value);
}

// --- roots of days -------------------------------------------------------------------------------

interface Found {
  readonly base: AuditChain;
  readonly chain: AuditChain;
  readonly entries: readonly AuditEntry[];
  readonly fault: LogFault | null;
}

/** S-29: a chain that was cut off at its end is still a chain; the roots of its days tell. */
function judgeRoots(rows: readonly Row[], found: Found, keeper: Keeper) {
  const kept = new Map(daysOf(found.entries).map((one) => [one.day, one]));
  const records: DayRecord[] = [];
  const rest: Row[] = [];
  let fault: LogFault | null = null;
  for (const row of rows) {
    const wrong = rootFault(row, kept, found, keeper);
    if (wrong) rest.push(row);
    else records.push(dayRecordIn(row) as DayRecord);
    fault ??= wrong;
  }
  return { records, rest, fault: fault ?? missingRoot([...kept.keys()], records) };
}

export function dayRecordIn({ value }: Row): DayRecord | null {
  if (!isObject(value)) return null;
  const { day, first, count, root, tree } = value;
  if (typeof day !== 'number' || typeof first !== 'number' || typeof count !== 'number')
    return null;
  if (!isBase64url(root) || (tree !== null && !isBase64url(tree))) return null;
  return { day, first, count, root, tree };
}

function rootFault(
  row: Row,
  kept: ReadonlyMap<number, DayOfEntries>,
  { base, fault: chainFault }: Found,
  { crypto, publicKey, must }: Keeper,
): LogFault | null {
  const { key } = row;
  const record = dayRecordIn(row);
  if (record === null) return faultAt(key, 'X-AUD-04', 'not the root of a day');
  const { signature } = row.value as JsonObject;
  const isSigned = isBase64url(signature) && crypto.verify(publicKey, signedDay(record), signature);
  if (!must('X-AUD-04', isSigned)) {
    return faultAt(key, 'X-AUD-04', 'the root of the day is not signed by the keeper of the log');
  }
  // Of a day whose entries are gone there is nothing to compare with, but where the log begins.
  const isGone = record.first + record.count <= base.length;
  const endsAtBase = record.first + record.count === base.length;
  const entries = kept.get(record.day)?.entries ?? [];
  const last = isGone ? (endsAtBase ? base.head : record.root) : (entries.at(-1)?.hash ?? null);
  const detail = 'the log does not lead to the root of the day';
  if (last !== record.root) {
    // What comes after a link that is broken says nothing more about the chain.
    const fault = { ...faultAt(key, 'X-AUD-04', detail), expected: record.root, found: last };
    return chainFault ?? fault;
  }
  return isGone ? null : treeFault(key, record, entries, crypto);
}

function treeFault(
  key: string,
  { first, count, tree }: DayRecord,
  entries: readonly AuditEntry[],
  crypto: Crypto,
): LogFault | null {
  const isWhole = entries[0]?.sequence === first && entries.length === count;
  if (!isWhole)
    return faultAt(key, 'X-AUD-04', `the day has ${entries.length} entries, not ${count}`);
  if (tree === null) return null;
  const found = merkleRoot(
    crypto,
    entries.map(({ hash }) => hash),
  );
  const detail = 'the tree of the day has another root';
  return found === tree ? null : { ...faultAt(key, 'X-AUD-04', detail), expected: tree, found };
}

/** Every day that is over has its root. Only the newest are remembered. */
function missingRoot(days: readonly number[], records: readonly DayRecord[]): LogFault | null {
  const known = new Set(records.map(({ day }) => day));
  const over = days.slice(0, -1).slice(-limits.auditRootDays);
  const missing = over.find((day) => !known.has(day));
  if (missing === undefined) return null;
  return faultAt(`day/${missing}`, 'X-AUD-04', 'the day is over and has no root');
}

/** An entry belongs to the later of its own day and that of the entry before it. */
export function daysOf(entries: readonly AuditEntry[]): readonly DayOfEntries[] {
  const days: { day: number; entries: AuditEntry[] }[] = [];
  for (const entry of entries) {
    const last = days.at(-1);
    const day = dayAfter(last?.day ?? null, entry);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

function faultAt(key: string, requirement: RequirementId, detail: string): LogFault {
  return { requirement, detail, key, expected: null, found: null };
}
