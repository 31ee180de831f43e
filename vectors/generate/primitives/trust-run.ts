/**
 * A whole establishment of trust between two servers: both capabilities, request, challenge, response,
 * decision, acknowledgment; each with the hash over all before it and its signature (L-H03).
 */
import {
  type Level,
  levels,
  type Method,
  methodNames,
  methods,
  permissionNames,
} from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../vector-file.ts';
import { base64url, seeded, seededUuid } from './bytes.ts';
import type { JsonObject } from './canonical-json.ts';
import { certificate, NOW, type Party, travelling, YEAR } from './certificate.ts';
import { domainValue } from './domain-value.ts';
import { seededKey, signed, signValue } from './signature.ts';
import { transcriptHash } from './transcript.ts';

export interface RunOptions {
  readonly name: string;
  readonly method: Method;
  readonly level: Level;
  readonly mutual: boolean;
  readonly decision: 'accept' | 'conditional' | 'reject';
  readonly requester: Party;
  readonly responder: Party;
  /** One message as another one would have written it, before it is signed. */
  readonly draft: (step: Step, message: JsonObject) => JsonObject;
}

export const steps = [
  'requester-capabilities',
  'responder-capabilities',
  'request',
  'challenge',
  'response',
  'decision',
  'acknowledgment',
] as const;
export type Step = (typeof steps)[number];

export interface TrustRun extends RunOptions {
  readonly messages: readonly JsonObject[];
}

export const alice: Party = { name: 'alice.example.org', key: seededKey('alice.example.org') };
export const bob: Party = { name: 'bob.example.org', key: seededKey('bob.example.org') };
export const mallory: Party = {
  name: 'mallory.example.org',
  key: seededKey('mallory.example.org'),
};

export const signatureMembers: Readonly<Record<Step, string>> = {
  'requester-capabilities': 'signature',
  'responder-capabilities': 'signature',
  request: 'signature',
  challenge: 'signature',
  response: 'signature',
  decision: 'decision_signature',
  acknowledgment: 'acknowledgment_signature',
};

const DEFAULTS: RunOptions = {
  name: 'run',
  method: 'ca_validation',
  level: 'verified',
  mutual: false,
  decision: 'accept',
  requester: alice,
  responder: bob,
  draft: (_, message) => message,
};

export function trustRun(changes: Partial<RunOptions> = {}): TrustRun {
  const options = { ...DEFAULTS, ...changes };
  const messages: JsonObject[] = [];
  for (const step of steps) {
    const hash = base64url(transcriptHash('trust', messages));
    const body = { ...drafts[step](options, hash), transcript_hash: hash };
    const speaker = speaks(step, options);
    messages.push(signed(speaker.key, options.draft(step, body), signatureMembers[step]));
  }
  return { ...options, messages };
}

export function speaks(step: Step, { requester, responder }: RunOptions): Party {
  const isResponder = ['responder-capabilities', 'challenge', 'decision'].includes(step);
  return isResponder ? responder : requester;
}

export const idOf = ({ name }: RunOptions, what: string): string =>
  seededUuid(`${what} of ${name}`);

type DraftOf = (options: RunOptions, hash: string) => JsonObject;

const capabilities = (party: Party): JsonObject => ({
  type: 'trust_capabilities',
  protocol_version: '2.0',
  supported_versions: ['2.0', '1.1'],
  server_id: party.name,
  supported_methods: [...methodNames],
  supported_trust_levels: ['basic', 'verified', 'classified', 'nato'],
  certificate_authorities: ['Example Root'],
  key_algorithms: ['ed25519'],
  compliance_certifications: [],
  trust_policies: {
    auto_accept_basic: true,
    require_manual_approval: false,
    trust_inheritance: false,
    max_trust_age: YEAR,
    version_compatibility: {
      enforce_amc: true,
      allow_downgrade: false,
      require_latest_minor: false,
    },
  },
});

const request: DraftOf = (options) => ({
  type: 'trust_request',
  request_id: idOf(options, 'request'),
  requesting_server: options.requester.name,
  target_server: options.responder.name,
  requested_trust_level: options.level,
  trust_method: options.method,
  certificate_chain: chainOf,
  server_public_key: base64url(options.requester.key.public),
  domain_proof: {
    method: 'dns_txt',
    challenge: `norc-trust-${base64url(seeded(`pre-check of ${options.name}`, 32))}`,
    txt_record: options.requester.name,
    expires_at: NOW + 3600,
  },
  organization_info: {
    name: 'Example',
    country: 'DE',
    contact_email: 'trust@example.org',
    phone: '+49 30 000000',
    address: 'Example Street 1',
  },
  compliance_attestations: [],
  trust_requirements: {
    mutual: options.mutual,
    witness_required: false,
    background_check: false,
    audit_trail: true,
  },
  timestamp: NOW,
});

const nonceOf = ({ name }: RunOptions): Uint8Array => seeded(`domain nonce of ${name}`, 32);
const challengeData = ({ name }: RunOptions): string =>
  base64url(seeded(`challenge data of ${name}`, 64));

export const domainValueOf = (options: RunOptions): string =>
  domainValue({
    requester: options.requester.name,
    challenger: options.responder.name,
    request_id: idOf(options, 'request'),
    challenge_id: idOf(options, 'challenge'),
    public_key: options.requester.key.public,
    nonce: nonceOf(options),
  });

const chainOf = ['leaf in place of a real one'].map((name) => base64url(seeded(name, 64)));

