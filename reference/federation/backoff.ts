/** How long to wait before the next try (F-RELAY-17, X-ERR-09, L-F24; profile 2.2 row 15). */
import { limits } from '../../spec/limits.ts';
import type { Context } from '../core.ts';
import { type Micros, millis, seconds } from '../time.ts';

/**
 * `failures`: tries in a row that have failed before this one. Three waits of five seconds, then each
 * twice the last, all spread by 20 % so that peers of a server that comes back do not dial together.
 */
export function backoff(failures: number, context: Context): Micros {
  const doublings = Math.max(0, failures - limits.reconnectRetries + 1);
  const growth = limits.backoffFactor ** Math.min(doublings, 16);
  const cap = seconds(limits.backoffCapSeconds);
  const base = Math.min(millis(limits.reconnectMs) * growth, cap);
  const spread = (base * limits.backoffJitterPercent * 2 * fraction(context)) / 100;
  const low = base - (base * limits.backoffJitterPercent) / 100;
  return Math.min(cap, Math.round(low + spread));
}

/** One failure, however many addresses were tried and links were lost in it. */
export function postponeDial(
  destination: { failures: number; dialAgainAt: Micros },
  context: Context,
): void {
  if (destination.dialAgainAt > context.now) return;
  destination.dialAgainAt = context.now + backoff(destination.failures, context);
  destination.failures += 1;
}

/** Uniform in [0, 1). */
export function fraction(context: Context): number {
  const [high = 0, low = 0] = context.entropy(2);
  return (high * 256 + low) / 65_536;
}
