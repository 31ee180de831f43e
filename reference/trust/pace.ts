/** How often a peer may ask (T-REQ-12), when it may ask again (L-R13), and when we do. */
import { limits } from '../../spec/limits.ts';
import type { RateLimitExceeded } from '../../spec/messages/federation/rate-limit-exceeded.ts';
import type { TrustRequest } from '../../spec/messages/trust/trust-request.ts';
import type { Context } from '../core.ts';
import type { Hash } from '../crypto/crypto.ts';
import { createBucket, take } from '../guard/token-bucket.ts';
import { type Micros, millis, seconds, toSeconds, toWholeSeconds } from '../time.ts';
import { keepPace } from './rows.ts';
import type { Scope } from './scope.ts';
import { paceOf } from './state.ts';
import { asValue } from './transcript.ts';

/** Ids remembered for each peer: more than a day of requests at the default rate. [P] */
const REMEMBERED = 128;

/**
 * Seconds that the peer must wait; 0 when it may ask. Whatever comes of the request has paid
 * (X-RATE-08).
 */
export function waitBeforeRequest(scope: Scope, peer: string): number {
  const { now } = scope.context;
  const pace = paceOf(scope.state, peer);
  const rate = scope.config.policy.trust.requestsPerHour;
  pace.bucket ??= createBucket({ ratePerHour: rate, burst: rate }, now);
  const taken = take(pace.bucket, now);
  // What is refused for its pace changes nothing, so a flood does not reach the store.
  if (taken.accepted) keepPace(scope, peer);
  const cooling = Math.max(0, toWholeSeconds(pace.barredUntil - now));
  return Math.max(cooling, taken.retryAfterSeconds ?? 0);
}

export function tooFast(
  scope: Scope,
  request: TrustRequest,
  retryAfterSeconds: number,
): RateLimitExceeded {
  const rate = scope.config.policy.trust.requestsPerHour;
  return {
    type: 'rate_limit_exceeded',
    request_id: request.request_id,
    limit_type: 'trust_requests_per_hour',
    current_rate: rate,
    limit: rate,
    retry_after: retryAfterSeconds,
    timestamp: toSeconds(scope.context.now),
    error_code: 5401,
  };
}

/** Hash under which a request id came before, if it did (T-REQ-05). */
export function seenAs(scope: Scope, request: TrustRequest): Hash | undefined {
  const { seen } = paceOf(scope.state, request.requesting_server);
  return seen.find(({ id }) => id === request.request_id)?.hash;
}

export function rememberRequest(scope: Scope, peer: string, request: TrustRequest): void {
  const pace = paceOf(scope.state, peer);
  const hash = scope.context.crypto.hash(asValue(request));
  const others = pace.seen.filter(({ id }) => id !== request.request_id);
  pace.seen = [...others, { id: request.request_id, hash }].slice(-REMEMBERED);
  keepPace(scope, peer);
}

/** After a revocation the subject may not ask for an hour (L-R13). */
export function bar(scope: Scope, peer: string): void {
  const pace = paceOf(scope.state, peer);
  pace.barredUntil = scope.context.now + seconds(limits.trustCooldownSeconds);
  // Whoever comes back after that starts from nothing.
  pace.withheld = [];
  keepPace(scope, peer);
}

/** What was taken back in part is not given again by the next certificate. */
export function withhold(scope: Scope, peer: string, permissions: readonly string[]): void {
  const pace = paceOf(scope.state, peer);
  pace.withheld = [...new Set([...pace.withheld, ...permissions])];
  keepPace(scope, peer);
}

/**
 * After a rejection we do not ask of our own accord for so long (machine trust-requester, row 5).
 */
export function keepQuiet(scope: Scope, peer: string, waitSeconds: number): void {
  const pace = paceOf(scope.state, peer);
  pace.quietUntil = Math.max(pace.quietUntil, scope.context.now + seconds(waitSeconds));
  keepPace(scope, peer);
}

/** 5 s, doubled with each failure, ±20 %, at most 300 s (profile 5.2). `failures`: from 1. */
export function backOff(context: Context, failures: number): Micros {
  const doubled = limits.reconnectMs * limits.backoffFactor ** Math.min(failures - 1, 16);
  const base = Math.min(millis(doubled), seconds(limits.backoffCapSeconds));
  const [random = 0] = context.entropy(1);
  const spread = (limits.backoffJitterPercent / 100) * ((random / 255) * 2 - 1);
  return Math.round(Math.min(base * (1 + spread), seconds(limits.backoffCapSeconds)));
}