/** T-CHAL-03: where the method rests on a chain. */
function chainTask({ method }: RunOptions): VectorValue[] {
  if (!methods[method].needsChain) return [];
  const validation_requirements = {
    check_revocation: false,
    require_ct_logs: false,
    max_age_days: 90,
  };
  return [{ type: 'certificate_validation', certificate_chain: chainOf, validation_requirements }];
}

const chainAnswer = ({ method }: RunOptions): VectorValue[] =>
  methods[method].needsChain
    ? [{ type: 'certificate_validation', ocsp_responses: [], ct_log_proofs: [] }]
    : [];

const challenge: DraftOf = (options) => ({
  type: 'trust_challenge',
  request_id: idOf(options, 'request'),
  challenge_id: idOf(options, 'challenge'),
  target_server: options.requester.name,
  challenging_server: options.responder.name,
  validation_method: options.method,
  challenges: [
    {
      type: 'domain_ownership',
      method: 'dns_txt',
      domain: options.requester.name,
      txt_record_name: `_norc-trust-challenge.${options.requester.name}`,
      expected_value: domainValueOf(options),
      expires_at: NOW + 86_400,
      nonce: base64url(nonceOf(options)),
    },
    ...chainTask(options),
    {
      type: 'cryptographic_proof',
      challenge_data: challengeData(options),
      required_signature_algorithm: 'ed25519',
      must_sign_with: 'server_key',
    },
  ],
  organization_verification: {
    required_documents: [],
    verification_method: 'automated',
    compliance_check_required: false,
  },
  deadline: NOW + 86_400,
});

/** L-T05: what is signed instead of the peer's bytes. */
export const trustProof = (options: RunOptions, hash: string): JsonObject => ({
  type: 'trust_proof',
  challenge_data: challengeData(options),
  request_id: idOf(options, 'request'),
  challenge_id: idOf(options, 'challenge'),
  requesting_server: options.requester.name,
  challenging_server: options.responder.name,
  transcript_hash: hash,
});

const response: DraftOf = (options, hash) => ({
  type: 'trust_response',
  request_id: idOf(options, 'request'),
  challenge_id: idOf(options, 'challenge'),
  responding_server: options.requester.name,
  challenge_responses: [
    { type: 'domain_ownership', proof_method: 'dns_txt', dns_response: '', timestamp: NOW + 20 },
    ...chainAnswer(options),
    {
      type: 'cryptographic_proof',
      challenge_data: challengeData(options),
      signature: signValue(options.requester.key, trustProof(options, hash)),
      signing_key: 'server_key',
    },
  ],
  organization_proofs: [],
  timestamp: NOW + 20,
});

const decision: DraftOf = (options) => {
  const isGranted = options.decision !== 'reject';
  const level = isGranted ? options.level : 'untrusted';
  const granted: readonly string[] = levels[level].permissions;
  return {
    type: 'trust_decision',
    request_id: idOf(options, 'request'),
    decision_server: options.responder.name,
    target_server: options.requester.name,
    decision: options.decision,
    granted_trust_level: level,
    trust_conditions:
      options.decision === 'conditional'
        ? [{ condition: 'compliance_audit', deadline: NOW + 2_592_000, auto_revoke: true }]
        : [],
    trust_metadata: {
      established_at: NOW,
      expires_at: isGranted ? NOW + YEAR : NOW,
      renewable: isGranted,
      revocable: isGranted,
      trust_score: isGranted ? 96 : 12.5,
      validation_evidence: [{ type: 'dns_validation', status: 'passed', timestamp: NOW + 30 }],
    },
    federation_permissions: {
      ...Object.fromEntries(permissionNames.map((name) => [name, granted.includes(name)])),
      max_message_size: isGranted ? levels[level].maxMessageBytes : 0,
      rate_limits: isGranted
        ? { messages_per_second: 500, bandwidth_mbps: 50 }
        : { messages_per_second: 0, bandwidth_mbps: 0 },
    },
    mutual_trust_required: options.mutual,
    certificate_bundle: isGranted ? [travelling(grantOf(options))] : [],
  };
};

/** The certificate that a decision hands over. */
export function grantOf(options: RunOptions, changes: JsonObject = {}): JsonObject {
  const conditions: VectorValue =
    options.decision === 'conditional'
      ? [
          {
            condition_type: 'compliance_audit',
            parameters: {},
            deadline: NOW + 2_592_000,
            auto_action: 'revoke',
          },
        ]
      : [];
  const { responder, requester, level } = options;
  return certificate(responder, requester, level, { conditions, ...changes });
}

const acknowledgment: DraftOf = (options) => {
  const isAccepted = options.decision !== 'reject';
  const isMutual = isAccepted && options.mutual;
  const reverse = certificate(options.requester, options.responder, options.level);
  return {
    type: 'trust_acknowledgment',
    request_id: idOf(options, 'request'),
    acknowledging_server: options.requester.name,
    decision_accepted: isAccepted,
    mutual_trust_established: isMutual,
    effective_date: NOW + 40,
    next_renewal_date: NOW + YEAR - 2_592_000,
    ...(isMutual ? { trust_certificate: travelling(reverse) } : {}),
  };
};

const drafts: Readonly<Record<Step, DraftOf>> = {
  'requester-capabilities': ({ requester }) => capabilities(requester),
  'responder-capabilities': ({ responder }) => capabilities(responder),
  request,
  challenge,
  response,
  decision,
  acknowledgment,
};
