/**
 * The form that the master document gives trust_revoke (M 5.3), accepted at 1.0 only. It names a
 * server and means every certificate issued to it (L-R01). Reasons map as L-R02; what is not in the
 * table counts as compromised_key. The master's trust_request, trust_challenge and trust_response
 * are not accepted (L-T01, L-T02).
 */
import { defineRecord, type MessageOf } from '../../message.ts';
import { blob, literal, seconds, serverId, signature, text } from '../../schema.ts';

export const masterTrustRevoke = defineRecord({
  type: 'master_trust_revoke',
  row: 'T9',
  layer: 'trust',
  shape: 'T-REV-01',
  source: ['M 5.3'],
  readings: ['L-R01', 'L-R02', 'L-R03'],
  summary: 'Revokes all certificates of a server; at 1.0 only, and on the wire a trust_revoke.',
  fields: {
    type: literal('trust_revoke'),
    revoked_server: serverId(),
    reason: text(64),
    effective_date: seconds(),
    signature: signature(),
  },
  // Unused: who may revoke is decided by the signing key (L-R03).
  optional: { revocation_proof: blob(16_384) },
});
export type MasterTrustRevoke = MessageOf<typeof masterTrustRevoke>;

/** What stands for each of its reasons (L-R02). */
export const masterRevocationReasons = {
  compromised: 'compromised_key',
  policy: 'policy_violation',
  request: 'voluntary',
} as const;
