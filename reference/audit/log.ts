/**
 * The log of one server: every security event becomes the next entry of the hash chain
 * (audit/chain.ts) and is made durable with it (X-AUD-01, X-AUD-05, T-AUD-01). What survived a
 * restart is verified before anything is added. Entries that do not hold are set aside, not
 * destroyed: the chain goes on from the last good one, and its next entry says what was found.
 */
import { limits } from '../../spec/limits.ts';
import type { Json } from '../../spec/schema.ts';
import { createMust } from '../assert.ts';
import type { ServerConfig } from '../config.ts';
import type { AuditEvent, Context, Row } from '../core.ts';
import type { AuditPort } from '../ports.ts';
import { isObject } from '../wire/json.ts';
import { parseStrict } from '../wire/parse.ts';
import {
  type AuditChain,
  type AuditEntry,
  type AuditKeeper,
  appendEntry,
  emptyChain,
  verifyChain,
} from './chain.ts';
import {
  type AuditDays,
  countOf,
  createDays,
  type DayRecord,
  enterDay,
  entriesAbout,
  overdueDays,
  resumeDay,
  rootOf,
} from './days.ts';

export interface AuditLog extends AuditPort {
  /** Called once, before any input. */
  restore(rows: readonly Row[]): void;
  /** Verifies what was restored. The first `append` does it too, should nobody have called this. */
  started(context: Context): void;
  append(event: AuditEvent, context: Context): void;
}

/** Enough for the largest safe integer, so keys sort as their numbers do. */
const KEY_DIGITS = 16;
const KEY = /^\d{16}$/;
const EVENT_ID_BYTES = 16;
const ENTRY_BYTES = 1024 * 1024;

interface LogState {
  readonly config: ServerConfig;
  readonly days: AuditDays;
  chain: AuditChain;
  unverified: readonly Row[] | null;
  isWhole: boolean;
}

export function createAuditLog(config: ServerConfig): AuditLog {
  const days = createDays();
  const log: LogState = { config, days, chain: emptyChain, unverified: null, isWhole: true };
  return {
    restore: (rows) => restoreLog(log, rows),
    started: (context) => verify(log, context),
    append(event, context) {
      verify(log, context);
      add(log, event, context);
    },
    rootOf: (day, { crypto }) => rootOf(days, day, crypto),
    entriesAbout: (server, day, { crypto }) =>
      entriesAbout(days, { server, day, most: limits.auditProofs }, crypto),
    count: (type, period) => countOf(days, type, period),
    isWhole: () => log.isWhole,
  };
}

function add(log: LogState, event: AuditEvent, context: Context): void {
  const keeper = keeperOf(log.config, context);
  const occasion = { at: context.now, entropy: context.entropy(EVENT_ID_BYTES) };
  const { chain, entry } = appendEntry(log.chain, event, keeper, occasion);
  log.chain = chain;
  context.emit({ type: 'persist', table: 'audit', key: keyOf(entry.sequence), value: entry });
  const closed = enterDay(log.days, entry, context.crypto);
  if (closed) endDay(log, closed, context);
}

/** The root of a day is written down when the day is over; then what is too old goes. */
function endDay(log: LogState, record: DayRecord, context: Context): void {
  const { days, config } = log;
  context.emit({
    type: 'persist',
    table: 'audit',
    key: dayKey(record.day),
    value: { ...record },
  });
  const detail = `audit root of ${record.day}: ${record.root}, ${record.count} entries`;
  context.emit({ type: 'log', entry: { event: 'noted', detail, peer: config.serverId } });
  for (const old of overdueDays(days, context.now, config.policy.auditRetentionDays)) {
    dropEntries(log, old, context);
  }
  const [oldest] = days.closed.keys();
  if (days.closed.size <= limits.auditRootDays || oldest === undefined) return;
  days.closed.delete(oldest);
  context.emit({ type: 'persist', table: 'audit', key: dayKey(oldest), value: null });
}

/** The log begins later from now on. Signed, or whoever can write could cut it short unseen. */
function dropEntries({ days, config }: LogState, old: DayRecord, context: Context): void {
  const { emit } = context;
  const end = old.first + old.count;
  for (let sequence = days.base.length; sequence < end; sequence += 1) {
    emit({ type: 'persist', table: 'audit', key: keyOf(sequence), value: null });
  }
  days.base = { length: end, head: old.root };
  days.entries = days.entries.filter(({ sequence }) => sequence >= end);
  const base = { type: 'audit_base', length: end, head: old.root };
  const signature = context.crypto.sign(config.identity, base);
  emit({ type: 'persist', table: 'audit', key: BASE_KEY, value: { ...base, signature } });
}

function restoreLog(log: LogState, rows: readonly Row[]): void {
  const own = rows.filter(({ table }) => table === 'audit');
  const records = own.filter(({ key }) => key.startsWith('day/'));
  for (const { value } of records.sort(byKey)) {
    const record = value as unknown as DayRecord;
    log.days.closed.set(record.day, record);
  }
  const kept = own.filter(({ key }) => KEY.test(key) || key === BASE_KEY);
  if (kept.length > 0) log.unverified = kept.sort(byKey);
}

