/**
 * Who has really said what to whom. The journal has every message twice: as it left its sender, and
 * as it reached its receiver. What reaches somebody and was never said to him is a forgery, whatever
 * signatures it carries; only an observer of the whole world can tell.
 */
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Parcel } from '../network/parcel.ts';

export interface Provenance {
  /** Receivers of each message that was said, by the message itself. */
  readonly said: WeakMap<NorcMessage, Set<string>>;
  /** Requests that reached somebody to whom nobody has said them: receiver and exchange. */
  readonly forged: Set<string>;
  /** Links on whose handshake one end has read what the other has not written. */
  readonly altered: Set<string>;
  /** Relays as their origins have sent them, by origin and id. */
  readonly relays: Map<string, MessageRelay>;
  /** Relays that wait for an answer, by receiver and exchange. */
  readonly asked: Map<string, MessageRelay>;
  /** Who has first said a value that proves something, by the value. */
  readonly authors: Map<string, string>;
  /** Servers and peers in whose present run evidence of a third one was shown. */
  readonly foreign: Set<string>;
  /** Pairs, and the message of their present run of trust that was not as it was said. */
  readonly alteredRuns: Map<string, string>;
}

export const createProvenance = (): Provenance => ({
  said: new WeakMap(),
  forged: new Set(),
  altered: new Set(),
  relays: new Map(),
  asked: new Map(),
  authors: new Map(),
  foreign: new Set(),
  alteredRuns: new Map(),
});

/** Exchanges are numbered on their link. */
export const linkOf = (exchange: string): string => exchange.slice(0, exchange.lastIndexOf('/'));

export const unordered = (one: string, other: string): string => [one, other].sort().join(' ');

export function noteSaid(
  { said, relays, authors, alteredRuns }: Provenance,
  server: string,
  peer: string,
  { message }: Parcel,
): void {
  if (message === null) return;
  said.set(message, (said.get(message) ?? new Set()).add(peer));
  if (message.type === 'message_relay' && message.origin_server === server) {
    relays.set(relayKey(message), message);
  }
  for (const value of valuesIn(message)) if (!authors.has(value)) authors.set(value, server);
  if (message.type === 'trust_capabilities') alteredRuns.delete(unordered(server, peer));
}

export function noteHeard(known: Provenance, server: string, peer: string, parcel: Parcel): void {
  const { message, kind, exchange } = parcel;
  if (message?.type === 'message_relay') known.asked.set(`${server} ${exchange}`, message);
  if (message?.type === 'trust_request') known.foreign.delete(`${server} ${peer}`);
  if (message !== null && evidence.has(message.type) && isForeign(known, message, peer)) {
    known.foreign.add(`${server} ${peer}`);
  }
  if (message === null || known.said.get(message)?.has(server)) return;
  if (kind === 'request') known.forged.add(`${server} ${exchange}`);
  if (handshakes.has(message.type)) known.altered.add(linkOf(exchange));
  if (runs.has(message.type)) known.alteredRuns.set(unordered(server, peer), message.type);
}

export const relayKey = (relay: Pick<MessageRelay, 'origin_server' | 'message_id'>): string =>
  `${relay.origin_server} ${relay.message_id}`;

/** The parts of a relay that only its origin may say (L-F02), as one text. */
export const originPart = ({
  target_server,
  target_users,
  classification,
  metadata: { ttl, priority, original_timestamp },
}: MessageRelay): string =>
  JSON.stringify([target_server, target_users, classification, ttl, priority, original_timestamp]);

/** The leaf of a chain, what is fresh in a challenge, and what answers it: nobody shares them. */
function valuesIn(message: NorcMessage): readonly string[] {
  if (message.type === 'trust_challenge') return message.challenges.flatMap(valuesOfTask);
  if (message.type === 'trust_request') return message.certificate_chain.slice(0, 1);
  if (message.type !== 'trust_response') return [];
  return message.challenge_responses.flatMap((part) =>
    part.type === 'cryptographic_proof' ? [part.signature] : [],
  );
}

type Task = Extract<NorcMessage, { type: 'trust_challenge' }>['challenges'][number];

function valuesOfTask(task: Task): readonly string[] {
  if (task.type === 'domain_ownership') return [task.expected_value];
  return task.type === 'cryptographic_proof' ? [task.challenge_data] : [];
}

/** Whether somebody passes on a challenge, a proof or a chain of another. */
export function isForeign({ authors }: Provenance, message: NorcMessage, peer: string): boolean {
  return valuesIn(message).some((value) => (authors.get(value) ?? peer) !== peer);
}

const handshakes: ReadonlySet<string> = new Set([
  'federation_handshake',
  'federation_handshake_response',
]);

const evidence: ReadonlySet<string> = new Set(['trust_request', 'trust_response']);

const runs: ReadonlySet<string> = new Set([
  'trust_capabilities',
  'trust_request',
  'trust_challenge',
  'trust_response',
  'trust_decision',
  'trust_acknowledgment',
]);

/** Says only that something was refused. */
export const complaints: ReadonlySet<string> = new Set([
  'error',
  'federation_error',
  'rate_limit_exceeded',
]);
