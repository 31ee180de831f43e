import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blake3Hash,
  integer,
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
import { revocationScopes, severities } from './enumerations.ts';
import { masterTrustRevoke } from './master-forms.ts';
import { transcriptHash } from './shared-records.ts';

const evidence = record({
  fields: { type: text(64) },
  optional: {
    severity: oneOf(severities, 'T-LVL-07'),
    incident_id: text(128),
    description: text(1024),
    policy: text(256),
    violation_details: text(1024),
  },
});

/**
 * T9. Withdraws a certificate, wholly, partly or until cleared. Reasons and permissions are text:
 * an unknown reason counts as compromised_key (L-R02), an unknown permission is passed over
 * (L-R05). The master document's form is in master-forms.ts (L-R01).
 */
export const trustRevoke = defineMessage({
  type: 'trust_revoke',
  row: 'T9',
  layer: 'trust',
  code: 0xa3,
  direction: 'server-to-server',
  legalIn: controlStates,
  answeredBy: ['revocation_acknowledgment', 'federation_error'],
  signed: { member: 'revocation_signature', by: 'revoking_server' },
  shape: 'T-REV-01',
  master: { form: masterTrustRevoke, unless: 'trust_certificate_id' },
  source: ['T 5.1', 'T App A.3', 'M 5.3'],
  readings: ['L-R01', 'L-R02', 'L-R03', 'L-R04', 'L-R05', 'L-R09', 'L-R12'],
  summary: 'Revokes a trust certificate.',
  fields: {
    revocation_id: uuid(),
    revoking_server: serverId(),
    target_server: serverId(),
    trust_certificate_id: uuid(),
    revocation_reason: text(64),
    effective_date: seconds(),
    evidence: list(evidence, { max: 32 }),
    revocation_scope: oneOf(revocationScopes, 'T-LVL-07'),
    partial_revocation_permissions: list(text(64), { max: 32 }),
    grace_period: seconds(),
    notification_recipients: list(text(320), { max: 32 }),
    revocation_signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
    issued_at: seconds(),
    revocation_sequence: integer(),
  },
  optional: {
    // H(canon(the issuer's revocation before this one)); zeros for the first (L-R09).
    prev_revocation_hash: blake3Hash(),
  },
});
export type TrustRevoke = MessageOf<typeof trustRevoke>;
