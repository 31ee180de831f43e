import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  anyOf,
  blob,
  bytes,
  list,
  literal,
  oneOf,
  record,
  seconds,
  serverId,
  sha256Hash,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { domainProofMethods, signingKeys } from './enumerations.ts';
import { transcriptHash } from './shared-records.ts';

const domainOwnership = record({
  fields: {
    type: literal('domain_ownership'),
    proof_method: oneOf(domainProofMethods, 'T-LVL-07'),
    dns_response: blob(65_535),
    timestamp: seconds(),
  },
});

const certificateValidation = record({
  fields: {
    type: literal('certificate_validation'),
    ocsp_responses: list(blob(16_384), { max: 16 }),
    ct_log_proofs: list(blob(16_384), { max: 16 }),
  },
});

const cryptographicProof = record({
  fields: {
    type: literal('cryptographic_proof'),
    challenge_data: bytes(limits.trustChallengeBytes, 'T-RESP-01'),
    signature: signature(),
    signing_key: oneOf(signingKeys, 'T-LVL-07'),
  },
});

// The two shapes of the document, told apart by document_type (L-T34).
const businessRegistration = record({
  fields: {
    document_type: literal('business_registration'),
    document_hash: sha256Hash(),
    issuing_authority: text(256),
    verification_code: text(256),
  },
});

const contactVerification = record({
  fields: {
    document_type: literal('contact_verification'),
    verification_method: text(64),
    verified_by: text(256),
    verification_id: text(256),
  },
});

/**
 * T4. One answer for each element of the challenge (T-RESP-01). The inner signature is over
 * trust_proof, never over the peer's 64 bytes (L-T05); `dns_response` is never evidence
 * (T-RESP-04).
 */
export const trustResponse = defineMessage({
  type: 'trust_response',
  row: 'T4',
  layer: 'trust',
  code: 0xa2,
  direction: 'requester-to-responder',
  legalIn: controlStates,
  answeredBy: ['trust_decision', 'federation_error'],
  signed: { member: 'signature', by: 'responding_server' },
  shape: 'T-RESP-01',
  source: ['T 3.3'],
  readings: ['L-T02', 'L-T03', 'L-T05', 'L-T34', 'L-H03'],
  summary: 'Answers every element of the challenge.',
  fields: {
    request_id: uuid(),
    challenge_id: uuid(),
    responding_server: serverId(),
    challenge_responses: list(anyOf(domainOwnership, certificateValidation, cryptographicProof), {
      min: 1,
      max: 8,
    }),
    organization_proofs: list(anyOf(businessRegistration, contactVerification), { max: 8 }),
    timestamp: seconds(),
    signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
  },
});
export type TrustResponse = MessageOf<typeof trustResponse>;
