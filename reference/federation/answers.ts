/**
 * Answers to our own requests. An answer that is no answer (broken, unknown, out of place) is treated as
 * none; one that contradicts the handshake ends the link (profile 2.2 row 14).
 */

import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Context, ExchangeId, Frame } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';
import { isAtLeast } from '../wire/version.ts';
import { readBody } from './body.ts';
import { endLink, FEDERATION_PATH, fail, takePending } from './exchange.ts';
import { judgeResponse } from './handshake-offer.ts';
import type { Link, Offer, Pending } from './link.ts';
import { translatedAck } from './master-ack.ts';
import { logRefusal, type Refusal, refusalMessage, refusalOf } from './refusal.ts';
import { receiveRelayAnswer } from './relay-send.ts';
import { proveRequest } from './request-proof.ts';
import { beginSession, recordRefusedHandshake } from './session.ts';
import { asJson, type Federation, validate } from './state.ts';
import { acknowledged, receiveTrust } from './trust-carrier.ts';
import { receiveStatus } from './trust-status.ts';

export interface PeerAnswer {
  readonly exchange: ExchangeId;
  readonly status: number;
  readonly body: Frame | null;
}

export function receiveAnswer(
  federation: Federation,
  link: Link,
  received: PeerAnswer,
  context: Context,
): void {
  const pending = takePending(link, received.exchange);
  if (!pending) return;
  federation.due.add(link.peer);
  if (received.body === null) return receiveSilence(federation, link, pending, received, context);
  const read = readBody(received.body, limits.federationBodyBytes, context);
  const version = pending.kind === 'handshake' ? '1.0' : versionOf(link, pending);
  const understood = read.ok ? translated(pending, read.value, version, context) : null;
  const shaped = read.ok ? validate(federation, understood ?? read.value, version, context) : read;
  if (!read.ok || !shaped.ok) {
    const error = shaped.ok ? { requirement: 'X-FMT-05' as const, detail: '' } : shaped.error;
    logRefusal(refusalOf(error, errorCode.federation.malformed), link.peer, context);
    fail(federation, link, pending, context);
    if (pending.kind === 'handshake') endLink(federation, link, 'no handshake response', context);
    return;
  }
  dispatch(federation, link, pending, { message: shaped.value, body: read.value }, context);
}

/** X-AMC-11: what 1.0 says otherwise, in our words. */
function translated(
  pending: Pending,
  body: JsonObject,
  version: string,
  context: Context,
): JsonObject {
  if (pending.kind !== 'relay' || isAtLeast(version, '1.1')) return body;
  if (pending.waiting.from.kind !== 'own') return body; // Whoever waits for it needs a signed one.
  return translatedAck(pending.waiting.template, body, context);
}

interface Reply {
  readonly message: NorcMessage;
  readonly body: JsonObject;
}

function dispatch(
  federation: Federation,
  link: Link,
  pending: Pending,
  { message, body }: Reply,
  context: Context,
): void {
  switch (pending.kind) {
    case 'handshake':
      return receiveResponse(federation, link, pending.offer, { message, body }, context);
    case 'status':
      if (message.type !== 'trust_status_response') return;
      return receiveStatus(federation, link, { response: message, body }, context);
    case 'relay': {
      const { waiting } = pending;
      return receiveRelayAnswer(federation, link, { waiting, message, body }, context);
    }
    case 'list':
      if (message.type !== 'norc_crl') return fail(federation, link, pending, context);
      return receiveTrust(federation, link, { message, exchange: null }, context);
    case 'trust': {
      const answers = pending.message.type;
      return receiveTrust(federation, link, { message, exchange: null, answers }, context);
    }
  }
}

/** What a server answers that keeps no list, or does not know what one is. */
const withoutList: ReadonlySet<number> = new Set([404, 405, 501]);

/** An answer without a body. */
function receiveSilence(
  federation: Federation,
  link: Link,
  pending: Pending,
  { status }: PeerAnswer,
  context: Context,
): void {
  switch (pending.kind) {
    case 'handshake':
      return endLink(federation, link, 'no handshake response', context);
    case 'status':
      return;
    case 'list': {
      const why = withoutList.has(status) ? 'none' : 'failed';
      return federation.ports.trust.listUnavailable(link.peer, why, context);
    }
    case 'relay': {
      const { waiting } = pending;
      return receiveRelayAnswer(federation, link, { waiting, message: null, body: null }, context);
    }
    case 'trust': {
      if (status >= 300) return fail(federation, link, pending, context);
      const { message } = pending;
      acknowledged(federation, link, { type: message.type, status }, context);
      return federation.ports.trust.taken(link.peer, message, context);
    }
  }
}

function receiveResponse(
  federation: Federation,
  link: Link,
  offer: Offer,
  { message, body }: Reply,
  context: Context,
): void {
  if (message.type !== 'federation_handshake_response') {
    return endLink(federation, link, `${message.type} instead of a handshake response`, context);
  }
  const judged = judgeResponse({ federation, link, offer, response: message, body }, context);
  if (judged.ok) return beginSession(federation, link, judged.value, context);
  logRefusal(judged.refusal, link.peer, context);
  recordRefusedHandshake(federation, link, judged.refusal, context);
  complain(federation, link, judged.refusal, context);
  endLink(federation, link, judged.refusal.detail, context);
}

/** Row 14: the peer is told why before we go. Nobody waits for an answer to an error (X-ERR-05). */
function complain(federation: Federation, link: Link, refusal: Refusal, context: Context): void {
  const { config } = federation;
  const message = refusalMessage(refusal, undefined, context);
  const exchange = `${link.id}/${link.nextExchange}`;
  link.nextExchange += 1;
  const request = { requester: config.serverId, target: link.peer, body: asJson(message) };
  const proof = proveRequest(config.identity, request, context);
  context.emit({ type: 'request', link: link.id, exchange, path: FEDERATION_PATH, proof, message });
}

function versionOf({ session }: Link, { kind }: Pending): string {
  if (!session) return '1.0';
  const isTrust = kind === 'trust' || kind === 'list';
  return isTrust ? (session.trustVersion ?? '1.0') : session.version;
}
