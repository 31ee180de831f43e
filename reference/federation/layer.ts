/**
 * The NORC-F layer (profile 1.2, 2.2, 3.F): links with other servers in both directions, what is relayed
 * over them, and NORC-T carried for the trust layer. The front door of this room.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import type { ServerConfig } from '../config.ts';
import type { Context, LinkId, TlsPeer } from '../core.ts';
import type { FederationLayer } from '../ports.ts';
import { type PeerAnswer, receiveAnswer } from './answers.ts';
import { attend } from './attend.ts';
import { bounds } from './bounds.ts';
import { armHandshake, dialNext, receiveAddresses, SRV_LOOKUP } from './dialling.ts';
import { ask, endLink, fail, forgetLink, takeOverdue, takePending } from './exchange.ts';
import { makeOffer } from './handshake-offer.ts';
import { createLink, type Link, move } from './link.ts';
import { logRefusal } from './refusal.ts';
import { restoreRelays, sweepRelays } from './relay-cache.ts';
import { purgeRelays, relayOwn, restoreQueue } from './relay-send.ts';
import { restoreSequences } from './relay-sequence.ts';
import { type PeerRequest, receiveRequest } from './requests.ts';
import { endLingering, settleLink } from './standing.ts';
import { createFederation, type Federation, type FederationPorts, tablesOf } from './state.ts';
import { judgeTls } from './tls-identity.ts';
import { answerTrust, postTrust, wantList } from './trust-carrier.ts';

export function createFederationLayer(
  config: ServerConfig,
  ports: FederationPorts,
): FederationLayer {
  const federation = createFederation(config, ports);
  let isAttending = false;

  /** Every input ends with what it has made possible. Ports may call back in while it lasts. */
  function then(context: Context): void {
    if (isAttending) return;
    isAttending = true;
    attend(federation, context);
    isAttending = false;
  }

  function onLink(id: LinkId, context: Context, act: (link: Link) => void): void {
    const link = federation.links.get(id);
    // What comes of a link that is gone was on its way when it went.
    if (link) act(link);
    then(context);
  }

  return {
    restore(rows) {
      restoreRelays(federation.cache, rows);
      restoreSequences(federation.sequences, rows);
      restoreQueue(federation, rows);
    },
    held: () => tablesOf(federation),
    started(context) {
      sweepRelays(federation.cache, context);
      for (const peer of federation.destinations.keys()) federation.due.add(peer);
      then(context);
    },
    timerFired(timer, context) {
      timerFired(federation, timer, context);
      then(context);
    },
    linkAccepted(id, peer, context) {
      acceptLink(federation, id, peer, context);
      then(context);
    },
    linkDialled(id, peer, context) {
      onLink(id, context, (link) => meet(federation, link, peer, context));
    },
    dialFailed(id, reason, context) {
      onLink(id, context, (link) => tryNextAddress(federation, link, reason, context));
    },
    requestReceived(id, request: PeerRequest, context) {
      onLink(id, context, (link) => receiveRequest(federation, link, request, context));
    },
    answerReceived(id, answer: PeerAnswer, context) {
      onLink(id, context, (link) => receiveAnswer(federation, link, answer, context));
    },
    exchangeFailed(id, exchange, context) {
      onLink(id, context, (link) => {
        const pending = takePending(link, exchange);
        if (pending) fail(federation, link, pending, context);
        if (pending?.kind === 'handshake') endLink(federation, link, 'handshake failed', context);
      });
    },
    linkClosed(id, context) {
      onLink(id, context, (link) => forgetLink(federation, link, context));
    },
    lookedUp(lookup, outcome, context) {
      receiveAddresses(federation, lookup.slice(SRV_LOOKUP.length), outcome, context);
      then(context);
    },
    relay(outgoing, context) {
      relayOwn(federation, outgoing, context);
      then(context);
    },
    post(peer, message, context) {
      postTrust(federation, peer, message, context);
      then(context);
    },
    fetchList(peer, context) {
      wantList(federation, peer, context);
      then(context);
    },
    answer(exchange, status, message, context) {
      answerTrust(federation, exchange, { status, message }, context);
      then(context);
    },
    standingChanged(peer, context) {
      standingChanged(federation, peer, context);
      then(context);
    },
  };
}

