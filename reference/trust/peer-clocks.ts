/**
 * The time that peers tell (F App A.3, T App A.5; F-TIME-01, X-TIME-04 to X-TIME-07, L-F22). Each
 * trusted peer has an offset of its own, at most 60 seconds; only when three or more have told
 * theirs does the median shift the time by which expiry is judged. The clock itself is nobody's to
 * set (X-TIME-05), and a single peer, however wrong, moves nothing (S-13).
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { TimeSync } from '../../spec/messages/common/time-sync.ts';
import { isCredibleOffset } from '../guard/freshness.ts';
import type { TrustOrigin } from '../ports.ts';
import { type Micros, millis, seconds, toSeconds } from '../time.ts';
import { refreshStanding } from './certificate/activation.ts';
import { check, firstBroken } from './check.ts';
import { peerKeyOf } from './peer-key.ts';
import { logRefusal } from './refusal.ts';
import { relationStatus } from './relation-gate.ts';
import type { Scope } from './scope.ts';
import { isSignedBy, signed } from './transcript.ts';

export interface PeerClock {
  readonly offset: Micros;
  readonly at: Micros;
}

/** Seconds are all that the member can say. */
const UNCERTAINTY_MS = 1000;
/** Clocks that are remembered; the oldest makes room. [P] */
const MOST_CLOCKS = 1024;

/** What is wrong is passed over: nobody is told which clocks we believe. */
export function receiveTimeSync(scope: Scope, sync: TimeSync, origin: TrustOrigin): void {
  const { state, context, link } = scope;
  const { peer, exchange } = origin;
  const { badSignature, expired } = errorCode.trust;
  const told = { serverTimeSeconds: sync.server_time, uncertaintyMs: sync.uncertainty_ms };
  const broken = firstBroken(context.must, [
    check('F-TIME-01', errorCode.federation.notTrusted, 'the time of a stranger', () => {
      return relationStatus(scope, peer) === 'active';
    }),
    check('X-TIME-04', badSignature, 'a time that the peer has not signed', () => {
      const isOwn = sync.server_id === peer;
      return isOwn && isSignedBy(scope, peerKeyOf(state, origin), sync, 'signature');
    }),
    check('X-TIME-06', expired, 'too far from our clock', () => {
      return isCredibleOffset(context.now, told, limits.federationOffsetMarginSeconds);
    }),
  ]);
  if (broken) logRefusal(scope, peer, broken);
  else remember(scope, peer, offsetOf(sync, context.now));
  if (exchange === null) return;
  if (broken) link.answer(exchange, 204, null, context);
  else link.answer(exchange, 200, ownTime(scope), context);
}

function offsetOf({ server_time: time, uncertainty_ms: uncertainty }: TimeSync, now: Micros) {
  const difference = seconds(time) - now;
  // Within what the message leaves uncertain there is nothing to correct.
  if (Math.abs(difference) <= millis(uncertainty)) return 0;
  const cap = seconds(limits.federationOffsetMarginSeconds);
  return Math.max(-cap, Math.min(cap, difference));
}

function remember(scope: Scope, peer: string, offset: Micros): void {
  const { heard } = scope.state.clocks;
  heard.delete(peer);
  const [oldest] = heard.keys();
  if (heard.size >= MOST_CLOCKS && oldest !== undefined) heard.delete(oldest);
  heard.set(peer, { offset, at: scope.context.now });
  settleClock(scope);
}

/** After somebody has told its time, and when what was told has grown old. */
export function settleClock(scope: Scope): void {
  const { state, context } = scope;
  const { heard } = state.clocks;
  for (const [peer, { at }] of heard) {
    const isOld = context.now - at > seconds(limits.timeSyncSeconds);
    // Whoever is no longer trusted has no say any more.
    const isTrusted = context.must('F-TIME-01', relationStatus(scope, peer) === 'active');
    if (isOld || !isTrusted) heard.delete(peer);
  }
  const offsets = [...heard.values()].map(({ offset }) => offset);
  const areEnough = offsets.length >= limits.timeSyncPeers;
  const offset = context.must('X-TIME-07', areEnough) ? median(offsets) : 0;
  if (offset === state.clocks.offset) return;
  state.clocks.offset = offset;
  for (const peer of state.relations.keys()) refreshStanding(scope, peer);
}

function median(values: readonly Micros[]): Micros {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : Math.round(((sorted[middle - 1] ?? 0) + upper) / 2);
}

/** Tells every peer that we trust or that trusts us what our clock says. */
export function tellTime(scope: Scope): void {
  for (const peer of scope.state.relations.keys()) {
    if (relationStatus(scope, peer) !== 'active') continue;
    scope.link.post(peer, ownTime(scope), scope.context);
  }
}

function ownTime(scope: Scope): TimeSync {
  const body: Omit<TimeSync, 'signature'> = {
    type: 'time_sync',
    server_time: toSeconds(scope.context.now),
    uncertainty_ms: UNCERTAINTY_MS,
    server_id: scope.config.serverId,
  };
  return signed(scope, body, 'signature');
}
