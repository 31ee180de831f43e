/** When a certificate is to be renewed (profile 2.5 row 3, L-R10). Inclusive: at it, it is time. */
import { limits } from '../../../spec/limits.ts';
import { type Micros, seconds } from '../../time.ts';
import type { Grant } from '../state.ts';
import { renewalDateOf } from './certificate.ts';

/** From here on a renewal counts as `scheduled`. */
export function scheduledFrom({ certificate }: Grant): Micros {
  return seconds(renewalDateOf(certificate));
}

/**
 * When the subject asks by itself: at the scheduled date; early enough for a condition that only a
 * renewal meets; and after a deadline that may have ended its certificate, to learn whether it has.
 */
export function renewalOpens(grant: Grant): Micros {
  const { conditions, certificate } = grant;
  const early = conditions.flatMap(({ type, action, missed, dueSeconds: due }) => {
    if (missed > 0 && action === 'revoke') return [certificate.not_before];
    if (type !== 'certificate_renewal' || due === null) return [];
    const third = Math.floor((due - certificate.not_before) / limits.renewalLeadDivisor);
    return [due - Math.max(1, Math.min(limits.renewalLeadSeconds, third))];
  });
  return Math.min(scheduledFrom(grant), ...early.map((date) => seconds(date)));
}
