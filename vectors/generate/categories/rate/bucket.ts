/** A token bucket in exact fractions (L-X07). */
export type Limit = {
  readonly burst: number;
  readonly tokens: number;
  readonly period_seconds: number;
};
export type Step = { readonly at: number; readonly cost: number };

export const SECOND = 1_000_000;

/** Level of a bucket as a fraction whose denominator is the period in microseconds. */
export function run({ burst, tokens, period_seconds }: Limit, steps: readonly Step[]) {
  const period = BigInt(period_seconds * SECOND);
  const full = BigInt(burst) * period;
  let level = full;
  let at = 0n;
  return steps.map(({ at: now, cost }) => {
    const time = BigInt(now);
    if (time > at) {
      level += (time - at) * BigInt(tokens);
      at = time;
    }
    if (level > full) level = full;
    const missing = BigInt(cost) * period - level;
    if (missing <= 0n) {
      level -= BigInt(cost) * period;
      return { accepted: true, retry_after: null };
    }
    if (cost > burst) return { accepted: false, retry_after: null };
    const waitMicros = ceil(missing, BigInt(tokens)) + (at > time ? at - time : 0n);
    return { accepted: false, retry_after: Number(ceil(waitMicros, BigInt(SECOND))) };
  });
}

const ceil = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
