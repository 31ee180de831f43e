/**
 * Rate limits of devices (X-RATE-01 to X-RATE-08, C-SES-02). Buckets belong to the authenticated
 * device, or to the user whose enrolment has been authorised, never to a connection: opening more
 * connections buys nothing (S-18). A token is taken before anything of the message is judged.
 */
import type { Policy } from '../../config.ts';
import type { Context } from '../../core.ts';
import { createBucket, isFull, type Rate, take } from '../../guard/token-bucket.ts';
import type { Micros } from '../../time.ts';
import { bounds } from './bounds.ts';
import type { Server } from './state.ts';

export type Limited = 'message' | 'key-lookup' | 'registration' | 'operation';

export interface Charge {
  readonly accepted: boolean;
  /** Truthful (X-RATE-06). */
  readonly retryAfterSeconds: number | null;
}

export function charge(
  server: Server,
  limited: Limited,
  identity: string,
  { now }: Context,
): Charge {
  const key = `${limited}/${identity}`;
  let bucket = server.buckets.get(key);
  if (!bucket) {
    forgetIdle(server, now);
    bucket = createBucket(rateOf(limited, server.config.policy), now);
    server.buckets.set(key, bucket);
  }
  return take(bucket, now);
}

function rateOf(limited: Limited, policy: Policy): Rate {
  switch (limited) {
    case 'key-lookup':
      return { ratePerMinute: policy.keyLookupsPerMinute, burst: policy.keyLookupsPerMinute };
    case 'registration':
      return { ratePerHour: policy.registrationsPerHour, burst: policy.registrationsPerHour };
    default:
      // Operations without a limit of their own have the one of messages, in a bucket of their own.
      return { ratePerMinute: policy.clientMessagesPerMinute, burst: policy.clientMessageBurst };
  }
}

/**
 * A full bucket is as good as none. After a search the next one waits until there are twice as many,
 * so that a server whose devices are all busy does not search for ever.
 */
function forgetIdle(server: Server, now: Micros): void {
  const { buckets } = server;
  if (buckets.size < server.bucketsBeforeSearch) return;
  for (const [key, bucket] of buckets) if (isFull(bucket, now)) buckets.delete(key);
  server.bucketsBeforeSearch = Math.max(bounds.buckets, 2 * buckets.size);
}
