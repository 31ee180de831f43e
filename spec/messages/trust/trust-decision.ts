import { defineMessage, type MessageOf } from '../../message.ts';
import {
  decimal,
  flag,
  list,
  oneOf,
  record,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { conditionFrequencies, conditionTypes, decisions } from './enumerations.ts';
import {
  federationPermissions,
  transcriptHash,
  trustCertificateBlob,
  trustLevel,
} from './shared-records.ts';

/** The decision's own form of a condition; certificates carry trust_condition (L-T13). */
const decisionCondition = record({
  fields: { condition: oneOf(conditionTypes, 'T-LVL-07') },
  optional: {
    deadline: seconds(),
    auto_revoke: flag(),
    frequency: oneOf(conditionFrequencies, 'T-COND-02'),
    next_audit: seconds(),
  },
});

/**
 * T5. The verdict. A rejection keeps every member and empties it: level `untrusted`, no condition,
 * every permission false, limits 0, `established_at` = `expires_at`, no certificate (T-DEC-01,
 * L-T10). Also answers a renewal, with `request_id` = `renewal_id` (L-R10).
 */
export const trustDecision = defineMessage({
  type: 'trust_decision',
  row: 'T5',
  layer: 'trust',
  code: 0xa4,
  codeProposed: true,
  direction: 'responder-to-requester',
  legalIn: controlStates,
  answeredBy: ['trust_acknowledgment', 'federation_error'],
  signed: { member: 'decision_signature', by: 'decision_server' },
  shape: 'T-DEC-01',
  source: ['T 3.4'],
  readings: [
    'L-T10',
    'L-T11',
    'L-T12',
    'L-T13',
    'L-T14',
    'L-T16',
    'L-T21',
    'L-R10',
    'L-H03',
    'L-S03',
    'L-W02',
  ],
  summary: 'Grants, conditionally grants or rejects trust, with the certificate.',
  fields: {
    request_id: uuid(),
    decision_server: serverId(),
    target_server: serverId(),
    decision: oneOf(decisions, 'T-LVL-07'),
    granted_trust_level: trustLevel(),
    trust_conditions: list(decisionCondition, { max: 32 }),
    trust_metadata: record({
      fields: {
        established_at: seconds(),
        expires_at: seconds(),
        renewable: flag(),
        revocable: flag(),
        trust_score: decimal(0, 100),
        validation_evidence: list(
          record({ fields: { type: text(64), status: text(32), timestamp: seconds() } }),
          { max: 32 },
        ),
      },
    }),
    federation_permissions: federationPermissions(),
    mutual_trust_required: flag(),
    decision_signature: signature(),
    // First the trust certificate as canonical JSON (L-T14), then the signing CA in DER.
    certificate_bundle: list(trustCertificateBlob(), { max: 8 }),
  },
  added: {
    transcript_hash: transcriptHash(),
  },
});
export type TrustDecision = MessageOf<typeof trustDecision>;
