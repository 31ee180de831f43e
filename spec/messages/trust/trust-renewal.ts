import { defineMessage, type MessageOf } from '../../message.ts';
import {
  anyOf,
  integer,
  list,
  literal,
  oneOf,
  publicKey,
  record,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { relationStates } from '../federation/enumerations.ts';
import { permissions, rateParameters, renewalReasons } from './enumerations.ts';
import { certificateChain, transcriptHash, trustLevel } from './shared-records.ts';

const addPermission = record({
  fields: {
    change_type: literal('add_permission'),
    permission: oneOf(permissions, 'T-LVL-07'),
    justification: text(1024),
  },
});

const updateRateLimit = record({
  fields: {
    change_type: literal('update_rate_limit'),
    parameter: oneOf(rateParameters, 'T-LVL-07'),
    old_value: integer(),
    new_value: integer(),
    justification: text(1024),
  },
});

/**
 * T18. The subject asks its issuer for a successor certificate. Answered by trust_decision with
 * `request_id` = `renewal_id`; wider scope brings a new challenge first (L-R10, L-R11).
 */
export const trustRenewal = defineMessage({
  type: 'trust_renewal',
  row: 'T18',
  layer: 'trust',
  code: 0xa7,
  codeProposed: true,
  direction: 'requester-to-responder',
  legalIn: relationStates,
  answeredBy: ['trust_decision', 'trust_challenge', 'federation_error'],
  signed: { member: 'renewal_signature', by: 'renewing_server' },
  shape: 'T-REN-01',
  source: ['T 8.2'],
  readings: ['L-R10', 'L-R11', 'L-W02'],
  summary: 'Asks for a successor of a trust certificate, with or without changes.',
  fields: {
    renewal_id: uuid(),
    renewing_server: serverId(),
    trust_server: serverId(),
    existing_certificate_id: uuid(),
    renewal_reason: oneOf(renewalReasons, 'T-LVL-07'),
    requested_trust_level: trustLevel(),
    changes_requested: list(anyOf(addPermission, updateRateLimit), { max: 32 }),
    updated_certificates: certificateChain(),
    compliance_updates: list(
      record({
        fields: {
          standard: text(64),
          new_certificate_id: text(128),
          effective_date: seconds(),
        },
      }),
      { max: 64 },
    ),
    renewal_signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
  },
  optional: {
    // A new server key proves itself over renewal_key_proof; renewal_signature stays the old key's
    // (T-REN-06). The documents have no member for it.
    new_public_key: publicKey(),
    new_key_signature: signature(),
  },
});
export type TrustRenewal = MessageOf<typeof trustRenewal>;
