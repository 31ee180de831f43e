import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  anyOf,
  bytes,
  domainProofValue,
  flag,
  integer,
  list,
  literal,
  oneOf,
  record,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import {
  documentTypes,
  domainProofMethods,
  keyAlgorithms,
  signingKeys,
  verificationMethods,
} from './enumerations.ts';
import { certificateChain, transcriptHash, trustMethod } from './shared-records.ts';

const domainOwnership = record({
  fields: {
    type: literal('domain_ownership'),
    method: oneOf(domainProofMethods, 'T-LVL-07'),
    domain: serverId(),
    txt_record_name: text(253),
    expected_value: domainProofValue('T-CHAL-02'),
    expires_at: seconds(),
  },
  added: { nonce: bytes(limits.dnsChallengeBytes, 'T-CHAL-02') },
});

const certificateValidation = record({
  fields: {
    type: literal('certificate_validation'),
    certificate_chain: certificateChain(),
    validation_requirements: record({
      fields: {
        check_revocation: flag(),
        require_ct_logs: flag(),
        max_age_days: integer(),
      },
    }),
  },
});

const cryptographicProof = record({
  fields: {
    type: literal('cryptographic_proof'),
    challenge_data: bytes(limits.trustChallengeBytes, 'T-CHAL-02'),
    required_signature_algorithm: oneOf(keyAlgorithms, 'T-LVL-07'),
    must_sign_with: oneOf(signingKeys, 'T-LVL-07'),
  },
});

/**
 * T3. What the requester must prove, once, before the deadline. The value for the DNS commits to
 * both names, both ids and the requester's key; `nonce` lets the requester recompute it (L-T04).
 */
export const trustChallenge = defineMessage({
  type: 'trust_challenge',
  row: 'T3',
  layer: 'trust',
  code: 0xa1,
  direction: 'responder-to-requester',
  legalIn: controlStates,
  answeredBy: ['trust_response', 'federation_error'],
  signed: { member: 'signature', by: 'challenging_server', added: true },
  shape: 'T-CHAL-01',
  source: ['T 3.3'],
  readings: ['L-T02', 'L-T03', 'L-T04', 'L-T05', 'L-T07', 'L-T08', 'L-H03'],
  summary: 'Sets the tasks that prove domain, chain, key and organisation.',
  fields: {
    request_id: uuid(),
    challenge_id: uuid(),
    target_server: serverId(),
    challenging_server: serverId(),
    validation_method: trustMethod(),
    challenges: list(anyOf(domainOwnership, certificateValidation, cryptographicProof), {
      min: 1,
      max: 8,
    }),
    organization_verification: record({
      fields: {
        required_documents: list(oneOf(documentTypes, 'T-LVL-07'), { max: 8, unique: true }),
        verification_method: oneOf(verificationMethods, 'T-LVL-07'),
        compliance_check_required: flag(),
      },
    }),
    deadline: seconds(),
  },
  added: {
    transcript_hash: transcriptHash(),
    signature: signature(),
  },
});
export type TrustChallenge = MessageOf<typeof trustChallenge>;
