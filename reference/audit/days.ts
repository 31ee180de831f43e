/**
 * The days of the log (X-AUD-04, L-T29): the root of a UTC day is the last hash of that day, and a
 * tree over its entries lets single ones be proven. An entry belongs to the later of its own day
 * and that of the entry before it, so a root, once its day is over, can never change, whatever the
 * clock does. Full entries are kept in memory for the newest only; what is older is on disk.
 */
import { limits } from '../../spec/limits.ts';
import { invariant } from '../assert.ts';
import type { Crypto, Hash } from '../crypto/crypto.ts';
import type { AuditInclusion, AuditRootFacts } from '../ports.ts';
import { type Micros, toSeconds } from '../time.ts';
import { type AuditChain, type AuditEntry, emptyChain } from './chain.ts';
import { inclusionProof, merkleRoot } from './merkle.ts';

export const SECONDS_PER_DAY = 86_400;

/** A day that is over. */
export interface DayRecord {
  /** The midnight at which it began. */
  readonly day: number;
  /** Sequence of its first entry. */
  readonly first: number;
  readonly count: number;
  readonly root: Hash;
  /** Null when the day had more entries than are kept in memory. */
  readonly tree: Hash | null;
}

export interface AuditDays {
  /** What the log begins with: earlier entries are no longer kept. */
  base: AuditChain;
  /** The newest entries, oldest first. */
  entries: AuditEntry[];
  /** Days that are over and have entries, oldest first. */
  closed: Map<number, DayRecord>;
  /** The day of the last entry; null before the first. */
  open: { readonly day: number; readonly first: number } | null;
}

export function createDays(): AuditDays {
  return { base: emptyChain, entries: [], closed: new Map(), open: null };
}

export function midnightOf(seconds: number): number {
  return Math.floor(seconds / SECONDS_PER_DAY) * SECONDS_PER_DAY;
}

/** The day that an entry belongs to; `open`: that of the entry before it. */
export function dayAfter(open: number | null, { timestamp }: AuditEntry): number {
  return Math.max(open ?? 0, midnightOf(timestamp));
}

/** Takes the next entry in. Returns the day that it has brought to an end, if it has. */
export function enterDay(days: AuditDays, entry: AuditEntry, crypto: Crypto): DayRecord | null {
  const { open } = days;
  const day = dayAfter(open?.day ?? null, entry);
  const closed = open !== null && day > open.day ? recordOf(days, open, crypto) : null;
  if (closed) days.closed.set(closed.day, closed);
  if (open === null || closed) days.open = { day, first: entry.sequence };
  days.entries.push(entry);
  if (days.entries.length > limits.auditEntriesInMemory) days.entries.shift();
  return closed;
}

/** The same for an entry that was read back: the days that are over have their records already. */
export function resumeDay(days: AuditDays, entry: AuditEntry): void {
  const { open } = days;
  const day = dayAfter(open?.day ?? null, entry);
  if (day !== open?.day) days.open = { day, first: entry.sequence };
  days.entries.push(entry);
  if (days.entries.length > limits.auditEntriesInMemory) days.entries.shift();
}

/** As the log stands, for a day that has begun. Null when it is no longer known. */
export function rootOf(days: AuditDays, day: number, crypto: Crypto): AuditRootFacts | null {
  const record = days.closed.get(day) ?? openRecord(days, day, crypto);
  if (record) return { day, root: record.root, count: record.count, tree: record.tree };
  const before = [...days.closed.values()].filter((one) => one.day < day).at(-1);
  const last = days.open && days.open.day < day ? openRecord(days, days.open.day, crypto) : before;
  const isForgotten = !last && days.base.length > 0;
  // A day without entries has the root of the day before it: the chain as it stood at its end.
  return isForgotten
    ? null
    : { day, root: last?.root ?? emptyChain.head, count: 0, tree: merkleRoot(crypto, []) };
}

/** Entries of the day that are about `server`, each with its way to the tree. The newest, of many. */
export function entriesAbout(
  days: AuditDays,
  { server, day, most }: { server: string; day: number; most: number },
  crypto: Crypto,
): readonly AuditInclusion[] {
  const record = days.closed.get(day) ?? openRecord(days, day, crypto);
  if (!record) return [];
  const entries = within(days, record);
  // Some have left memory already: what is left proves nothing.
  if (entries.length < record.count) return [];
  const leaves = entries.map(({ hash }) => hash);
  return entries
    .flatMap((entry, index) => {
      if (entry.target_server !== server) return [];
      return [{ entry, index, siblings: inclusionProof(crypto, leaves, index) }];
    })
    .slice(-most);
}

/** Entries of a type in memory from `start` up to `end`, in seconds. */
export function countOf(
  { entries }: AuditDays,
  type: AuditEntry['event_type'],
  { start, end }: { readonly start: number; readonly end: number },
): number {
  return entries.filter((entry) => {
    return entry.event_type === type && entry.timestamp >= start && entry.timestamp < end;
  }).length;
}

/** Days that end before `now` by more than the retention, oldest first. */
export function overdueDays(days: AuditDays, now: Micros, retentionDays: number): DayRecord[] {
  const cutoff = midnightOf(toSeconds(now)) - retentionDays * SECONDS_PER_DAY;
  return [...days.closed.values()].filter(({ day, first, count }) => {
    return day < cutoff && first + count > days.base.length;
  });
}

function openRecord(days: AuditDays, day: number, crypto: Crypto): DayRecord | null {
  return days.open?.day === day ? recordOf(days, days.open, crypto) : null;
}

function recordOf(
  days: AuditDays,
  { day, first }: { readonly day: number; readonly first: number },
  crypto: Crypto,
): DayRecord {
  const last = days.entries.at(-1);
  invariant(last !== undefined, 'a day without entries');
  const count = last.sequence + 1 - first;
  const leaves = within(days, { first, count }).map(({ hash }) => hash);
  const tree = leaves.length === count ? merkleRoot(crypto, leaves) : null;
  return { day, first, count, root: last.hash, tree };
}

function within(
  { entries }: AuditDays,
  { first, count }: { readonly first: number; readonly count: number },
): readonly AuditEntry[] {
  return entries.filter(({ sequence }) => sequence >= first && sequence < first + count);
}
