/**
 * Rate limits (X-RATE-01 to 08, F-RATE-01): token buckets with continuous refill (L-X07), exact in
 * integers. Callers key them by authenticated identity (X-RATE-07).
 *
 * X-RATE-08 and X-RATE-06 together: a token is taken when a message arrives, before anything of it
 * is judged, and is never given back, so replays and messages refused later have paid. An attempt
 * that finds too few tokens takes none. Were it to pay as well, the wait it was told would be
 * untrue as soon as the next attempt paid, and a sender one per cent above its rate would be
 * starved instead of slowed. So accepted(t) = min(offered, burst + rate · t).
 */
import { invariant } from '../assert.ts';
import { type Micros, seconds, toWholeSeconds } from '../time.ts';

/** `burst` is the size of the bucket: what may come at once after silence. */
export type Rate = { readonly burst: number } & (
  | { readonly ratePerSecond: number }
  | { readonly ratePerMinute: number }
  | { readonly ratePerHour: number }
  | { readonly tokens: number; readonly periodSeconds: number }
);

/**
 * JSON as it stands. A token is split into as many parts as make the refill of one microsecond a
 * whole number of them, so nothing is ever rounded and no refill is lost between takes.
 */
export interface Bucket {
  readonly partsPerToken: number;
  readonly partsPerMicro: number;
  readonly capacityParts: number;
  parts: number;
  /** Instant up to which refill is counted. */
  at: Micros;
}

export type Taken =
  | { readonly accepted: true; readonly retryAfterSeconds: 0 }
  /** Null: no wait helps, the cost is above the burst. */
  | { readonly accepted: false; readonly retryAfterSeconds: number | null };

/** A full bucket. */
export function createBucket(rate: Rate, now: Micros): Bucket {
  const { tokens, period } = periodOf(rate);
  for (const count of [tokens, rate.burst]) {
    invariant(Number.isSafeInteger(count) && count > 0, `${count} is no count of tokens`);
  }
  const divisor = greatestCommonDivisor(tokens, period);
  const partsPerToken = period / divisor;
  const capacityParts = rate.burst * partsPerToken;
  invariant(Number.isSafeInteger(capacityParts), 'the bucket is too fine for its size');
  const partsPerMicro = tokens / divisor;
  return { partsPerToken, partsPerMicro, capacityParts, parts: capacityParts, at: now };
}

/** Takes `cost` tokens, or none and says when they will be there. */
export function take(bucket: Bucket, now: Micros, cost = 1): Taken {
  return takeAll([{ bucket, cost }], now);
}

/**
 * Takes from every bucket or from none: a message counts as one and as so many bytes, and what one
 * limit refuses must not use up the other, or the wait that is told would be too short.
 */
export function takeAll(
  charges: readonly { readonly bucket: Bucket; readonly cost: number }[],
  now: Micros,
): Taken {
  let waitMicros = 0;
  for (const { bucket, cost } of charges) {
    refill(bucket, now);
    waitMicros = Math.max(waitMicros, waitFor(bucket, now, cost));
  }
  if (waitMicros === Number.POSITIVE_INFINITY) return { accepted: false, retryAfterSeconds: null };
  if (waitMicros > 0) return { accepted: false, retryAfterSeconds: toWholeSeconds(waitMicros) };
  for (const { bucket, cost } of charges) bucket.parts -= cost * bucket.partsPerToken;
  return { accepted: true, retryAfterSeconds: 0 };
}

/** Whether a bucket is as good as new, so that its owner may forget it. */
export function isFull(bucket: Bucket, now: Micros): boolean {
  refill(bucket, now);
  return bucket.parts === bucket.capacityParts;
}

/** Whole tokens that can be taken at `now`. */
export function available(bucket: Bucket, now: Micros): number {
  refill(bucket, now);
  return Math.floor(bucket.parts / bucket.partsPerToken);
}

/** A clock that steps back adds and takes nothing; refill goes on where it was counted to. */
function refill(bucket: Bucket, now: Micros): void {
  const elapsed = now - bucket.at;
  if (elapsed <= 0) return;
  bucket.at = now;
  // Whatever a product above 2^53 loses, it is above the capacity all the same.
  const parts = bucket.parts + elapsed * bucket.partsPerMicro;
  bucket.parts = Math.min(parts, bucket.capacityParts);
}

/** Microseconds until `cost` tokens are there. */
function waitFor(bucket: Bucket, now: Micros, cost: number): Micros {
  invariant(Number.isSafeInteger(cost) && cost >= 0, `${cost} is no cost`);
  if (cost > bucket.capacityParts / bucket.partsPerToken) return Number.POSITIVE_INFINITY;
  const missing = cost * bucket.partsPerToken - bucket.parts;
  if (missing <= 0) return 0;
  // After a step back of the clock, refill starts again only when it reaches the old instant.
  return dividedUp(missing, bucket.partsPerMicro) + Math.max(0, bucket.at - now);
}

function periodOf(rate: Rate): { tokens: number; period: Micros } {
  if ('ratePerSecond' in rate) return { tokens: rate.ratePerSecond, period: seconds(1) };
  if ('ratePerMinute' in rate) return { tokens: rate.ratePerMinute, period: seconds(60) };
  if ('ratePerHour' in rate) return { tokens: rate.ratePerHour, period: seconds(3600) };
  return { tokens: rate.tokens, period: seconds(rate.periodSeconds) };
}

/** Exact for all safe integers, which Math.ceil of a quotient is not. */
function dividedUp(dividend: number, divisor: number): number {
  const rest = dividend % divisor;
  return (dividend - rest) / divisor + (rest > 0 ? 1 : 0);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
