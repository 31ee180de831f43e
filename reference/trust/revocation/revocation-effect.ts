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
  const { effectiveSeconds, quarantinedUntilSeconds } = record;
  const released = quarantinedUntilSeconds === null ? [] : [quarantinedUntilSeconds];
  return [...released, effectiveSeconds, endOf(record)];
}

/** When a record that is not partial has its full effect. */
export function endOf({ effectiveSeconds, graceSeconds }: RevocationRecord): number {
  return effectiveSeconds + graceSeconds;
}

/** On its way to the end of the certificate: nothing new is granted meanwhile (T-REV-08). */
export function isEndingBy({ scope, isCleared }: RevocationRecord): boolean {
  return scope !== 'partial' && !isCleared;
}

/** The record alone ends the certificate. */
export function isFinalAt(record: RevocationRecord, now: Micros): boolean {
  return statusAfter(record, now) === 'revoked';
}

function statusAfter(record: RevocationRecord, now: Micros): RevocationEffect['status'] {
  if (isQuarantined(record, now)) return 'suspended'; // T-REV-16
  const { scope, effectiveSeconds, isCleared } = record;
  if (scope === 'conditional' && isCleared) return 'active'; // T-REV-06
  if (scope === 'partial' || now < seconds(effectiveSeconds)) return 'active'; // T-REV-03
  // Grace of a full revocation, or time to meet the conditions (T-REV-06, T-REV-08): control only.
  return now < seconds(endOf(record)) ? 'suspended' : 'revoked';
}

function takesAway(record: RevocationRecord, now: Micros): boolean {
  if (record.scope !== 'partial' || isQuarantined(record, now)) return false;
  return now >= seconds(endOf(record));
}

function isQuarantined({ quarantinedUntilSeconds }: RevocationRecord, now: Micros): boolean {
  return quarantinedUntilSeconds !== null && now < seconds(quarantinedUntilSeconds);
}

function worst(statuses: readonly RevocationEffect['status'][]): RevocationEffect['status'] {
  if (statuses.includes('revoked')) return 'revoked';
  return statuses.includes('suspended') ? 'suspended' : 'active';
}
