/** T4: the answers to a challenge (T 3.3, T-RESP), given and judged. */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { TrustProof } from '../../../spec/messages/trust/signed-objects.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import type { Hash, JsonObject } from '../../crypto/crypto.ts';
import { isExpired } from '../../guard/freshness.ts';
import { toSeconds } from '../../time.ts';
import { encodeBase64url } from '../../wire/base64url.ts';
import { type Check, check } from '../check.ts';
import type { Shown } from '../evidence/certificate-evidence.ts';
import { ownProofs } from '../evidence/organisation.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';
import { asValue, isSignedBy, sealed, transcriptHash } from '../transcript.ts';
import { type ChallengeElement, taskOf } from './challenge.ts';

type ResponseElement = TrustResponse['challenge_responses'][number];

const encoder = new TextEncoder();

export function composeResponse(
  scope: Scope,
  challenge: TrustChallenge,
  earlier: readonly JsonObject[],
  shown: Shown,
): TrustResponse {
  const { config, context } = scope;
  const th = transcriptHash(scope, earlier);
  const body: Omit<TrustResponse, 'signature'> = {
    type: 'trust_response',
    request_id: challenge.request_id,
    challenge_id: challenge.challenge_id,
    responding_server: config.serverId,
    challenge_responses: challenge.challenges.map((task) =>
      task.type === 'certificate_validation'
        ? { type: task.type, ...shown }
        : answerTo(scope, challenge, task, th),
    ),
    organization_proofs: ownProofs(scope, challenge.organization_verification),
    timestamp: toSeconds(context.now),
  };
  return sealed(scope, body, 'signature', earlier);
}

function answerTo(
  scope: Scope,
  challenge: TrustChallenge,
  task: Exclude<ChallengeElement, { type: 'certificate_validation' }>,
  th: Hash,
): ResponseElement {
  const { config, context } = scope;
  if (task.type === 'domain_ownership') {
    return {
      type: 'domain_ownership',
      proof_method: 'dns_txt',
      dns_response: encodeBase64url(encoder.encode(task.expected_value)),
      timestamp: toSeconds(context.now),
    };
  }
  // X-SIG-05: the peer's bytes are signed inside an object of ours, never by themselves (L-T05).
  const proof: TrustProof = {
    type: 'trust_proof',
    challenge_data: task.challenge_data,
    request_id: challenge.request_id,
    challenge_id: challenge.challenge_id,
    requesting_server: config.serverId,
    challenging_server: challenge.challenging_server,
    transcript_hash: th,
  };
  return {
    type: 'cryptographic_proof',
    challenge_data: task.challenge_data,
    signature: context.crypto.sign(config.identity, asValue(proof)),
    signing_key: 'server_key',
  };
}

/** Whether the response is the one that is awaited. Failing here leaves the challenge open. */
export function receiptChecks(
  scope: Scope,
  response: TrustResponse,
  run: ResponderRun,
): readonly Check[] {
  const { unknownExchange, expired, badSignature } = errorCode.trust;
  const { request, challenge } = run;
  return [
    check('T-CHAL-07', unknownExchange, 'no such challenge is open', () => {
      const isOpen = run.phase === 'challenge_sent' || run.phase === 'ended';
      return (
        isOpen &&
        response.request_id === request.request_id &&
        response.challenge_id === challenge.challenge_id
      );
    }),
    check('T-CHAL-06', expired, 'the deadline has passed', () => {
      return !isExpired(scope.context.now, challenge.deadline);
    }),
    check('T-RESP-09', badSignature, 'the response signature', () => {
      return (
        response.responding_server === run.peer &&
        isSignedBy(scope, request.server_public_key, response, 'signature')
      );
    }),
  ];
}

/** What is wrong here is wrong for good: the challenge is used up (T-CHAL-07). */
export function answerChecks(
  scope: Scope,
  response: TrustResponse,
  run: ResponderRun,
): readonly Check[] {
  const { malformed, keyProof } = errorCode.trust;
  const proof = response.challenge_responses.find((part) => part.type === 'cryptographic_proof');
  return [
    check('T-RESP-01', malformed, 'not one answer for each task', () => {
      return typesOf(run.challenge.challenges) === typesOf(response.challenge_responses);
    }),
    check('T-RESP-03', keyProof, 'not signed with the server key', () => {
      return proof === undefined || proof.signing_key === 'server_key';
    }),
    check('T-RESP-02', keyProof, 'the proof does not cover this challenge', () => {
      return proof !== undefined && provesKey(scope, response, run, proof);
    }),
  ];
}

/** As one text, so that order does not matter and number does. */
function typesOf(parts: readonly { readonly type: string }[]): string {
  return parts
    .map(({ type }) => type)
    .sort()
    .join();
}

/** L-T05: the object is rebuilt from what we know; only the signature is taken from the peer. */
function provesKey(
  scope: Scope,
  response: TrustResponse,
  { request, challenge }: ResponderRun,
  proof: Extract<ResponseElement, { type: 'cryptographic_proof' }>,
): boolean {
  const task = taskOf(challenge, 'cryptographic_proof');
  if (!task || proof.challenge_data !== task.challenge_data) return false;
  const signed: TrustProof = {
    type: 'trust_proof',
    challenge_data: task.challenge_data,
    request_id: challenge.request_id,
    challenge_id: challenge.challenge_id,
    requesting_server: request.requesting_server,
    challenging_server: challenge.challenging_server,
    ...(response.transcript_hash !== undefined && { transcript_hash: response.transcript_hash }),
  };
  return scope.context.crypto.verify(request.server_public_key, asValue(signed), proof.signature);
}
