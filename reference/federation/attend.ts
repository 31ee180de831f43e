/**
 * What can be done now for the servers that something has changed for: dial, ask for trust or for its
 * status, send what waits. Runs after every input and ends by setting one timer a server.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { Context } from '../core.ts';
import type { Standing } from '../ports.ts';
import { type Micros, seconds } from '../time.ts';
import { type Destination, isIdle, takeExpired, wakeRelays } from './destination.ts';
import { seekLink } from './dialling.ts';
import { ask, askList } from './exchange.ts';
import { countOf } from './lanes.ts';
import type { Link } from './link.ts';
import { failRelay, sendRelays } from './relay-send.ts';
import { type Federation, openLink } from './state.ts';
import { askStatus } from './trust-status.ts';

/** Trust may post while it is told that it is wanted: what that makes due is attended to as well. */
export function attend(federation: Federation, context: Context): void {
  const { due, destinations } = federation;
  for (const peer of due) {
    due.delete(peer);
    const destination = destinations.get(peer);
    if (!destination) continue;
    attendTo(federation, destination, context);
    if (isIdle(destination) && destination.dialAgainAt <= context.now) destinations.delete(peer);
  }
}

export function attendTimer(peer: string): string {
  return `federation/attend/${peer}`;
}

function attendTo(federation: Federation, destination: Destination, context: Context): void {
  expire(federation, destination, context);
  wakeRelays(destination, context.now);
  const { trust } = federation.ports;
  const standing = trust.outbound(destination.peer, context.now);
  askForTrust(federation, destination, standing, context);
  if (isLinkWanted(destination, standing, context)) seekLink(federation, destination, context);
  const link = openLink(federation, destination);
  if (link) use(federation, destination, link, standing, context);
  arm(destination, standing, context);
}

/** F-RELAY-17: dropped when its time is over, and the sender is told. */
function expire(federation: Federation, destination: Destination, context: Context): void {
  for (const waiting of takeExpired(destination, context.now)) {
    const { ttlExpired, noRoute } = errorCode.federation;
    const reason = waiting.from.kind === 'own' ? ttlExpired : noRoute;
    failRelay(federation, destination, waiting, reason, context);
  }
}

function askForTrust(
  federation: Federation,
  destination: Destination,
  { status }: Standing,
  context: Context,
): void {
  const isMissing = status === 'none' || status === 'expired';
  if (!isMissing || destination.waiting.size === 0) return;
  if (context.now < destination.wantedAgainAt) return;
  destination.wantedAgainAt = context.now + seconds(limits.trustStepSeconds);
  federation.ports.trust.wanted(destination.peer, context);
}

/** NORC-T spaces its own tries; relays keep to the back-off. */
function isLinkWanted(
  { posts, listWanted, lanes, dialAgainAt }: Destination,
  { status }: Standing,
  { now }: Context,
): boolean {
  const isTrustWaiting = posts.length > 0 || listWanted;
  return isTrustWaiting || (status === 'active' && countOf(lanes) > 0 && now >= dialAgainAt);
}

function use(
  federation: Federation,
  destination: Destination,
  link: Link,
  standing: Standing,
  context: Context,
): void {
  for (const message of destination.posts.splice(0)) {
    ask(federation, link, message, { kind: 'trust', message }, context);
  }
  if (destination.listWanted) {
    destination.listWanted = false;
    askList(federation, link, context);
  }
  if (standing.status !== 'active') return;
  if (link.state === 'active') sendRelays(federation, destination, link, standing, context);
  else if (mustAsk(link, context)) askStatus(federation, link, context);
}

/**
 * Row 8: the peer's view is asked until it says established, never twice at a time, and not while an
 * acknowledgment is under way that will change it.
 */
function mustAsk(link: Link, { now }: Context): boolean {
  const isAsked = [...link.pending.values()].some(
    (pending) =>
      pending.kind === 'status' ||
      (pending.kind === 'trust' && pending.message.type === 'trust_acknowledgment'),
  );
  return link.state === 'trusted' && !isAsked && now >= link.statusAskedAgainAt;
}

/** Wakes for the earliest thing that only time brings about. */
function arm(destination: Destination, standing: Standing, { now, emit }: Context): void {
  if (destination.waiting.size === 0) return;
  const instants: Micros[] = [
    destination.nextExpiry + 1,
    destination.dialAgainAt,
    destination.pausedUntil,
    ...(standing.status === 'active' ? [] : [destination.wantedAgainAt]),
    ...[...destination.resting].map(({ notBefore }) => notBefore),
    ...(destination.link === null ? [] : [now + seconds(limits.trustStepSeconds)]),
  ];
  const at = Math.min(...instants.filter((instant) => instant > now));
  if (at < Number.MAX_SAFE_INTEGER) {
    emit({ type: 'set-timer', timer: attendTimer(destination.peer), at });
  }
}
