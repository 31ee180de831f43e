/**
 * Relays that come in (F7): delivered here and acknowledged (F-ACK-01), or passed on to the server they
 * are for (L-F11). A repeat gets the same acknowledgment again and has no other effect (F-ACK-03).
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { RelayAck } from '../../spec/messages/federation/relay-ack.ts';
import type { Context, ExchangeId } from '../core.ts';
import { seconds } from '../time.ts';
import { bounds, waits } from './bounds.ts';
import { mayCross } from './ceiling.ts';
import { addRelay, type Destination } from './destination.ts';
import { answer, answerNothing, refuse } from './exchange.ts';
import { firstObjection, logRefusal, objection, type Refusal, refusalOf } from './refusal.ts';
import { makeAck } from './relay-ack.ts';
import { cacheKey, findRelay, rememberRelay } from './relay-cache.ts';
import { type RelayArrival, relayObjection } from './relay-checks.ts';
import { waitingRelay } from './relay-send.ts';
import { judgeSequence, recordSequence } from './relay-sequence.ts';
import { destinationOf } from './state.ts';

const { federation: code } = errorCode;

export function receiveRelay(arrival: RelayArrival, exchange: ExchangeId, context: Context): void {
  const { federation, link, relay } = arrival;
  const refused = relayObjection(arrival, context);
  if (refused) return refuse(federation, exchange, refused, context);
  if (isRepeat(arrival, exchange, context)) return;

  // X-SEQ-07: judged now, recorded when it is taken. Quarantine is silent (L-F21).
  const place = judgeSequence(federation.sequences, link.peer, relay, context);
  if (!place.ok) {
    logRefusal(refusalOf(place.error, code.malformed), link.peer, context);
    return answerNothing(federation, exchange, context);
  }
  if (relay.target_server === federation.config.serverId) deliver(arrival, exchange, context);
  else forward(arrival, exchange, context);
}

/** F-ACK-03, X-SEQ-15: answered, or waiting for the same answer. */
function isRepeat(arrival: RelayArrival, exchange: ExchangeId, context: Context): boolean {
  const { federation, link, relay } = arrival;
  const cached = findRelay(federation.cache, relay, context);
  const isNew = context.must('F-RELAY-06', cached === undefined);
  if (cached && !isNew) {
    answerWith(arrival, exchange, cached.ack, context);
    return true;
  }
  const underWay = federation.destinations.get(relay.target_server)?.waiting.get(cacheKey(relay));
  if (underWay?.from.kind !== 'forward') return false;
  const { exchanges, peer } = underWay.from;
  const mayWait = peer === link.peer && exchanges.length < bounds.waitersPerForward;
  if (mayWait) exchanges.push(exchange);
  else answerNothing(federation, exchange, context);
  return true;
}

function deliver(arrival: RelayArrival, exchange: ExchangeId, context: Context): void {
  const { federation, link, relay } = arrival;
  recordSequence(federation.sequences, link.peer, relay, context);
  const outcome = federation.ports.delivery.deliver(relay, context);
  const ack = makeAck(federation, relay, outcome, context);
  rememberRelay(federation.cache, relay, { ack, peer: link.peer }, context);
  answerWith(arrival, exchange, ack, context);
}

/** F-RELAY-14: an acknowledgment for whoever asks for one. */
function answerWith(
  { federation, relay }: RelayArrival,
  exchange: ExchangeId,
  ack: RelayAck | null,
  context: Context,
): void {
  const isAsked = relay.metadata.delivery_requirements.includes('acknowledge');
  if (ack === null || !isAsked) return answerNothing(federation, exchange, context);
  answer(federation, exchange, { status: 200, message: ack }, context);
}

