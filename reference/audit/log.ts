/**
 * The log of one server: every security event becomes the next entry of the hash chain
 * (audit/chain.ts) and is made durable with it (X-AUD-01, X-AUD-05, T-AUD-01). What survived a
 * restart is verified before anything is added. Entries that do not hold are set aside, not
 * destroyed: the chain goes on from the last good one, and its next entry says what was found.
 */
import { limits } from '../../spec/limits.ts';
import type { ServerConfig } from '../config.ts';
import type { AuditEvent, Context, Row } from '../core.ts';
import type { AuditPort } from '../ports.ts';
import { type AuditChain, type AuditKeeper, appendEntry, emptyChain } from './chain.ts';
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
import { dayRecordIn, judgeLog, sealedBase, sealedDay } from './judge.ts';
import { asideKey, BASE_KEY, dayKey, keyOf, type LogRows, logRowsOf } from './rows.ts';

export interface AuditLog extends AuditPort {
  /** Called once, before any input. */
  restore(rows: readonly Row[]): void;
  /** Verifies what was restored. The first `append` does it too, should nobody have called this. */
  started(context: Context): void;
  append(event: AuditEvent, context: Context): void;
}

const EVENT_ID_BYTES = 16;

interface LogState {
  readonly config: ServerConfig;
  readonly days: AuditDays;
  chain: AuditChain;
  unverified: LogRows | null;
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
  const value = sealedDay(record, context.crypto, config.identity);
  context.emit({ type: 'persist', table: 'audit', key: dayKey(record.day), value });
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
  const value = sealedBase(days.base, context.crypto, config.identity);
  emit({ type: 'persist', table: 'audit', key: BASE_KEY, value });
}

function restoreLog(log: LogState, rows: readonly Row[]): void {
  const own = logRowsOf(rows);
  for (const row of own.days) {
    const record = dayRecordIn(row);
    if (record) log.days.closed.set(record.day, record);
  }
  const isEmpty = own.base === null && own.entries.length === 0 && own.days.length === 0;
  if (!isEmpty) log.unverified = own;
}

function verify(log: LogState, context: Context): void {
  const rows = log.unverified;
  log.unverified = null;
  if (rows === null) return;
  const { config, days } = log;
  const { crypto, must } = context;
  const judged = judgeLog(rows, { crypto, must, publicKey: config.identity.publicKey });
  days.base = judged.base;
  days.closed = new Map(judged.days.map((record) => [record.day, record]));
  log.chain = judged.chain;
  for (const entry of judged.entries) resumeDay(days, entry);
  if (judged.fault === null) return;
  log.isWhole = false;
  const good = judged.chain.length;
  const detail = `audit log: ${judged.fault.detail} (entry ${good})`;
  context.emit({ type: 'log', entry: { event: 'noted', detail, peer: config.serverId } });
  setAside(judged.rest, context);
  add(log, breach(config.serverId, good, judged.rest.length), context);
}

/** Out of the way of the entries to come, for whoever investigates. */
function setAside(rows: readonly Row[], { now, emit }: Context): void {
  for (const { table, key, value } of rows) {
    emit({ type: 'persist', table, key: asideKey(now, key), value });
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

function keeperOf(
  { identity, serverId, pseudonymKey }: ServerConfig,
  { crypto }: Context,
): AuditKeeper {
  return { crypto, key: identity, serverId, pseudonymKey };
}