/** Profile 2.2 rows 1 to 3 for a server that has dialled us. Who it is, its handshake will say. */
function acceptLink(federation: Federation, id: LinkId, peer: TlsPeer, context: Context): void {
  const link = createLink(id, { direction: 'accepted', peer: '' });
  federation.links.set(id, link);
  move(link, 'connected');
  if (!identify(federation, link, peer, context)) return;
  const strangers = [...federation.links.values()].filter(
    ({ session, tls }) => session === null && tls?.fingerprint === link.tls?.fingerprint,
  );
  if (strangers.length > bounds.strangerLinks) {
    return endLink(federation, link, 'too many links without a handshake', context);
  }
  armHandshake(link, context);
}

/** Rows 2 and 3 for a server that we have dialled; then we speak first. */
function meet(federation: Federation, link: Link, peer: TlsPeer, context: Context): void {
  if (link.state !== 'connecting') return;
  move(link, 'connected');
  if (!identify(federation, link, peer, context)) return;
  const destination = federation.destinations.get(link.peer);
  if (destination) destination.search = null;
  const offer = makeOffer(federation, link, context);
  ask(federation, link, offer.message, { kind: 'handshake', offer }, context);
}

function identify(federation: Federation, link: Link, peer: TlsPeer, context: Context): boolean {
  const judged = judgeTls(federation.config, link, peer, context);
  if (judged.ok) {
    link.tls = judged.value;
    move(link, 'tls_accepted');
    return true;
  }
  move(link, 'violated');
  logRefusal(judged.refusal, link.peer, context);
  context.emit({ type: 'hang-up', link: link.id, reason: judged.refusal.detail });
  tryNextAddress(federation, link, judged.refusal.detail, context);
  return false;
}

function tryNextAddress(
  federation: Federation,
  link: Link,
  reason: string,
  context: Context,
): void {
  context.emit({
    type: 'log',
    entry: { event: 'noted', detail: `dial: ${reason}`, peer: link.peer },
  });
  const destination = federation.destinations.get(link.peer);
  const search = destination?.search ?? null;
  forgetLink(federation, link, context);
  if (destination && link.direction === 'dialled') {
    destination.search = search ?? { phase: 'found', addresses: [] };
    dialNext(federation, destination, context);
  }
}

function standingChanged(federation: Federation, peer: string, context: Context): void {
  for (const link of federation.links.values()) {
    if (link.peer === peer) settleLink(federation, link, context);
  }
  const destination = federation.destinations.get(peer);
  if (!destination) return;
  destination.wantedAgainAt = 0;
  const { status } = federation.ports.trust.outbound(peer, context.now);
  const { trustExpired, trustRevoked } = errorCode.federation;
  // F-TRUST-05: the queue does not outlive the trust it was meant for.
  if (status === 'revoked') purgeRelays(federation, destination, trustRevoked, context);
  if (status === 'expired') purgeRelays(federation, destination, trustExpired, context);
  federation.due.add(peer);
}

/** `federation/<purpose>/<link or server>`. */
function timerFired(federation: Federation, timer: string, context: Context): void {
  const [, purpose = '', subject = ''] = timer.split('/');
  const link = federation.links.get(subject);
  switch (purpose) {
    case 'sweep':
      return sweepRelays(federation.cache, context);
    case 'attend':
      federation.due.add(subject);
      return;
    case 'expiry':
      return standingChanged(federation, subject, context);
    case 'handshake':
      if (link && !link.session) giveUp(federation, link, context);
      return;
    case 'deadline':
      if (!link) return;
      for (const pending of takeOverdue(link, context)) fail(federation, link, pending, context);
      return;
    case 'linger':
      if (link) endLingering(federation, link, context);
      return;
    default:
      return;
  }
}

function giveUp(federation: Federation, link: Link, context: Context): void {
  if (link.direction === 'accepted') {
    return endLink(federation, link, 'no handshake in time', context);
  }
  context.emit({ type: 'hang-up', link: link.id, reason: 'no handshake in time' });
  tryNextAddress(federation, link, 'no handshake in time', context);
}
