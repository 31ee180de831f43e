/**
 * Every check of a relay that has passed the gate (F-RELAY-02 to F-RELAY-19, X-CLS-04), in order: what
 * costs nothing first, signatures after, and what looks into our own state last, so that nobody who
 * could not have sent the message learns anything from how it is refused.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import type { Context } from '../core.ts';
import type { JsonObject, PublicKey } from '../crypto/crypto.ts';
import { isNearMicros } from '../guard/freshness.ts';
import type { Standing } from '../ports.ts';
import { seconds } from '../time.ts';
import { bounds } from './bounds.ts';
import { isWithinCeiling, maxBytesOf } from './ceiling.ts';
import { needsPermission } from './gate.ts';
import type { Link } from './link.ts';
import { firstObjection, objection, type Refusal } from './refusal.ts';
import { isOriginSigned } from './relay-origin.ts';
import { reaches } from './standing.ts';
import { type Federation, isSigned, peerKey } from './state.ts';

const { federation: code, common } = errorCode;

export interface RelayArrival {
  readonly federation: Federation;
  readonly link: Link;
  readonly relay: MessageRelay;
  /** As received: what the hop has signed. */
  readonly body: JsonObject;
  readonly sizeBytes: number;
  /** What the neighbour may do here. */
  readonly standing: Standing;
}

type Check = (arrival: RelayArrival, context: Context) => Refusal | null;

export function relayObjection(arrival: RelayArrival, context: Context): Refusal | null {
  return firstObjection(checks, arrival, context);
}

const mayCarryFiles: Check = ({ relay, standing }, context) =>
  relay.message_type === 'file' ? needsPermission(standing, 'file_transfer', context) : null;

/** F-TRUST-04: by level; F-RELAY-13: by certificate. */
const fitsLimits: Check = ({ sizeBytes, standing }, context) =>
  objection(context, 'F-TRUST-04', sizeBytes <= maxBytesOf(standing.level), () => ({
    code: code.messageTooLarge,
    detail: `${sizeBytes} bytes at level ${standing.level}`,
  })) ??
  objection(context, 'F-RELAY-13', sizeBytes <= standing.limits.maxMessageBytes, () => ({
    code: code.messageTooLarge,
    detail: `${sizeBytes} bytes, at most ${standing.limits.maxMessageBytes}`,
  }));

/** L-F03: in flight the path ends with the sender and does not contain the receiver. */
const pathStartsAndEndsRight: Check = ({ link, relay }, context) => {
  const { route_path: path, origin_server: origin } = relay;
  return objection(context, 'F-RELAY-02', path.at(-1) === link.peer && path[0] === origin, () => ({
    code: code.malformed,
    detail: `path ${path.join(' ')} from ${origin} by ${link.peer}`,
    reason: 'route_path',
  }));
};

const hopsAgree: Check = ({ relay }, context) => {
  const { route_path: path, metadata, max_hops } = relay;
  // L-F05: a sender may lower the limit, never raise it.
  const budget = Math.min(max_hops ?? limits.maxHops, limits.maxHops);
  return (
    objection(context, 'F-RELAY-03', metadata.hop_count === path.length, () => ({
      code: code.malformed,
      detail: `${metadata.hop_count} hops over ${path.length} servers`,
      reason: 'hop_count',
    })) ??
    objection(context, 'F-RELAY-03', path.length <= budget, () => ({
      code: code.ttlExpired,
      detail: `${path.length} hops, at most ${budget}`,
      reason: 'hop_budget',
    }))
  );
};

const isNoLoop: Check = ({ federation, relay }, context) =>
  objection(context, 'F-RELAY-04', !relay.route_path.includes(federation.config.serverId), () => ({
    code: code.routingLoop,
    detail: `path ${relay.route_path.join(' ')}`,
  }));

/** L-F04. `now > original_timestamp + ttl` is too late. */
const isAlive: Check = ({ relay }, context) => {
  const { original_timestamp, ttl } = relay.metadata;
  const isLife = ttl >= 1 && ttl <= limits.relayTtlSeconds;
  const isOver = context.now > original_timestamp + seconds(ttl);
  return objection(context, 'F-RELAY-05', isLife && !isOver, () => ({
    code: code.ttlExpired,
    detail: `ttl ${ttl} s from ${original_timestamp}`,
    reason: 'ttl',
  }));
};

/** Else a far future would keep a relay alive, and in our cache, for ever. */
const isNotFromTheFuture: Check = ({ relay }, context) => {
  const { original_timestamp } = relay.metadata;
  const latest = context.now + seconds(limits.messageFreshnessSeconds);
  return objection(context, 'X-TIME-01', original_timestamp <= latest, () => ({
    code: code.malformed,
    detail: `original_timestamp ${original_timestamp} is in the future`,
    reason: 'stale',
  }));
};

