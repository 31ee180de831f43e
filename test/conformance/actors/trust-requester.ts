/** The messages of a trust run from the requester's side (profile T1, T2, T4, T6; L-T03…L-T06). */
import { toMillis, toSeconds } from '../../../reference/time.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { levelNames, levels, methodNames } from '../../../spec/emitted/registries.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { TrustProof } from '../../../spec/messages/trust/signed-objects.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import { keyBinding } from './key-binding.ts';
import { type PeerState, subjectId } from './peer-state.ts';
import { organizationProof } from './registry-office.ts';
import { encodedText } from './signing.ts';

type Unsigned<T, Member extends keyof T> = Omit<T, Member>;

/** Both sides' offer has the same form. */
export function composeCapabilities(
  { serverId, versions }: PeerState,
  version: string,
  th: string,
): Unsigned<TrustCapabilities, 'signature'> {
  return {
    type: 'trust_capabilities',
    protocol_version: version,
    supported_versions: [...versions],
    server_id: serverId,
    supported_methods: [...methodNames],
    supported_trust_levels: levelNames.filter((level) => levels[level].grantable),
    certificate_authorities: ['NORC conformance root'],
    key_algorithms: ['ed25519'],
    compliance_certifications: [],
    trust_policies: {
      auto_accept_basic: true,
      require_manual_approval: false,
      trust_inheritance: false,
      max_trust_age: limits.trustAgeSeconds,
      version_compatibility: {
        enforce_amc: true,
        allow_downgrade: false,
        require_latest_minor: false,
      },
    },
    transcript_hash: th,
  };
}

export interface Wish {
  readonly requestId: string;
  readonly level: string;
  readonly method: string;
  readonly mutual: boolean;
  /** Standards that it attests, for a year. */
  readonly standards: readonly string[];
}

export function composeRequest(
  peer: PeerState,
  { requestId, level, method, mutual, standards }: Wish,
  th: string,
): Unsigned<TrustRequest, 'signature'> {
  const { environment, serverId, key, chain } = peer;
  const now = toSeconds(environment.subject.now());
  const binding = keyBinding(peer);
  return {
    type: 'trust_request',
    request_id: requestId,
    requesting_server: serverId,
    target_server: subjectId(peer),
    requested_trust_level: level as TrustRequest['requested_trust_level'],
    trust_method: method as TrustRequest['trust_method'],
    certificate_chain: [...chain],
    server_public_key: key.publicKey,
    domain_proof: {
      method: 'dns_txt',
      challenge: `${fixed.dnsValuePrefix}${encodeBase64url(environment.chance.entropy(32))}`,
      txt_record: serverId,
      expires_at: now + 3600,
    },
    organization_info: {
      name: 'Conformance peer',
      country: 'CH',
      contact_email: `admin@${serverId}`,
      phone: '+41 00 000 00 00',
      address: 'none',
    },
    compliance_attestations: standards.map((standard) => ({
      standard,
      certificate_id: `${standard} 1`,
      issued_by: 'Conformance laboratory',
      expires_at: now + 365 * 86_400,
    })),
    trust_requirements: {
      mutual,
      witness_required: false,
      background_check: false,
      audit_trail: false,
    },
    timestamp: now,
    transcript_hash: th,
    ...(binding !== undefined && { key_binding: binding }),
  };
}

export function composeResponse(
  peer: PeerState,
  challenge: TrustChallenge,
  th: string,
): Unsigned<TrustResponse, 'signature'> {
  const now = toSeconds(peer.environment.subject.now());
  return {
    type: 'trust_response',
    request_id: challenge.request_id,
    challenge_id: challenge.challenge_id,
    responding_server: peer.serverId,
    challenge_responses: challenge.challenges.map((task) => answer(peer, { challenge, task, th })),
    organization_proofs: challenge.organization_verification.required_documents.map((document) =>
      organizationProof(peer.environment.crypto, peer.serverId, document),
    ),
    timestamp: now,
    transcript_hash: th,
  };
}

type Task = TrustChallenge['challenges'][number];
type TaskAnswer = TrustResponse['challenge_responses'][number];

function answer(
  peer: PeerState,
  { challenge, task, th }: { challenge: TrustChallenge; task: Task; th: string },
): TaskAnswer {
  switch (task.type) {
    case 'domain_ownership':
      return {
        type: 'domain_ownership',
        proof_method: 'dns_txt',
        dns_response: encodedText(`${task.txt_record_name} TXT "${task.expected_value}"`),
        timestamp: toSeconds(peer.environment.subject.now()),
      };
    case 'certificate_validation':
      return { type: 'certificate_validation', ...shown(peer, task.validation_requirements) };
    case 'cryptographic_proof':
      return {
        type: 'cryptographic_proof',
        challenge_data: task.challenge_data,
        signature: signProof(peer, challenge, { challengeData: task.challenge_data, th }),
        signing_key: 'server_key',
      };
  }
}

/** T-CHAL-08: what is asked for. The promise of the log stands in the leaf (RFC 6962 3.3). */
function shown(
  { environment, identity }: PeerState,
  { check_revocation }: { readonly check_revocation: boolean },
): { ocsp_responses: string[]; ct_log_proofs: string[] } {
  const nowMs = toMillis(environment.subject.now());
  const { evidence } = environment.authority;
  return {
    ocsp_responses: check_revocation ? [...evidence.ocsp(identity.chain, { nowMs })] : [],
    ct_log_proofs: [],
  };
}

/** L-T05: a structured object with both names, never the peer's bytes alone. */
function signProof(
  { environment, serverId, key }: PeerState,
  challenge: TrustChallenge,
  { challengeData, th }: { challengeData: string; th: string },
): string {
  const proof: TrustProof = {
    type: 'trust_proof',
    challenge_data: challengeData,
    request_id: challenge.request_id,
    challenge_id: challenge.challenge_id,
    requesting_server: serverId,
    challenging_server: challenge.challenging_server,
    transcript_hash: th,
  };
  return environment.crypto.sign(key, { ...proof });
}

export function composeAcknowledgment(
  { environment, serverId }: PeerState,
  parts: {
    readonly requestId: string;
    readonly isMutual: boolean;
    /** Base64url of the reverse certificate; null without one. */
    readonly reverse: string | null;
    /** Validity of the certificate that is accepted. */
    readonly notBefore: number;
    readonly notAfter: number;
    readonly th: string;
  },
): Unsigned<TrustAcknowledgment, 'acknowledgment_signature'> {
  const now = toSeconds(environment.subject.now());
  const { requestId, isMutual, reverse, notBefore, notAfter, th } = parts;
  const leadSeconds = Math.min(
    limits.renewalLeadSeconds,
    Math.floor((notAfter - notBefore) / limits.renewalLeadDivisor),
  );
  return {
    type: 'trust_acknowledgment',
    request_id: requestId,
    acknowledging_server: serverId,
    decision_accepted: true,
    mutual_trust_established: isMutual,
    // T-ACK-04
    effective_date: Math.max(now, notBefore),
    next_renewal_date: Math.max(0, notAfter - Math.max(1, leadSeconds)),
    transcript_hash: th,
    ...(reverse !== null && { trust_certificate: reverse }),
  };
}
