/**
 * What one server may send us: messages and bytes, the same budget over all its links (X-RATE-04,
 * X-RATE-07, F-RATE-01). The baseline holds until its certificate grants other limits (F-RATE-03,
 * L-X07), which never exceed what we advertise.
 */
import { errorCode } from '../../spec/emitted/registries.ts';
import { limits } from '../../spec/limits.ts';
import type { Policy } from '../config.ts';
import type { Context } from '../core.ts';
import { available, type Bucket, createBucket, isFull, take } from '../guard/token-bucket.ts';
import type { Standing } from '../ports.ts';
import type { Micros } from '../time.ts';
import { objection, type Refusal } from './refusal.ts';

export interface Rates {
  /** What the buckets were made for; they are made anew when it changes. */
  grant: string;
  messages: Metered;
  bytes: Metered;
  /** True while refusing, so that a flood is recorded once (X-AUD-05). */
  refusing: boolean;
}

interface Metered {
  readonly bucket: Bucket;
  /** As told to the peer: tokens of a full bucket. */
  readonly limit: number;
}

const BITS_PER_MEGABIT = 1_000_000;

export function createRates(policy: Policy, standing: Standing, now: Micros): Rates {
  const grant = grantOf(standing);
  return { grant, ...meter(policy, standing, now), refusing: false };
}

/**
 * Takes one message of `sizeBytes` off the budget. Called before anything of the request is judged
 * and never given back, so that what is refused or repeated has paid too (X-RATE-08).
 */
export function charge(
  rates: Rates,
  cost: { readonly policy: Policy; readonly standing: Standing; readonly sizeBytes: number },
  context: Context,
): Refusal | null {
  if (rates.grant !== grantOf(cost.standing)) {
    rates.grant = grantOf(cost.standing);
    Object.assign(rates, meter(cost.policy, cost.standing, context.now));
  }
  const refused =
    chargeOne('message_rate', rates, 1, context) ??
    // What is above the whole budget empties it, and is refused for its size (5602).
    chargeOne('bandwidth', rates, Math.min(cost.sizeBytes, rates.bytes.limit), context);
  rates.refusing = refused !== null;
  return refused;
}

/** Whether forgetting would change nothing. */
export function isUnused(rates: Rates, now: Micros): boolean {
  return isFull(rates.messages.bucket, now) && isFull(rates.bytes.bucket, now);
}

function chargeOne(
  limitType: 'message_rate' | 'bandwidth',
  rates: Rates,
  cost: number,
  context: Context,
): Refusal | null {
  const isMessages = limitType === 'message_rate';
  const { bucket, limit } = isMessages ? rates.messages : rates.bytes;
  const used = limit - available(bucket, context.now);
  const taken = take(bucket, context.now, cost);
  const ofMessages = rates.grant === '' ? 'X-RATE-04' : 'F-RATE-03';
  return objection(context, isMessages ? ofMessages : 'F-RATE-01', taken.accepted, () => ({
    code: isMessages ? errorCode.federation.messageRate : errorCode.federation.bandwidth,
    detail: `${limitType} of ${limit} used up`,
    limit: {
      limit_type: limitType,
      current_rate: used + cost,
      limit,
      retry_after: taken.retryAfterSeconds ?? limits.federationIngressSeconds,
    },
  }));
}

function grantOf({ status, limits: granted }: Standing): string {
  const { messagesPerSecond, bandwidthMbps, maxMessageBytes } = granted;
  return status === 'active' ? `${messagesPerSecond} ${bandwidthMbps} ${maxMessageBytes}` : '';
}

function meter(
  policy: Policy,
  standing: Standing,
  now: Micros,
): { messages: Metered; bytes: Metered } {
  return standing.status === 'active' ? granted(standing, now) : baseline(policy, now);
}

function baseline(policy: Policy, now: Micros): { messages: Metered; bytes: Metered } {
  const perMinute = policy.federationMessagesPerMinute;
  const perPeriod = policy.federationBytesPerFiveMinutes;
  return {
    messages: metered({ ratePerMinute: perMinute, burst: perMinute }, now),
    bytes: metered(
      { tokens: perPeriod, periodSeconds: limits.federationIngressSeconds, burst: perPeriod },
      now,
    ),
  };
}

/** F-RATE-03: what the certificate grants, at most what we advertise. */
function granted(standing: Standing, now: Micros): { messages: Metered; bytes: Metered } {
  const { messagesPerSecond, bandwidthMbps, maxMessageBytes } = standing.limits;
  const perSecond = whole(Math.min(messagesPerSecond, limits.advertisedMessagesPerSecond));
  const megabits = Math.min(bandwidthMbps, limits.advertisedMegabitsPerSecond);
  const bytesPerSecond = whole((megabits * BITS_PER_MEGABIT) / 8);
  return {
    messages: metered({ ratePerSecond: perSecond, burst: perSecond }, now),
    // One message of the size that is allowed must fit, or no wait would ever let it through.
    bytes: metered(
      { ratePerSecond: bytesPerSecond, burst: Math.max(bytesPerSecond, maxMessageBytes) },
      now,
    ),
  };
}

function metered(rate: Parameters<typeof createBucket>[0], now: Micros): Metered {
  return { bucket: createBucket(rate, now), limit: rate.burst };
}

/** A bucket holds at least one whole token. */
function whole(rate: number): number {
  return Math.max(1, Math.floor(rate));
}
