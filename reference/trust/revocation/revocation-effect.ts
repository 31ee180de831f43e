/**
 * What revocations do to a certificate: a pure function of their set and the time. So their order
 * does not matter (T-REV-11), repeats change nothing, and no revocation gives back what another
 * took (2.7).
 */
import { type Micros, seconds } from '../../time.ts';
import type { RevocationRecord } from './revocation-record.ts';

export interface RevocationEffect {
  readonly status: 'active' | 'suspended' | 'revoked';
  /** Permissions subtracted by partial revocations (T-REV-05). */
  readonly removed: ReadonlySet<string>;
}

export function effectAt(records: readonly RevocationRecord[], now: Micros): RevocationEffect {
  const statuses = records.map((record) => statusAfter(record, now));
  const removed = records.flatMap((record) => (takesAway(record, now) ? record.permissions : []));
  return { status: worst(statuses), removed: new Set(removed) };
}

/** Instants, in seconds, at which the effect of a record can change. */
export function turningPoints(record: RevocationRecord): readonly number[] {
  const { effectiveSeconds, graceSeconds, quarantinedUntilSeconds } = record;
  const released = quarantinedUntilSeconds === null ? [] : [quarantinedUntilSeconds];
  return [...released, effectiveSeconds, effectiveSeconds + graceSeconds];
}

function statusAfter(record: RevocationRecord, now: Micros): RevocationEffect['status'] {
  if (isQuarantined(record, now)) return 'suspended'; // T-REV-16
  const { scope, effectiveSeconds, graceSeconds } = record;
  if (scope === 'partial' || now < seconds(effectiveSeconds)) return 'active'; // T-REV-03
  // Grace of a full revocation, or time to meet the conditions (T-REV-06, T-REV-08): control only.
  return now < seconds(effectiveSeconds + graceSeconds) ? 'suspended' : 'revoked';
}

function takesAway(record: RevocationRecord, now: Micros): boolean {
  const { scope, effectiveSeconds, graceSeconds } = record;
  if (scope !== 'partial' || isQuarantined(record, now)) return false;
  return now >= seconds(effectiveSeconds + graceSeconds);
}

function isQuarantined({ quarantinedUntilSeconds }: RevocationRecord, now: Micros): boolean {
  return quarantinedUntilSeconds !== null && now < seconds(quarantinedUntilSeconds);
}

function worst(statuses: readonly RevocationEffect['status'][]): RevocationEffect['status'] {
  if (statuses.includes('revoked')) return 'revoked';
  return statuses.includes('suspended') ? 'suspended' : 'active';
}
