/** The messages of a trust run from the responder's side (profile T3, T5; L-T03, L-T04, L-T10). */
import { toSeconds } from '../../../reference/time.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { methods } from '../../../spec/emitted/registries.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { PeerState } from './peer-state.ts';
import { certificateBlob, type Issuance, permissionsOf } from './trust-certificate.ts';

/** Score of a decision of ours: enough for what we grant. */
const SCORE = 72.5;

export function composeChallenge(
  peer: PeerState,
  request: TrustRequest,
  th: string,
): Omit<TrustChallenge, 'signature'> {
  const { environment, serverId } = peer;
  const challengeId = environment.chance.uuid();
  return {
    type: 'trust_challenge',
    request_id: request.request_id,
    challenge_id: challengeId,
    target_server: request.requesting_server,
    challenging_server: serverId,
    validation_method: request.trust_method,
    challenges: [
      domainTask(peer, request, challengeId),
      // T-CHAL-03
      ...(methods[request.trust_method].needsChain ? [chainTask(request)] : []),
      {
        type: 'cryptographic_proof',
        challenge_data: encodeBase64url(environment.chance.entropy(limits.trustChallengeBytes)),
        required_signature_algorithm: 'ed25519',
        must_sign_with: 'server_key',
      },
    ],
    organization_verification: {
      required_documents: [],
      verification_method: 'automated',
      compliance_check_required: false,
    },
    deadline: toSeconds(environment.subject.now()) + limits.trustDeadlineSeconds,
    transcript_hash: th,
  };
}

type Task = TrustChallenge['challenges'][number];

/** L-T04: the value commits to the requester's key, so nobody else can use its publication. */
function domainTask(
  { environment, serverId }: PeerState,
  { requesting_server, request_id, server_public_key }: TrustRequest,
  challengeId: string,
): Task {
  const nonce = encodeBase64url(environment.chance.entropy(limits.dnsChallengeBytes));
  return {
    type: 'domain_ownership',
    method: 'dns_txt',
    domain: requesting_server,
    txt_record_name: `${fixed.dnsChallengePrefix}${requesting_server}`,
    expected_value: environment.crypto.domainValue({
      requester: requesting_server,
      challenger: serverId,
      requestId: request_id,
      challengeId,
      publicKey: server_public_key,
      nonce,
    }),
    expires_at: toSeconds(environment.subject.now()) + limits.trustDeadlineSeconds,
    nonce,
  };
}

const chainTask = ({ certificate_chain }: TrustRequest): Task => ({
  type: 'certificate_validation',
  certificate_chain: [...certificate_chain],
  validation_requirements: {
    check_revocation: false,
    require_ct_logs: false,
    max_age_days: limits.leafAgeDays,
  },
});

/** What of a request, or of a renewal, its decision repeats. */
export type Answered = Pick<TrustRequest, 'request_id' | 'requesting_server' | 'trust_method'> & {
  readonly trust_requirements: Pick<TrustRequest['trust_requirements'], 'mutual'>;
};

export function composeDecision(
  peer: PeerState,
  { request, issuance, th }: { request: Answered; issuance: Issuance; th: string },
): Omit<TrustDecision, 'decision_signature'> {
  const { environment, serverId } = peer;
  const certificate = issuance.described;
  const now = toSeconds(environment.subject.now());
  const evidence = (type: string) => ({ type, status: 'passed', timestamp: now });
  const hasChain = methods[request.trust_method].needsChain;
  return {
    type: 'trust_decision',
    request_id: request.request_id,
    decision_server: serverId,
    target_server: request.requesting_server,
    decision: 'accept',
    granted_trust_level: certificate.trust_level,
    trust_conditions: [],
    trust_metadata: {
      established_at: certificate.not_before,
      expires_at: certificate.not_after,
      renewable: certificate.renewable,
      revocable: certificate.revocable,
      trust_score: SCORE,
      validation_evidence: [
        evidence('dns_validation'),
        ...(hasChain ? [evidence('certificate_validation')] : []),
        evidence('cryptographic_proof'),
      ],
    },
    federation_permissions: permissionsOf(certificate),
    mutual_trust_required: request.trust_requirements.mutual,
    certificate_bundle: [certificateBlob(issuance.issued), ...authorityOf(peer)],
    transcript_hash: th,
  };
}

/** T-DEC-09: the root that our chain ends below, then the chain; a self-signed leaf is its own. */
const authorityOf = ({ chain }: PeerState): readonly string[] => [
  ...chain.slice(-1),
  ...(chain.length > 1 ? chain.slice(0, -1) : []),
];