/** For another server: its sender waits while we pass it on, and learns what that server says. */
function forward(arrival: RelayArrival, exchange: ExchangeId, context: Context): void {
  const { federation, link, relay } = arrival;
  const { serverId } = federation.config;
  const destination = destinationOf(federation, relay.target_server);
  const template: MessageRelay = {
    ...relay,
    route_path: [...relay.route_path, serverId],
    metadata: { ...relay.metadata, hop_count: relay.metadata.hop_count + 1 },
  };
  const latest = context.now + seconds(waits.forwardSeconds);
  const from = { kind: 'forward' as const, exchanges: [exchange], peer: link.peer };
  const waiting = waitingRelay(template, from, { latest });
  const onward = { arrival, destination, sizeBytes: waiting.sizeBytes };
  const refused = firstObjection(forwardChecks, onward, context);
  if (refused) return refuse(federation, exchange, refused, context);
  recordSequence(federation.sequences, link.peer, relay, context);
  if (!destination) return answerNothing(federation, exchange, context);
  addRelay(destination, waiting);
  federation.due.add(destination.peer);
}

interface Onward {
  readonly arrival: RelayArrival;
  readonly destination: Destination | undefined;
  /** As it would leave. */
  readonly sizeBytes: number;
}

type Check = (onward: Onward, context: Context) => Refusal | null;

/** We would be one hop more. */
export const hasHopLeft: Check = ({ arrival: { relay } }, context) => {
  const budget = Math.min(relay.max_hops ?? limits.maxHops, limits.maxHops);
  return objection(context, 'F-RELAY-03', relay.route_path.length < budget, () => ({
    code: code.ttlExpired,
    detail: 'no hop is left to pass it on',
    reason: 'hop_budget',
  }));
};

/** Trust with both neighbours (L-F11); a route is a server that trusts us, and nothing else. */
const hasRoute: Check = ({ arrival: { federation, relay } }, context) => {
  const { status } = federation.ports.trust.outbound(relay.target_server, context.now);
  return objection(context, 'F-RELAY-19', status === 'active', () => ({
    code: code.noRoute,
    detail: `no route to ${relay.target_server}`,
  }));
};

/** Both trusts must admit it: that of the next server in us, and our own in the next server. */
const isTrustedEnough: Check = ({ arrival: { federation, relay } }, context) => {
  const { trust } = federation.ports;
  const outbound = trust.outbound(relay.target_server, context.now);
  const needed = ['message_relay', ...(relay.message_type === 'file' ? ['file_transfer'] : [])];
  const isAdmitted = needed.every((permission) => outbound.permissions.has(permission));
  return objection(context, 'F-RELAY-11', isAdmitted, () => ({
    code: code.insufficientTrust,
    detail: `no ${needed.join(' and ')} at ${relay.target_server}`,
    reason: 'permission',
  }));
};

/** T-GOV-04: not from a higher to a lower label, in whichever direction of trust it is lower. */
const isOfTheLabel: Check = ({ arrival: { federation, relay } }, context) => {
  const { config, ports } = federation;
  const { target_server: server, classification: label } = relay;
  const outbound = ports.trust.outbound(server, context.now);
  const inbound = ports.trust.inbound(server, context.now);
  const levels = [outbound, ...(inbound.status === 'active' ? [inbound] : [])];
  const isAdmitted = levels.every(({ level }) => mayCross(config, { server, level, label }));
  return objection(context, 'T-GOV-04', isAdmitted, () => ({
    code: code.insufficientTrust,
    detail: `${label} for ${server} at level ${outbound.level}`,
    reason: 'classification',
  }));
};

const fitsNext: Check = ({ arrival: { federation, relay }, sizeBytes }, context) => {
  const { limits: granted } = federation.ports.trust.outbound(relay.target_server, context.now);
  return objection(context, 'F-RELAY-13', sizeBytes <= granted.maxMessageBytes, () => ({
    code: code.messageTooLarge,
    detail: `${sizeBytes} bytes, at most ${granted.maxMessageBytes}`,
  }));
};

const hasRoom: Check = ({ destination }, context) => {
  const count = destination?.waiting.size ?? bounds.relaysPerDestination;
  return objection(context, 'F-RATE-01', count < bounds.relaysPerDestination, () => ({
    code: code.quota,
    detail: `${count} relays wait`,
    limit: {
      limit_type: 'queue',
      current_rate: count,
      limit: bounds.relaysPerDestination,
      retry_after: waits.forwardSeconds,
    },
  }));
};

const forwardChecks: readonly Check[] = [
  hasHopLeft,
  hasRoute,
  isTrustedEnough,
  isOfTheLabel,
  fitsNext,
  hasRoom,
];
