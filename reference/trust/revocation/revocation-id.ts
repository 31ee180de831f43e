/** What names a revocation in the messages that are about it. */
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';

/** A clearing names the revocation as what it answers. */
export function revocationOf(message: TrustRevoke | TrustDecision): string {
  return message.type === 'trust_revoke' ? message.revocation_id : message.request_id;
}
