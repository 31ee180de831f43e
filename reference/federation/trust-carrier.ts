/**
 * NORC-T on the link (L-T32, L-F10): carried from the handshake on, in any state of trust, judged by the
 * trust layer. Who speaks is settled here (F-CONN-05); what is said is not looked at.
 */
import type { IncomingMessage, NorcMessage } from '../../spec/messages.ts';
import type { Context, ExchangeId } from '../core.ts';
import type { TrustOrigin } from '../ports.ts';
import { bounds } from './bounds.ts';
import { answer } from './exchange.ts';
import type { Link } from './link.ts';
import { settleLink } from './standing.ts';
import { destinationOf, type Federation } from './state.ts';

export function receiveTrust(
  federation: Federation,
  link: Link,
  {
    message,
    exchange,
    answers = null,
  }: {
    readonly message: IncomingMessage;
    readonly exchange: ExchangeId | null;
    readonly answers?: string | null;
  },
  context: Context,
): void {
  const { session } = link;
  if (!session) return;
  const origin: TrustOrigin = {
    peer: link.peer,
    tlsKey: link.tls?.key ?? null,
    link: link.id,
    ...{ exchange, answers },
    federationVersion: session.version,
    peerFederationVersions: session.peerVersions,
    suite: session.suite ?? '',
    encapsulationKey: session.encapsulationKey,
    anchor: link.tls?.anchor ?? '',
  };
  federation.ports.trust.receive(message, origin, context);
}

/** Waits for a link of ours to `peer`; what cannot wait is given back at once. */
export function postTrust(
  federation: Federation,
  peer: string,
  message: NorcMessage,
  context: Context,
): void {
  const destination = destinationOf(federation, peer);
  if (!destination || destination.posts.length >= bounds.postsPerDestination) {
    return federation.ports.trust.undelivered(peer, message, context);
  }
  destination.posts.push(message);
  federation.due.add(peer);
}

/** Once, however often it is wanted before a link is there. */
export function wantList(federation: Federation, peer: string, context: Context): void {
  const destination = destinationOf(federation, peer);
  if (!destination) return federation.ports.trust.listUnavailable(peer, 'failed', context);
  destination.listWanted = true;
  federation.due.add(peer);
}

/** The trust layer's answer to a request. */
export function answerTrust(
  federation: Federation,
  exchange: ExchangeId,
  reply: { readonly status: number; readonly message: NorcMessage | null },
  context: Context,
): void {
  const held = federation.held.get(exchange);
  answer(federation, exchange, reply, context);
  const link = held && federation.links.get(held.link);
  if (link) acknowledged(federation, link, { type: held.type, status: reply.status }, context);
}

/** Row 8: an acknowledgment that was accepted on the link opens it, in whichever direction it ran. */
export function acknowledged(
  federation: Federation,
  link: Link,
  { type, status }: { readonly type: string; readonly status: number },
  context: Context,
): void {
  if (type !== 'trust_acknowledgment' || status >= 300) return;
  link.acknowledged = true;
  settleLink(federation, link, context);
}
