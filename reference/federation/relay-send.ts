/**
 * Relays on their way out (F-RELAY-16, F-RELAY-17): those of our own users are kept on disk until they
 * are acknowledged, refused for good, or too old; those of others are passed on while their sender
 * waits. The members of the hop are made anew at each try (L-F07, F-RELAY-09).
 */
import { type ErrorCode, errorByCode, errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type { Context, Row } from '../core.ts';
import type { JsonObject } from '../crypto/crypto.ts';
import type { DeliveryOutcome, OutgoingRelay, Standing } from '../ports.ts';
import { seconds } from '../time.ts';
import { canonicalText } from '../wire/canonical.ts';
import { backoff } from './backoff.ts';
import { bounds } from './bounds.ts';
import { isWithinCeiling } from './ceiling.ts';
import {
  addRelay,
  type Destination,
  removeRelay,
  restRelay,
  takeRelay,
  type WaitingRelay,
} from './destination.ts';
import { answer, answerNothing, ask, refuse } from './exchange.ts';
import { needsPermission } from './gate.ts';
import type { Link } from './link.ts';
import { logRefusal, objection, type Refusal } from './refusal.ts';
import { ackObjection, outcomeOf } from './relay-ack.ts';
import { cacheKey, rememberRelay } from './relay-cache.ts';
import { originPart } from './relay-origin.ts';
import { nextSequence } from './relay-sequence.ts';
import { asJson, destinationOf, type Federation, peerKey, signed } from './state.ts';
import { uuid } from './uuid.ts';

const { federation: code, common } = errorCode;

/** Refusals that a later try would meet again. */
const finalCodes: ReadonlySet<number> = new Set([
  code.insufficientTrust,
  code.ttlExpired,
  code.routingLoop,
  code.userNotFound,
  code.malformed,
  code.messageTooLarge,
  code.capabilityMissing,
]);

// --- of our own users -----------------------------------------------------------------------------------

/** Takes charge: durable at once, told to the sender when it is over (F-RELAY-17). */
export function relayOwn(federation: Federation, outgoing: OutgoingRelay, context: Context): void {
  const template = composeRelay(federation, outgoing, context);
  const destination = destinationOf(federation, outgoing.targetServer);
  const waiting = waitingRelay(template, { kind: 'own' });
  if (destination?.waiting.has(waiting.key)) return;
  if (!destination || destination.waiting.size >= bounds.relaysPerDestination) {
    const outcome = failure(template, code.quota);
    return federation.ports.delivery.settle(outgoing.messageId, outcome, context);
  }
  addRelay(destination, waiting);
  const value = asJson(template);
  context.emit({ type: 'persist', table: 'relay-queue', key: waiting.key, value });
  federation.due.add(destination.peer);
}

/** What was not settled when we stopped. The same ids go out again, so nothing is shown twice. */
export function restoreQueue(federation: Federation, rows: readonly Row[]): void {
  for (const { table, value } of rows) {
    if (table !== 'relay-queue') continue;
    const template = value as unknown as MessageRelay;
    const destination = destinationOf(federation, template.target_server);
    if (destination) addRelay(destination, waitingRelay(template, { kind: 'own' }));
  }
}

function composeRelay(
  { config }: Federation,
  outgoing: OutgoingRelay,
  context: Context,
): MessageRelay {
  const unsigned: MessageRelay = {
    type: 'message_relay',
    federation_id: uuid(context),
    message_id: outgoing.messageId,
    origin_server: config.serverId,
    target_server: outgoing.targetServer,
    target_users: [...outgoing.targetUsers],
    route_path: [config.serverId],
    encrypted_payloads: { ...outgoing.payloads },
    metadata: {
      original_timestamp: outgoing.timestampMicros,
      federation_timestamp: context.now,
      hop_count: 1,
      ttl: outgoing.ttlSeconds,
      priority: 'normal',
      delivery_requirements: ['acknowledge', 'encrypt_transport'],
    },
    classification: outgoing.classification as MessageRelay['classification'],
    route_signature: '',
    sender_user_id: outgoing.senderUserId,
    sender_device_id: outgoing.senderDeviceId,
    conversation_id: outgoing.conversationId,
    message_type: outgoing.messageType as NonNullable<MessageRelay['message_type']>,
    sequence_number: outgoing.sequenceNumber,
    prev_message_hash: outgoing.previousHash,
  };
  const origin_signature = context.crypto.sign(config.identity, originPart(unsigned, context));
  return { ...unsigned, origin_signature };
}

/** `latest`: given up then, although its own time is not over. */
export function waitingRelay(
  template: MessageRelay,
  from: WaitingRelay['from'],
  limit?: { readonly latest: number },
): WaitingRelay {
  const { original_timestamp, ttl } = template.metadata;
  const end = original_timestamp + seconds(ttl);
  return {
    key: cacheKey(template),
    template,
    sizeBytes: canonicalText(asJson(template)).length,
    expiresAt: Math.min(end, limit?.latest ?? end),
    from,
    attempts: 0,
    notBefore: 0,
  };
}

// --- sending ------------------------------------------------------------------------------------------

/** As many as may be under way, by priority. The link is active and the trust behind it too. */
export function sendRelays(
  federation: Federation,
  destination: Destination,
  link: Link,
  standing: Standing,
  context: Context,
): void {
  if (context.now < destination.pausedUntil) return;
  while (destination.inFlight < bounds.relaysInFlight) {
    const waiting = takeRelay(destination);
    if (!waiting) return;
    // What is passed on was judged when it came (relay-receive.ts).
    const isOwn = waiting.from.kind === 'own';
    const refused = isOwn ? sendingObjection(waiting, standing, context) : null;
    if (refused) {
      logRefusal(refused, destination.peer, context);
      failRelay(federation, destination, waiting, refused.code, context);
      continue;
    }
    destination.inFlight += 1;
    const message = stamp(federation, destination.peer, waiting.template, context);
    ask(federation, link, message, { kind: 'relay', waiting }, context);
  }
}

/** X-CLS-04: what the peer would have to refuse is not shown to it. */
function sendingObjection(
  { template, sizeBytes }: WaitingRelay,
  standing: Standing,
  context: Context,
): Refusal | null {
  const isFile = template.message_type === 'file';
  return (
    needsPermission(standing, 'message_relay', context) ??
    (isFile ? needsPermission(standing, 'file_transfer', context) : null) ??
    objection(
      context,
      'X-CLS-04',
      isWithinCeiling(standing.level, template.classification),
      () => ({
        code: code.insufficientTrust,
        detail: `${template.classification} towards level ${standing.level}`,
      }),
    ) ??
    objection(context, 'F-RELAY-13', sizeBytes <= standing.limits.maxMessageBytes, () => ({
      code: code.messageTooLarge,
      detail: `${sizeBytes} bytes, at most ${standing.limits.maxMessageBytes}`,
    }))
  );
}

/** The hop's own members; everything else goes as it came (F-RELAY-12). */
function stamp(
  federation: Federation,
  peer: string,
  template: MessageRelay,
  context: Context,
): MessageRelay {
  const { route_signature: _, ...rest } = template;
  const relay = {
    ...rest,
    metadata: { ...template.metadata, federation_timestamp: context.now },
    relay_sequence: nextSequence(federation.sequences, peer, context),
  };
  return signed(federation.config.identity, relay, 'route_signature', context) as MessageRelay;
}

// --- what comes back ----------------------------------------------------------------------------------

export interface RelayAnswer {
  readonly waiting: WaitingRelay;
  readonly message: NorcMessage | null;
  /** As received; null when the answer has no body. */
  readonly body: JsonObject | null;
}

export function receiveRelayAnswer(
  federation: Federation,
  link: Link,
  reply: RelayAnswer,
  context: Context,
): void {
  const destination = federation.destinations.get(link.peer);
  if (!destination) return;
  destination.inFlight -= 1;
  federation.due.add(destination.peer);
  const { waiting, message } = reply;
  // Settled while it was under way: its time was over, or the trust.
  if (destination.waiting.get(waiting.key) !== waiting) return;
  switch (message?.type) {
    case 'relay_ack':
      return receiveAck(federation, link, destination, reply, context);
    case 'rate_limit_exceeded':
      destination.pausedUntil = pauseUntil(message.retry_after, context);
      return tryAgain(federation, destination, waiting, message.error_code, context);
    case 'federation_error':
      if (isLostTrust(message.error_code)) federation.ports.trust.wanted(link.peer, context);
      return tryAgain(federation, destination, waiting, message.error_code, context);
    default:
      return withoutAck(federation, destination, waiting, context);
  }
}

function receiveAck(
  federation: Federation,
  link: Link,
  destination: Destination,
  { waiting, message, body }: RelayAnswer,
  context: Context,
): void {
  if (message?.type !== 'relay_ack' || body === null) return;
  const key = peerKey(federation, link);
  const refused = ackObjection(waiting.template, { ack: message, body, key }, context);
  if (refused) {
    logRefusal(refused, link.peer, context);
    return tryAgain(federation, destination, waiting, code.noRoute, context);
  }
  removeRelay(destination, waiting);
  if (waiting.from.kind === 'own') {
    return settle(federation, waiting, outcomeOf(message), context);
  }
  const { exchanges, peer } = waiting.from;
  rememberRelay(federation.cache, waiting.template, { ack: message, peer }, context);
  for (const exchange of exchanges) answer(federation, exchange, { status: 200, message }, context);
}

/** Silence. Of our own relays an acknowledgment was asked; others may have asked for none. */
function withoutAck(
  federation: Federation,
  destination: Destination,
  waiting: WaitingRelay,
  context: Context,
): void {
  if (waiting.from.kind === 'own') {
    return tryAgain(federation, destination, waiting, undefined, context);
  }
  removeRelay(destination, waiting);
  const { exchanges, peer } = waiting.from;
  if (!waiting.template.metadata.delivery_requirements.includes('acknowledge')) {
    rememberRelay(federation.cache, waiting.template, { ack: null, peer }, context);
  }
  for (const exchange of exchanges) answerNothing(federation, exchange, context);
}

/** Own relays try again unless the refusal is final; whoever waits for a forwarded one learns now. */
function tryAgain(
  federation: Federation,
  destination: Destination,
  waiting: WaitingRelay,
  errorNumber: number | undefined,
  context: Context,
): void {
  const isFinal = errorNumber !== undefined && finalCodes.has(errorNumber);
  if (waiting.from.kind === 'forward' || isFinal) {
    return failRelay(federation, destination, waiting, knownCode(errorNumber), context);
  }
  const again = context.now + backoff(waiting.attempts, context);
  restRelay(destination, waiting, Math.max(again, destination.pausedUntil));
}

// --- the end --------------------------------------------------------------------------------------------

export function failRelay(
  federation: Federation,
  destination: Destination,
  waiting: WaitingRelay,
  reason: ErrorCode,
  context: Context,
): void {
  removeRelay(destination, waiting);
  if (waiting.from.kind === 'own') {
    return settle(federation, waiting, failure(waiting.template, reason), context);
  }
  const refusal: Refusal = {
    requirement: 'F-RELAY-19',
    code: reason,
    detail: `not passed on to ${destination.peer}`,
  };
  for (const exchange of waiting.from.exchanges) refuse(federation, exchange, refusal, context);
}

/** F-TRUST-05: nothing that waits for the peer survives the end of its trust. */
export function purgeRelays(
  federation: Federation,
  destination: Destination,
  reason: ErrorCode,
  context: Context,
): void {
  for (const waiting of [...destination.waiting.values()]) {
    failRelay(federation, destination, waiting, reason, context);
  }
}

function settle(
  federation: Federation,
  { key, template }: WaitingRelay,
  outcome: DeliveryOutcome,
  context: Context,
): void {
  context.emit({ type: 'persist', table: 'relay-queue', key, value: null });
  federation.ports.delivery.settle(template.message_id, outcome, context);
}

/** Which device is whose is the target's knowledge; with one user there is no question. */
function failure(template: MessageRelay, errorNumber: number): DeliveryOutcome {
  const devices = Object.keys(template.encrypted_payloads);
  const deviceIds = template.target_users.length === 1 ? devices : [];
  return {
    delivered: [],
    failed: template.target_users.map((userId) => ({ userId, deviceIds, errorCode: errorNumber })),
  };
}

function isLostTrust(errorNumber: number): boolean {
  return errorNumber === code.notTrusted || errorNumber === code.trustExpired;
}

/** What a peer says is passed on only in words of the protocol. */
function knownCode(errorNumber: number | undefined): ErrorCode {
  const row = Object.values(errorByCode).find((known) => known.code === errorNumber);
  return row?.layer === 'federation' ? row.code : common.federationError;
}

function pauseUntil(retryAfterSeconds: number, { now }: Context): number {
  return now + seconds(Math.min(retryAfterSeconds, limits.backoffCapSeconds));
}
