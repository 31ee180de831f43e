/**
 * Who has really said what to whom. The journal has every message twice: as it left its sender, and
 * as it reached its receiver. What reaches somebody and was never said to him is a forgery, whatever
 * signatures it carries; only an observer of the whole world can tell.
 */
import type { NorcMessage } from '../../spec/messages.ts';
import type { Parcel } from '../network/parcel.ts';

export interface Provenance {
  /** Receivers of each message that was said, by the message itself. */
  readonly said: WeakMap<NorcMessage, Set<string>>;
  /** Requests that reached somebody to whom nobody has said them: receiver and exchange. */
  readonly forged: Set<string>;
  /** Links on whose handshake one end has read what the other has not written. */
  readonly altered: Set<string>;
  /** Pairs, and the message of their present run of trust that was not as it was said. */
  readonly alteredRuns: Map<string, string>;
}

export const createProvenance = (): Provenance => ({
  said: new WeakMap(),
  forged: new Set(),
  altered: new Set(),
  alteredRuns: new Map(),
});

/** Exchanges are numbered on their link. */
export const linkOf = (exchange: string): string => exchange.slice(0, exchange.lastIndexOf('/'));

export const unordered = (one: string, other: string): string => [one, other].sort().join(' ');

export function noteSaid(
  { said, alteredRuns }: Provenance,
  server: string,
  peer: string,
  { message }: Parcel,
): void {
  if (message === null) return;
  said.set(message, (said.get(message) ?? new Set()).add(peer));
  if (message.type === 'trust_capabilities') alteredRuns.delete(unordered(server, peer));
}

export function noteHeard(known: Provenance, server: string, peer: string, parcel: Parcel): void {
  const { message, kind, exchange } = parcel;
  if (message === null || known.said.get(message)?.has(server)) return;
  if (kind === 'request') known.forged.add(`${server} ${exchange}`);
  if (handshakes.has(message.type)) known.altered.add(linkOf(exchange));
  if (runs.has(message.type)) known.alteredRuns.set(unordered(server, peer), message.type);
}

const handshakes: ReadonlySet<string> = new Set([
  'federation_handshake',
  'federation_handshake_response',
]);

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
