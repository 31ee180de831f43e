/** The answers to a challenge with one fault each (T-RESP; 2.3 responder row 5). */
import type { JsonObject, SigningKey } from '../../../../reference/crypto/crypto.ts';
import { bytesOf } from '../../../../reference/wire/base64url.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { fixed } from '../../../../spec/limits.ts';
import type { TrustResponse } from '../../../../spec/messages/trust/trust-response.ts';
import type { Peer, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { leaveOut, misplaced, set, setAnswer } from './steps/changes.ts';
import { checkTaken, freshLink, mustTake, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const { trust: code } = errorCode;
const hardened = ['1.1', '2.0'] as const;
const step = 'respond';

type Response = TrustResponse;

/** The key proof over another object than the one that is asked for, or by another key. */
function proving(
  change: (stage: Stage, proof: JsonObject) => JsonObject,
  keyOf: (stage: Stage, peer: Peer) => SigningKey = (_, { key }) => key,
): RunFault['options'] {
  return (stage, peer) => ({
    response: setAnswer('cryptographic_proof', (message) => ({
      signature: stage.crypto.sign(
        keyOf(stage, peer),
        change(stage, proofOf(stage, peer, message)),
      ),
    })),
  });
}

/** L-T05 */
function proofOf({ subject }: Stage, { serverId }: Peer, message: Response): JsonObject {
  const task = message.challenge_responses.find(({ type }) => type === 'cryptographic_proof');
  return {
    type: 'trust_proof',
    challenge_data: task?.type === 'cryptographic_proof' ? task.challenge_data : '',
    request_id: message.request_id,
    challenge_id: message.challenge_id,
    requesting_server: serverId,
    challenging_server: subject.serverId,
    transcript_hash: message.transcript_hash ?? '',
  };
}

const proofs: readonly RunFault[] = [
  {
    id: 'a-proof-over-the-bare-bytes-is-refused',
    title: 'A signature over the challenge bytes alone proves nothing: 5807',
    options: proving((_, { challenge_data = '' }) => ({ challenge_data })),
  },
  {
    id: 'a-proof-for-another-challenger-is-refused',
    title: 'A proof that was made for another server is refused with 5807',
    options: proving((stage, proof) => ({ ...proof, challenging_server: stage.domain('other') })),
  },
  {
    id: 'a-proof-in-another-name-is-refused',
    title: 'A proof that names another requester is refused with 5807',
    options: proving((stage, proof) => ({ ...proof, requesting_server: stage.domain('other') })),
  },
  {
    id: 'a-proof-for-another-request-is-refused',
    title: 'A proof that names another request is refused with 5807',
    options: proving((stage, proof) => ({ ...proof, request_id: stage.uuid() })),
  },
  {
    id: 'a-proof-in-another-transcript-is-refused',
    title: 'A proof over another transcript than that of its response is refused with 5807',
    options: proving((stage, proof) => ({
      ...proof,
      transcript_hash: stage.crypto.hash({ type: 'other' }),
    })),
  },
  {
    id: 'a-proof-of-another-type-is-refused',
    title: 'A signature over an object of another type is no proof: 5807',
    options: proving((_, proof) => ({ ...proof, type: 'trust_request' })),
  },
].map((fault) => ({
  ...fault,
  verifies: 'T-RESP-02' as const,
  step,
  codes: [code.keyProof],
  readings: ['L-T05'] as const,
}));

const faults: readonly RunFault[] = [
  {
    id: 'a-proof-by-another-key-is-refused',
    title: 'A proof by another key than that of the request is refused with 5807',
    verifies: 'T-RESP-02',
    step,
    codes: [code.keyProof],
    options: proving(
      (_, proof) => proof,
      (stage) => stage.crypto.signingKey(stage.entropy(32)),
    ),
  },
  {
    id: 'other-challenge-bytes-are-refused',
    title: 'An answer to other challenge bytes than those that were set is refused',
    verifies: 'T-RESP-02',
    step,
    codes: [code.keyProof, code.malformed],
    options: (stage) => ({
      response: setAnswer('cryptographic_proof', () => ({
        challenge_data: 'A'.repeat(86),
        signature: stage.crypto.sign(stage.crypto.signingKey(stage.entropy(32)), {}),
      })),
    }),
  },
  {
    id: 'another-signing-key-name-is-refused',
    title: 'A proof that says it was made by another key than server_key is refused',
    verifies: 'T-LVL-07',
    also: 'T-RESP-03',
    step,
    codes: [code.keyProof, code.malformed],
    options: () => ({
      response: setAnswer('cryptographic_proof', () => ({ signing_key: 'device_key' })),
    }),
  },
  {
    id: 'a-missing-answer-is-refused',
    title: 'A response that leaves out one task is refused with 5801',
    verifies: 'T-RESP-01',
    step,
    codes: [code.malformed],
    options: () => ({
      response: (message) => ({
        ...message,
        challenge_responses: message.challenge_responses.filter(
          ({ type }) => type !== 'domain_ownership',
        ),
      }),
    }),
  },
  {
    id: 'an-answer-given-twice-is-refused',
    title: 'A response that answers one task twice is refused with 5801',
    verifies: 'T-RESP-01',
    step,
    codes: [code.malformed],
    options: () => ({
      response: (message) => ({
        ...message,
        challenge_responses: [
          ...message.challenge_responses,
          ...message.challenge_responses.slice(0, 1),
        ],
      }),
    }),
  },
  {
    id: 'an-answer-that-nobody-asked-for-is-refused',
    title: 'A response with an answer to a task that was not set is refused with 5801',
    verifies: 'T-RESP-01',
    step,
    codes: [code.malformed],
    options: () => ({
      response: (message) => ({
        ...message,
        challenge_responses: [
          ...message.challenge_responses,
          { type: 'certificate_validation', ocsp_responses: [], ct_log_proofs: [] },
        ],
      }),
    }),
  },
  {
    id: 'another-challenge-is-unknown',
    title: 'A response to a challenge that was never set is refused with 5803',
    verifies: 'T-CHAL-07',
    step,
    codes: [code.unknownExchange],
    options: (stage) => ({ response: set({ challenge_id: stage.uuid() }) }),
  },
  {
    id: 'another-request-is-unknown',
    title: 'A response that names a request that was never made is refused with 5803',
    verifies: 'T-CHAL-07',
    step,
    codes: [code.unknownExchange],
    options: (stage) => ({ response: set({ request_id: stage.uuid() }) }),
  },
  {
    id: 'changed-after-signing-is-refused',
    title: 'A response that was changed after signing is refused with 5802',
    verifies: 'T-RESP-09',
    step,
    codes: [code.badSignature],
    options: () => ({
      response: (message) => ({ ...message, timestamp: message.timestamp - 1 }),
      resign: false,
    }),
  },
  {
    id: 'organisation-proofs-are-covered-by-the-signature',
    title: 'A response to which an organisation proof was added after signing is refused with 5802',
    verifies: 'T-RESP-09',
    step,
    codes: [code.badSignature],
    options: (stage) => ({
      response: set({ organization_proofs: [contactProof(stage)] }),
      resign: false,
    }),
  },
  {
    id: 'in-a-foreign-name-is-refused',
    title: 'A response in the name of another server is refused',
    verifies: 'T-RESP-09',
    step,
    options: (stage) => ({ response: set({ responding_server: stage.domain('other') }) }),
  },
  {
    id: 'of-another-transcript-is-refused',
    title: 'A response that belongs to another run is refused with 5810',
    verifies: 'T-TRN-01',
    step,
    codes: [code.transcript],
    readings: ['L-H03'],
    options: (stage, peer) => ({ response: misplacedWithProof(stage, peer) }),
  },
  {
    id: 'without-transcript-is-refused',
    title: 'From 1.1 on a response without transcript hash is refused',
    verifies: 'X-AMC-17',
    step,
    codes: [code.transcript, code.malformed],
    readings: ['L-V12', 'L-H03'],
    at: hardened,
    options: () => ({ response: leaveOut('transcript_hash') }),
  },
];

/** Right in itself: proof and signature are over the other transcript too. */
function misplacedWithProof(stage: Stage, peer: Peer): Bend<Response> {
  return (message) => {
    const moved = misplaced(message) as unknown as Response;
    return setAnswer('cryptographic_proof', () => ({
      signature: stage.crypto.sign(peer.key, proofOf(stage, peer, moved)),
    }))(moved);
  };
}

function contactProof(stage: Stage): JsonObject {
  return {
    document_type: 'contact_verification',
    verification_method: 'email',
    verified_by: stage.subject.serverId,
    verification_id: stage.uuid(),
  };
}

/** Everything in the response is right, `dns_response` too; only the DNS is not (T-RESP-04). */
const domains: readonly RunFault[] = [
  {
    id: 'a-domain-without-the-value-is-refused',
    title: 'A right dns_response proves nothing while the domain shows no value: 5805',
    options: () => ({ publish: 'nothing' as const }),
  },
  {
    id: 'a-domain-with-another-value-is-refused',
    title: 'A right dns_response proves nothing while the domain shows another value: 5805',
    options: () => ({ publish: 'other' as const }),
  },
  {
    id: 'a-domain-that-cannot-be-asked-is-refused',
    title: 'Where the DNS fails, no domain is proven: 5805',
    options: (stage: Stage, { serverId }: Peer) => {
      stage.dns.fail(`${fixed.dnsChallengePrefix}${serverId}`);
      return {};
    },
  },
  {
    id: 'a-value-under-the-bare-domain-is-refused',
    title: 'The value counts only under its own record name: 5805',
    options: (stage: Stage, { serverId }: Peer): TrustRunOptions => ({
      publish: 'nothing',
      response: (message) => {
        const value = expectedIn(message);
        stage.dns.addTxt(serverId, value);
        return { ...message };
      },
    }),
  },
  {
    id: 'a-value-inside-a-longer-record-is-refused',
    title: 'The value must be a whole record, not a part of one: 5805',
    options: (stage: Stage, { serverId }: Peer): TrustRunOptions => ({
      publish: 'nothing',
      response: (message) => {
        const name = `${fixed.dnsChallengePrefix}${serverId}`;
        stage.dns.addTxt(name, `v=spf1 ${expectedIn(message)} -all`);
        return { ...message };
      },
    }),
  },
].map((fault) => ({
  ...fault,
  verifies: 'T-RESP-04' as const,
  step,
  codes: [code.domainProof],
  readings: ['L-T03'] as const,
}));

/** Our composer writes the value that was asked for into dns_response. */
function expectedIn({ challenge_responses }: Response): string {
  const part = challenge_responses.find(({ type }) => type === 'domain_ownership');
  const encoded = part?.type === 'domain_ownership' ? part.dns_response : '';
  const text = new TextDecoder().decode(bytesOf(encoded));
  return /norc-trust-[\w-]+/.exec(text)?.[0] ?? '';
}

const amongOthers = defineCase({
  id: 'trust/responses/a-value-among-others-is-found',
  title: 'The value is found by the own look-up of the subject, among other values of the name',
  verifies: ['T-RESP-04'],
  accepts: ['T-RESP-04'],
  readings: ['L-T03'],
  async run(stage) {
    const peer = await stage.peer();
    const name = `${fixed.dnsChallengePrefix}${peer.serverId}`;
    stage.dns.addTxt(name, 'v=spf1 -all');
    const run = peer.trustRun(await freshLink(peer));
    mustTake('request', await upTo(run, 'request'));
    const before = asked(stage, name);
    checkTaken(stage, 'T-RESP-04', await run.respond(), { step: 'respond', what: 'the response' });
    stage.check('T-RESP-04', before === 0 && asked(stage, name) > 0, {
      what: 'look-ups of the record by the subject: before the response, and after it',
      expected: [0, 'one or more'],
      got: [before, asked(stage, name)],
    });
  },
});

const asked = ({ dns }: Stage, name: string): number =>
  dns.queries.filter((query) => query.name === name).length;

export const cases: readonly Case[] = [
  amongOthers,
  ...refusedRuns('responses', [...proofs, ...faults, ...domains]),
];