function verify(log: LogState, context: Context): void {
  const rows = log.unverified;
  log.unverified = null;
  if (rows === null) return;
  const { config, days } = log;
  days.base = baseOf(rows, config, context);
  const entries = rows.filter(({ key }) => key !== BASE_KEY);
  const found = lastGood(entries, days.base, config, context);
  log.chain = found.chain;
  const good = found.chain.length - days.base.length;
  for (const { value } of entries.slice(0, good)) {
    resumeDay(days, value as AuditEntry);
  }
  const fault = found.fault ?? rootFault(days);
  if (fault === null) return;
  log.isWhole = false;
  const detail = `audit log: ${fault} (entry ${found.chain.length})`;
  context.emit({ type: 'log', entry: { event: 'noted', detail, peer: config.serverId } });
  setAside(entries.slice(good), context);
  add(log, breach(config.serverId, found.chain.length, entries.length - good), context);
}

/** S-29: a chain that was cut off at its end is still a chain; the roots of its days tell. */
function rootFault({ base, closed, entries }: AuditDays): string | null {
  const hashes = new Map(entries.map(({ sequence, hash }) => [sequence, hash]));
  const [oldest = base.length] = hashes.keys();
  const broken = [...closed.values()].find(({ first, count, root }) => {
    const last = first + count - 1;
    return last >= oldest && hashes.get(last) !== root;
  });
  return broken ? `does not lead to the root of day ${broken.day}` : null;
}

/** Where the log begins, under our signature; without one, at its genesis. */
function baseOf(
  rows: readonly Row[],
  { identity }: ServerConfig,
  { crypto, must }: Context,
): AuditChain {
  const stored = rows.find(({ key }) => key === BASE_KEY)?.value;
  if (!isObject(stored ?? null)) return emptyChain;
  const { length, head, signature } = stored as { [member: string]: Json };
  if (typeof length !== 'number' || typeof head !== 'string') return emptyChain;
  const base = { type: 'audit_base', length, head };
  const isSigned =
    typeof signature === 'string' && crypto.verify(identity.publicKey, base, signature);
  return must('X-AUD-01', isSigned) ? { length, head } : emptyChain;
}

const byKey = (a: Row, b: Row): number => (a.key < b.key ? -1 : 1);
const BASE_KEY = 'base';
const dayKey = (day: number): string => `day/${keyOf(day)}`;

/** The longest good chain at the start of `rows`, and what is wrong with the row after it. */
function lastGood(
  rows: readonly Row[],
  base: AuditChain,
  config: ServerConfig,
  { crypto, must }: Context,
) {
  const { publicKey } = config.identity;
  const firstUnreadable = rows.findIndex((row) => !isReadable(row));
  const readable = firstUnreadable === -1 ? rows : rows.slice(0, firstUnreadable);
  let chain = base;
  for (const { value } of readable) {
    // One at a time: each step gives the chain so far, which is what survives a fault.
    const judged = verifyChain([value as AuditEntry], { crypto, publicKey, must }, chain);
    if (!judged.ok) return { chain, fault: judged.error.detail };
    chain = judged.value;
  }
  return { chain, fault: firstUnreadable === -1 ? null : 'not an entry' };
}

/** Whatever lay on the disk: only what has a canonical form can be judged, the rest would throw. */
function isReadable({ value }: Row): boolean {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const parsed = parseStrict(bytes, { maxBytes: ENTRY_BYTES, must: createMust() });
  if (!parsed.ok || !isObject(parsed.value)) return false;
  const { sequence, previous, hash, signature } = parsed.value;
  return typeof sequence === 'number' && [previous, hash, signature].every(isBase64url);
}

function isBase64url(value: Json | undefined): boolean {
  return typeof value === 'string' && /^[\w-]+$/.test(value);
}

/** Out of the way of the entries to come, for whoever investigates. */
function setAside(rows: readonly Row[], { now, emit }: Context): void {
  for (const { table, key, value } of rows) {
    emit({ type: 'persist', table, key: `broken/${now}/${key}`, value });
    emit({ type: 'persist', table, key, value: null });
  }
}

function breach(serverId: string, lastGoodLength: number, setAsideCount: number): AuditEvent {
  return {
    event: 'security_incident',
    target: serverId,
    actor: serverId,
    action: 'verify_audit_log',
    parameters: { first_bad_sequence: lastGoodLength, entries_set_aside: setAsideCount },
    result: 'failure',
    risk: 'critical',
  };
}

function keyOf(sequence: number): string {
  return String(sequence).padStart(KEY_DIGITS, '0');
}

function keeperOf(
  { identity, serverId, pseudonymKey }: ServerConfig,
  { crypto }: Context,
): AuditKeeper {
  return { crypto, key: identity, serverId, pseudonymKey };
}
