/**
 * The form that the master document gives trust_revoke (M 5.3), accepted at 1.0 only. It names a
 * server and means every certificate issued to it (L-R01). Reasons map as L-R02: compromised →
 * compromised_key, policy → policy_violation, request → voluntary, anything else compromised_key.
 * The master's trust_request, trust_challenge and trust_response are not accepted (L-T01, L-T02).
 */
import {
  blob,
  literal,
  record,
  seconds,
  serverId,
  signature,
  type TypeOf,
  text,
} from '../../schema.ts';

export const masterTrustRevoke = record({
  fields: {
    type: literal('trust_revoke'),
    revoked_server: serverId(),
    reason: text(64),
    effective_date: seconds(),
    signature: signature(),
  },
  // Unused: who may revoke is decided by the signing key (L-R03).
  optional: { revocation_proof: blob(16_384) },
  requirement: 'T-REV-01',
});
export type MasterTrustRevoke = TypeOf<typeof masterTrustRevoke>;

/** What stands for each of its reasons (L-R02). */
export const masterRevocationReasons = {
  compromised: 'compromised_key',
  policy: 'policy_violation',
  request: 'voluntary',
} as const;
