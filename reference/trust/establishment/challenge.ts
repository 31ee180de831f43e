/** T3: the tasks of the responder (T 3.3, T-CHAL), set and judged. */
import { errorCode, levels } from '../../../spec/emitted/registries.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { JsonObject, PublicKey } from '../../crypto/crypto.ts';
import { isExpired } from '../../guard/freshness.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { type Check, check } from '../check.ts';
import { verificationFor } from '../evidence/organisation.ts';
import { freshBytes, freshUuid } from '../identifiers.ts';
import { needsChain } from '../policy.ts';
import type { Scope } from '../scope.ts';
import type { RequesterRun } from '../state.ts';
import { sealed } from '../transcript.ts';

export type ChallengeElement = TrustChallenge['challenges'][number];
export type ElementType = ChallengeElement['type'];

export function composeChallenge(
  scope: Scope,
  request: TrustRequest,
  earlier: readonly JsonObject[],
): TrustChallenge {
  const { config, context } = scope;
  const challengeId = freshUuid(context);
  const deadline = toSeconds(context.now) + limits.trustDeadlineSeconds;
  const body: TrustChallenge = {
    type: 'trust_challenge',
    request_id: request.request_id,
    challenge_id: challengeId,
    target_server: request.requesting_server,
    challenging_server: config.serverId,
    validation_method: request.trust_method,
    challenges: [
      domainTask(scope, request, challengeId, deadline),
      ...chainTasks(request),
      {
        type: 'cryptographic_proof',
        challenge_data: freshBytes(context, limits.trustChallengeBytes),
        required_signature_algorithm: 'ed25519',
        must_sign_with: 'server_key',
      },
    ],
    organization_verification: verificationFor(scope, request.requested_trust_level),
    deadline,
  };
  return sealed(scope, body, 'signature', earlier);
}

/**
 * T-CHAL-05, L-T04: the value commits to key, challenger and request; fresh each time (T-CHAL-02).
 */
function domainTask(
  { config, context }: Scope,
  request: TrustRequest,
  challengeId: string,
  deadline: number,
): ChallengeElement {
  const nonce = freshBytes(context, limits.dnsChallengeBytes);
  const value = context.crypto.domainValue({
    requester: request.requesting_server,
    challenger: config.serverId,
    requestId: request.request_id,
    challengeId,
    publicKey: request.server_public_key,
    nonce,
  });
  return {
    type: 'domain_ownership',
    method: 'dns_txt',
    domain: request.requesting_server,
    txt_record_name: recordNameOf(request.requesting_server),
    expected_value: value,
    expires_at: deadline,
    nonce,
  };
}

/** T-CHAL-03: always when the method needs a chain; how much of it is the level's (T-LVL-04). */
function chainTasks(request: TrustRequest): ChallengeElement[] {
  if (!needsChain(request.trust_method)) return [];
  const { ocsp, certificateTransparency } = levels[request.requested_trust_level];
  return [
    {
      type: 'certificate_validation',
      certificate_chain: request.certificate_chain,
      validation_requirements: {
        check_revocation: ocsp,
        require_ct_logs: certificateTransparency,
        max_age_days: limits.leafAgeDays,
      },
    },
  ];
}

export function recordNameOf(server: string): string {
  return `${fixed.dnsChallengePrefix}${server}`;
}

export function taskOf<T extends ElementType>(
  challenge: TrustChallenge,
  type: T,
): Extract<ChallengeElement, { type: T }> | undefined {
  return challenge.challenges.find(
    (task): task is Extract<ChallengeElement, { type: T }> => task.type === type,
  );
}

/**
 * What the requester checks before it publishes or signs anything (machine trust-requester, rows 3
 * and 4): a challenge that fails here may be another server's, passed on (S-6b, S-10).
 */
export function challengeChecks(
  scope: Scope,
  challenge: TrustChallenge,
  origin: TrustOrigin,
  run: Pick<RequesterRun, 'wish'>,
): readonly Check[] {
  const { unexpected, expired, domainProof, method } = errorCode.trust;
  const { config, context } = scope;
  const proof = taskOf(challenge, 'cryptographic_proof');
  return [
    check('T-CHAL-01', unexpected, 'the names are not those of the exchange', () => {
      return (
        challenge.target_server === config.serverId && challenge.challenging_server === origin.peer
      );
    }),
    check('T-CHAL-11', method, 'another method than was asked for', () => {
      return challenge.validation_method === run.wish.method;
    }),
    check('T-CHAL-03', unexpected, 'not the tasks that the method needs', () => {
      return hasTasksFor(run.wish.method, challenge);
    }),
    check('T-CHAL-06', expired, 'the deadline has passed', () => {
      const domain = taskOf(challenge, 'domain_ownership');
      const deadlines = [challenge.deadline, ...(domain ? [domain.expires_at] : [])];
      return deadlines.every((deadline) => !isExpired(context.now, deadline));
    }),
    check('T-CHAL-10', unexpected, 'an algorithm that we did not offer', () => {
      return proof === undefined || proof.required_signature_algorithm === 'ed25519';
    }),
    check('T-CHAL-04', domainProof, 'another domain or record than ours', () => {
      const domain = taskOf(challenge, 'domain_ownership');
      return domain === undefined || isOurRecord(config.serverId, domain);
    }),
    check(
      'T-CHAL-05',
      domainProof,
      'the value does not commit to our key and this exchange',
      () => {
        return commitsToUs(scope, challenge, origin.peer, config.identity.publicKey);
      },
    ),
  ];
}

/** Each type at most once, the two that are always there, and the chain where it is needed. */
function hasTasksFor(method: string, challenge: TrustChallenge): boolean {
  const types = challenge.challenges.map((task) => task.type);
  const needed: ElementType[] = ['domain_ownership', 'cryptographic_proof'];
  if (needsChain(method)) needed.push('certificate_validation');
  return new Set(types).size === types.length && needed.every((type) => types.includes(type));
}

function isOurRecord(
  serverId: string,
  task: Extract<ChallengeElement, { type: 'domain_ownership' }>,
): boolean {
  return task.domain === serverId && task.txt_record_name === recordNameOf(serverId);
}

function commitsToUs(
  { config, context }: Scope,
  challenge: TrustChallenge,
  challenger: string,
  publicKey: PublicKey,
): boolean {
  const domain = taskOf(challenge, 'domain_ownership');
  if (domain === undefined) return true;
  // Without the nonce nothing can be recomputed, at any version.
  if (domain.nonce === undefined) return false;
  const value = context.crypto.domainValue({
    requester: config.serverId,
    challenger,
    requestId: challenge.request_id,
    challengeId: challenge.challenge_id,
    publicKey,
    nonce: domain.nonce,
  });
  return value === domain.expected_value;
}
