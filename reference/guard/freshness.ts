/**
 * Time judgements about peer input. Each compares in the unit of the field it judges (profile 5.3),
 * so that a bound of five seconds on a field of seconds lets five pass and refuses six, whatever
 * the fraction of our own clock; and a value in the wrong unit falls far outside (X-CAN-14). The
 * caller names the requirement: the same comparison serves X-TIME-01, 02, 03 and F-AUTH.
 */
import { type Micros, millis, seconds, toSeconds } from '../time.ts';

/** X-TIME-09, L-T15: valid iff not_before ≤ now < not_after. */
export function isValidAt(
  now: Micros,
  validity: { readonly notBeforeSeconds: number; readonly notAfterSeconds: number },
): boolean {
  return now >= seconds(validity.notBeforeSeconds) && now < seconds(validity.notAfterSeconds);
}

/** X-TIME-09 for what has an end only: at `expiresAtSeconds` it is over. */
export function isExpired(now: Micros, expiresAtSeconds: number): boolean {
  return now >= seconds(expiresAtSeconds);
}

/** |now − timestamp| ≤ skew, for a field of seconds (X-TIME-02). */
export function isNearSeconds(now: Micros, timestampSeconds: number, skewSeconds: number): boolean {
  return Math.abs(toSeconds(now) - timestampSeconds) <= skewSeconds;
}

/** |now − timestamp| ≤ skew, for a field of microseconds (X-TIME-01, X-TIME-03). */
export function isNearMicros(now: Micros, timestampMicros: Micros, skewSeconds: number): boolean {
  return Math.abs(now - timestampMicros) <= seconds(skewSeconds);
}

/** X-TIME-06: an offset is believed when it lies within the stated uncertainty and our margin. */
export function isCredibleOffset(
  now: Micros,
  sync: { readonly serverTimeSeconds: number; readonly uncertaintyMs: number },
  marginSeconds: number,
): boolean {
  const boundMicros = millis(sync.uncertaintyMs) + seconds(marginSeconds);
  return Math.abs(now - seconds(sync.serverTimeSeconds)) <= boundMicros;
}
