/**
 * The hash-chained audit log (X-AUD-01, T-AUD-01, L-T29). Each entry is a signed trust_audit_event
 * with its place in the chain:
 *
 *   hash_i = H(hash_(i−1) ‖ canon(entry_i without hash)),  hash_0 = 32 zero bytes
 *
 * Place and previous hash stand inside what is signed as well, so an entry cannot be moved into
 * another chain of the same server. Whoever keeps the log stores entries; this file keeps nothing.
 */
import type { TrustAuditEvent } from '../../spec/messages/trust/trust-audit-event.ts';
import { invariant, type Must } from '../assert.ts';
import type { AuditEvent } from '../core.ts';
import type { Crypto, Hash, PublicKey, SigningKey } from '../crypto/crypto.ts';
import { type Micros, toSeconds } from '../time.ts';
import { encodeBase64url } from '../wire/base64url.ts';
import { without } from '../wire/canonical.ts';
import { accept, type Fault, type Result, refuse } from '../wire/result.ts';
import { eventTypeOf } from './event-type.ts';
import { createPseudonyms, isServerId } from './pseudonyms.ts';

/** Where a chain stands: all that appending needs. */
export interface AuditChain {
  readonly length: number;
  readonly head: Hash;
}

export type AuditEntry = TrustAuditEvent & {
  /** From 0, without gaps. */
  sequence: number;
  previous: Hash;
  hash: Hash;
};

/** Who keeps the log. */
export interface AuditKeeper {
  readonly crypto: Crypto;
  /** The server key (T-AUD-01). */
  readonly key: SigningKey;
  readonly serverId: string;
  /** 32 bytes (X-AUD-03). */
  readonly pseudonymKey: Uint8Array;
}

export const emptyChain: AuditChain = { length: 0, head: encodeBase64url(new Uint8Array(32)) };

/** Adds one event. `entropy`: 16 bytes for the event id. */
export function appendEntry(
  chain: AuditChain,
  event: AuditEvent,
  keeper: AuditKeeper,
  { at, entropy }: { readonly at: Micros; readonly entropy: Uint8Array },
): { chain: AuditChain; entry: AuditEntry } {
  const { crypto, key } = keeper;
  const unsigned = {
    type: 'trust_audit_event' as const,
    event_id: uuidOf(entropy),
    timestamp: toSeconds(at),
    ...recorded(event, keeper),
    sequence: chain.length,
    previous: chain.head,
  };
  const signed = { ...unsigned, signature: crypto.sign(key, unsigned) };
  const entry = { ...signed, hash: crypto.chainHash(chain.head, signed) };
  return { chain: { length: chain.length + 1, head: entry.hash }, entry };
}

/** The members that tell what happened. */
function recorded(event: AuditEvent, { crypto, pseudonymKey, serverId }: AuditKeeper) {
  const { ofText, ofObject } = createPseudonyms(crypto, pseudonymKey);
  const eventType = eventTypeOf(event);
  const isToServer = isServerId(event.target);
  const parameters = ofObject({
    ...event.parameters,
    // What the eight types and a target that is a server cannot say is kept here.
    ...(eventType !== event.event && { logged_as: event.event }),
    ...(!isToServer && { concerning: event.target }),
  });
  return {
    event_type: eventType,
    source_server: serverId,
    target_server: isToServer ? event.target : serverId,
    actor: ofText(event.actor),
    action: ofText(event.action),
    parameters,
    result: event.result,
    risk_level: event.risk,
    evidence_hash: crypto.hash(parameters),
  };
}

/**
 * Judges a chain, or a stretch of one that follows `from`. The first bad entry is named by its
 * index in `path`. Entries cut off at the end leave a shorter good chain: compare the head that is
 * returned with a published root (X-AUD-04).
 */
export function verifyChain(
  entries: readonly AuditEntry[],
  keeper: { readonly crypto: Crypto; readonly publicKey: PublicKey; readonly must: Must },
  from: AuditChain = emptyChain,
): Result<AuditChain> {
  let chain = from;
  for (const [index, entry] of entries.entries()) {
    const fault = entryFault(entry, chain, keeper);
    if (fault) return refuse(fault.requirement, fault.detail, { path: `/${index}` });
    chain = { length: chain.length + 1, head: entry.hash };
  }
  return accept(chain);
}

/** `expected` and `found`: the number of the entry, its link to the one before, or its own hash. */
export interface EntryFault extends Fault {
  readonly expected: string;
  readonly found: string;
}

/** What is wrong with the entry that comes after `chain`; null when it follows and is signed. */
export function entryFault(
  entry: AuditEntry,
  chain: AuditChain,
  { crypto, publicKey, must }: Parameters<typeof verifyChain>[1],
): EntryFault | null {
  const signed = without(entry, 'hash');
  const links: readonly (readonly [number | string, number | string])[] = [
    [chain.length, entry.sequence],
    [chain.head, entry.previous],
    [crypto.chainHash(chain.head, signed), entry.hash],
  ];
  const broken = links.find(([expected, found]) => expected !== found);
  if (!must('X-AUD-01', !broken)) {
    const [expected, found] = (broken ?? []).map(String);
    const detail = 'does not follow the entry before it';
    return { requirement: 'X-AUD-01', detail, expected: expected ?? '', found: found ?? '' };
  }
  const isSigned = crypto.verify(publicKey, without(signed, 'signature'), entry.signature);
  if (!must('T-AUD-01', isSigned)) {
    const detail = 'not signed by the keeper of the log';
    return { requirement: 'T-AUD-01', detail, expected: publicKey, found: entry.signature };
  }
  return null;
}

/** Version 4, lowercase (X-CAN-13). */
function uuidOf(entropy: Uint8Array): string {
  invariant(entropy.length === 16, `${entropy.length} bytes of entropy for an event id`);
  const octets = Uint8Array.from(entropy);
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
