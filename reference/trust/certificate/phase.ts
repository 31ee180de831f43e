/**
 * The phase of a certificate at an instant (machine trust-certificate, profile 2.5). Computed from
 * what is known of it, never stored: so no restart and no late timer can leave it behind.
 */
import type { machines } from '../../../spec/emitted/machines.ts';
import { isExpired } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import { effectAt } from '../revocation/revocation-effect.ts';
import type { RevocationRecord } from '../revocation/revocation-record.ts';
import type { Grant } from '../state.ts';
import { renewalDateOf } from './certificate.ts';
import { consequenceOf } from './conditions.ts';

export type Phase = (typeof machines)['trust-certificate']['states'][number]['state'];

/** What there is to know of a certificate besides itself. */
export interface Course {
  /** Of it, and of those before it whose revocation ends it too. */
  readonly revocations: readonly RevocationRecord[];
  /** What a missed condition does: the issuer revokes; the subject stops until it is told. */
  readonly lapse: 'revoked' | 'suspended';
  /** `unknown`: the issuer's list is stale and the level does not tolerate that (L-T15). */
  readonly status: 'known' | 'unknown';
  /** When a successor came into force. */
  readonly succeededAt: Micros | null;
}

/** Revoked outranks all, expired included (profile 2.5). */
export function phaseAt(grant: Grant, course: Course, now: Micros): Phase {
  const { certificate } = grant;
  if (course.succeededAt !== null && now >= course.succeededAt) return 'superseded';
  const { status, removed } = effectAt(course.revocations, now);
  const { lapsed } = consequenceOf(certificate.trust_level, grant.conditions);
  if (status === 'revoked' || (lapsed && course.lapse === 'revoked')) return 'revoked';
  if (isRevoking(course.revocations, certificate.not_after, now)) return 'revoking';
  if (isExpired(now, certificate.not_after)) return 'expired';
  if (now < startOf(grant)) return 'issued';
  if (status === 'suspended' || lapsed || course.status === 'unknown') return 'suspended';
  if (removed.size > 0) return 'restricted';
  return isExpired(now, renewalDateOf(certificate)) ? 'expiring' : 'active';
}

/** In the grace of a full revocation that came in its life; that outlasts its own end. */
function isRevoking(records: readonly RevocationRecord[], notAfter: number, now: Micros): boolean {
  return records.some(({ scope, effectiveSeconds, quarantinedUntilSeconds: until }) => {
    const isHeld = until !== null && now < seconds(until);
    const isInLife = effectiveSeconds < notAfter;
    return scope === 'full' && isInLife && !isHeld && now >= seconds(effectiveSeconds);
  });
}

/** Nothing is in force before `not_before`, nor before the date of the acknowledgment. */
export function startOf({ certificate, activeFromSeconds }: Grant): Micros {
  return seconds(Math.max(certificate.not_before, activeFromSeconds));
}
