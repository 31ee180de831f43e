import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blob,
  domainProofValue,
  flag,
  list,
  oneOf,
  publicKey,
  record,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { domainProofMethods } from './enumerations.ts';
import { certificateChain, transcriptHash, trustLevel, trustMethod } from './shared-records.ts';

/** Chosen by the requester itself, so no more than a pre-check (L-T03). */
const domainProof = record({
  fields: {
    method: oneOf(domainProofMethods, 'T-REQ-08'),
    challenge: domainProofValue(),
    txt_record: text(253),
    expires_at: seconds(),
  },
});

/**
 * T2. Asks for a level by a method, with the evidence that stands without a challenge. The form of
 * the master document is not accepted (L-T01).
 */
export const trustRequest = defineMessage({
  type: 'trust_request',
  row: 'T2',
  layer: 'trust',
  code: 0xa0,
  direction: 'requester-to-responder',
  legalIn: controlStates,
  answeredBy: ['trust_challenge', 'trust_decision', 'rate_limit_exceeded', 'federation_error'],
  signed: { member: 'signature', by: 'requesting_server' },
  shape: 'T-REQ-01',
  source: ['T 3.2'],
  readings: ['L-T01', 'L-T03', 'L-T06', 'L-T21', 'L-T27', 'L-H03'],
  summary: 'Asks another server to trust the sender at a level.',
  fields: {
    request_id: uuid(),
    requesting_server: serverId(),
    target_server: serverId(),
    requested_trust_level: trustLevel(),
    trust_method: trustMethod(),
    certificate_chain: certificateChain(),
    server_public_key: publicKey(),
    domain_proof: domainProof,
    organization_info: record({
      fields: {
        name: text(256),
        country: text(64),
        contact_email: text(320),
        phone: text(64),
        address: text(512),
      },
    }),
    compliance_attestations: list(
      record({
        fields: {
          standard: text(64), // an unknown one earns nothing (T-REQ-09)
          certificate_id: text(128),
          issued_by: text(256),
          expires_at: seconds(),
        },
      }),
      { max: 64 },
    ),
    trust_requirements: record({
      fields: {
        mutual: flag(),
        witness_required: flag(),
        background_check: flag(),
        audit_trail: flag(),
      },
    }),
    timestamp: seconds(),
    signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
  },
  optional: {
    // Leaf key over the object key_binding, when the leaf is not this key (L-T06). RSA is longer.
    key_binding: blob(1024),
  },
});
export type TrustRequest = MessageOf<typeof trustRequest>;
