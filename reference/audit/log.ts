/**
 * The log of one server: every security event becomes the next entry of the hash chain
 * (audit/chain.ts) and is made durable with it (X-AUD-01, X-AUD-05, T-AUD-01). What survived a
 * restart is verified before anything is added. Entries that do not hold are set aside, not
 * destroyed: the chain goes on from the last good one, and its next entry says what was found.
 */
import type { Json } from '../../spec/schema.ts';
import { createMust } from '../assert.ts';
import type { ServerConfig } from '../config.ts';
import type { AuditEvent, Context, Row } from '../core.ts';
import { isObject } from '../wire/json.ts';
import { parseStrict } from '../wire/parse.ts';
import {
  type AuditEntry,
  type AuditKeeper,
  appendEntry,
  emptyChain,
  verifyChain,
} from './chain.ts';

export interface AuditLog {
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

export function createAuditLog(config: ServerConfig): AuditLog {
  let chain = emptyChain;
  let unverified: readonly Row[] | null = null;

  function add(event: AuditEvent, context: Context): void {
    const keeper = keeperOf(config, context);
    const occasion = { at: context.now, entropy: context.entropy(EVENT_ID_BYTES) };
    const appended = appendEntry(chain, event, keeper, occasion);
    chain = appended.chain;
    const key = keyOf(appended.entry.sequence);
    context.emit({ type: 'persist', table: 'audit', key, value: appended.entry });
  }

  function verify(context: Context): void {
    const rows = unverified;
    unverified = null;
    if (rows === null) return;
    const found = lastGood(rows, config, context);
    chain = found.chain;
    if (found.fault === null) return;
    const detail = `audit log: ${found.fault} (entry ${chain.length})`;
    context.emit({ type: 'log', entry: { event: 'noted', detail, peer: config.serverId } });
    setAside(rows.slice(chain.length), context);
    add(breach(config.serverId, chain.length, rows.length - chain.length), context);
  }

  return {
    restore(rows) {
      const entries = rows.filter(({ table, key }) => table === 'audit' && KEY.test(key));
      if (entries.length === 0) return;
      unverified = entries.sort((a, b) => (a.key < b.key ? -1 : 1));
    },
    started: verify,
    append(event, context) {
      verify(context);
      add(event, context);
    },
  };
}

/** The longest good chain at the start of `rows`, and what is wrong with the row after it. */
function lastGood(rows: readonly Row[], config: ServerConfig, { crypto, must }: Context) {
  const { publicKey } = config.identity;
  const firstUnreadable = rows.findIndex((row) => !isReadable(row));
  const readable = firstUnreadable === -1 ? rows : rows.slice(0, firstUnreadable);
  let chain = emptyChain;
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