/** L-F07: every server that sends it on writes it anew. */
const isFresh: Check = ({ relay }, context) => {
  const sentAt = relay.metadata.federation_timestamp;
  const isNear = isNearMicros(context.now, sentAt, limits.federationSkewSeconds);
  return objection(context, 'F-RELAY-09', isNear, () => ({
    code: code.malformed,
    detail: `federation_timestamp ${sentAt} at ${context.now}`,
    reason: 'stale',
  }));
};

const senderIsOfOrigin: Check = ({ relay }, context) => {
  const { sender_user_id: sender, origin_server: origin } = relay;
  // At 1.0 the sender may be missing (L-F01).
  const isOurs = sender === undefined || domainOf(sender) === origin;
  return objection(context, 'F-RELAY-18', isOurs, () => ({
    code: code.malformed,
    detail: `a sender of ${domainOf(sender ?? '')} from ${origin}`,
    reason: 'sender_domain',
  }));
};

const usersAreOfTarget: Check = ({ relay }, context) => {
  const foreign = relay.target_users.filter((user) => domainOf(user) !== relay.target_server);
  return objection(context, 'F-RELAY-10', foreign.length === 0, () => ({
    code: code.userNotFound,
    detail: `${foreign.length} users are not of ${relay.target_server}`,
  }));
};

const labelIsAdmitted: Check = ({ relay, standing }, context) =>
  objection(context, 'X-CLS-04', isWithinCeiling(standing.level, relay.classification), () => ({
    code: code.insufficientTrust,
    detail: `${relay.classification} at level ${standing.level}`,
    reason: 'classification',
  }));

const hopSigned: Check = ({ federation, link, body }, context) => {
  const key = peerKey(federation, link);
  return objection(context, 'F-RELAY-08', isSigned(key, body, 'route_signature', context), () => ({
    code: common.cryptoError,
    detail: 'the route signature does not verify',
    reason: 'route_signature',
  }));
};

/** The target needs the origin's key, and from verified on knows the origin itself (L-F11). */
const originIsKnown: Check = (arrival, context) => {
  const { federation, relay, standing } = arrival;
  const isHere = relay.target_server === federation.config.serverId;
  const needsDirect = reaches(standing.level, 'verified') && !isDirect(arrival);
  const direct = federation.ports.trust.inbound(relay.origin_server, context.now);
  const isKnown = originKey(arrival) !== null && (!needsDirect || direct.status === 'active');
  return objection(context, 'F-RELAY-11', !isHere || isKnown, () => ({
    code: code.insufficientTrust,
    detail: `origin ${relay.origin_server} is not known`,
    reason: 'origin',
  }));
};

/** Every server that knows the origin's key verifies, not only the target (S-7). */
const originSigned: Check = (arrival, context) => {
  const key = originKey(arrival);
  const { federation, relay } = arrival;
  // At 1.0 it may be missing, and then only the origin itself may bring the relay (L-V12).
  const isAbsent = relay.origin_signature === undefined && isDirect(arrival);
  const isTrue = key === null || isAbsent || isOriginSigned(relay, key, context);
  const isBarred = key !== null && federation.ports.trust.isBanned(key);
  return objection(context, 'F-RELAY-07', isTrue && !isBarred, () => ({
    code: common.cryptoError,
    detail: 'the origin signature does not verify',
    reason: 'origin_signature',
  }));
};

const hasRoomInCache: Check = ({ federation, link }, context) => {
  const count = federation.cache.countByPeer.get(link.peer) ?? 0;
  return objection(context, 'F-RATE-01', count < bounds.cachedRelaysPerPeer, () => ({
    code: code.quota,
    detail: `${count} relays remembered`,
    limit: {
      limit_type: 'storage',
      current_rate: count,
      limit: bounds.cachedRelaysPerPeer,
      retry_after: limits.relayCacheSeconds,
    },
  }));
};

const checks: readonly Check[] = [
  mayCarryFiles,
  fitsLimits,
  pathStartsAndEndsRight,
  hopsAgree,
  isNoLoop,
  isAlive,
  isNotFromTheFuture,
  isFresh,
  senderIsOfOrigin,
  usersAreOfTarget,
  labelIsAdmitted,
  hopSigned,
  originIsKnown,
  originSigned,
  hasRoomInCache,
];

function isDirect({ link, relay }: RelayArrival): boolean {
  return relay.origin_server === link.peer;
}

function originKey(arrival: RelayArrival): PublicKey | null {
  const { federation, link, relay } = arrival;
  if (isDirect(arrival)) return peerKey(federation, link);
  return federation.ports.trust.keyOf(relay.origin_server);
}

function domainOf(user: string): string {
  return user.slice(user.lastIndexOf('@') + 1);
}
