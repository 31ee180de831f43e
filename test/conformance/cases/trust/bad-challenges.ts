/**
 * Challenges that a server of ours sets the subject, and that it must not answer (T-CHAL; L-T04): it
 * would publish or sign for somebody else (S-6b, S-10).
 */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustChallenge } from '../../../../spec/messages/trust/trust-challenge.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { type AskedFault, asking, brokenOff, checkNeverSent, ownRecord } from './steps/asking.ts';
import { leaveOut, misplaced, otherBytes, set, setTask } from './steps/changes.ts';
import { checkUntrusted, freshLink } from './steps/outcomes.ts';

const { trust: code } = errorCode;
const hardened = ['1.1', '2.0'] as const;

type Challenge = Bend<TrustChallenge>;
const setting = (challenge: Challenge) => ({ bends: { challenge } });

const faults: readonly AskedFault[] = [
  {
    id: 'for-another-server',
    title: 'A challenge for another server is not answered',
    verifies: 'T-CHAL-01',
    answers: (stage) => setting(set({ target_server: stage.domain('other') })),
  },
  {
    id: 'of-another-server',
    title: 'A challenge in the name of another server than was asked is not answered',
    verifies: 'T-CHAL-01',
    answers: (stage) => setting(set({ challenging_server: stage.domain('other') })),
  },
  {
    id: 'for-another-request',
    title: 'A challenge for a request that was never made is not answered',
    verifies: 'T-CHAL-09',
    // Right in itself: the value for the DNS commits to that other request.
    answers: (stage) => {
      const request_id = stage.uuid();
      return setting((challenge) =>
        foreignValue(stage, {})({ ...challenge, request_id } as TrustChallenge),
      );
    },
  },
  {
    id: 'without-a-key-proof',
    title: 'A challenge that asks for no key proof is not answered',
    verifies: 'T-CHAL-03',
    answers: () => setting(without('cryptographic_proof')),
  },
  {
    id: 'without-a-domain-proof',
    title: 'A challenge that asks for no domain proof is not answered',
    verifies: 'T-CHAL-03',
    answers: () => setting(without('domain_ownership')),
  },
  {
    id: 'about-another-domain',
    title: 'A challenge about another domain is not answered',
    verifies: 'T-CHAL-04',
    codes: [code.domainProof, code.unexpected],
    readings: ['L-T03'],
    answers: (stage) => setting(setTask('domain_ownership', { domain: stage.domain('other') })),
  },
  {
    id: 'under-another-record-name',
    title: 'A challenge that wants another record than that of the protocol is not answered',
    verifies: 'T-CHAL-04',
    codes: [code.domainProof, code.unexpected],
    readings: ['L-T03'],
    answers: ({ subject }) =>
      setting(
        setTask('domain_ownership', { txt_record_name: `_acme-challenge.${subject.serverId}` }),
      ),
  },
  {
    id: 'of-the-past',
    title: 'A challenge whose deadline has passed is not answered',
    verifies: 'T-CHAL-06',
    codes: [code.expired, code.unexpected],
    answers: () => setting((challenge) => ({ ...challenge, deadline: 1_700_000_000 })),
  },
  {
    id: 'with-a-task-of-the-past',
    title: 'A challenge with a task whose time is over is not answered',
    verifies: 'T-CHAL-06',
    codes: [code.expired, code.unexpected],
    answers: () => setting(setTask('domain_ownership', { expires_at: 1_700_000_000 })),
  },
  {
    id: 'in-an-algorithm-that-was-not-offered',
    title: 'A challenge that wants a proof by rsa_pss is not answered',
    verifies: 'T-CHAL-10',
    readings: ['L-T07'],
    answers: () =>
      setting(setTask('cryptographic_proof', { required_signature_algorithm: 'rsa_pss' })),
  },
  {
    id: 'by-another-method',
    title: 'A challenge by another method than was asked for is not answered: 5809',
    verifies: 'T-CHAL-11',
    codes: [code.method],
    answers: () => setting(set({ validation_method: 'ca_validation' })),
  },
  {
    id: 'changed-after-signing',
    title: 'A challenge that was changed after signing is not answered',
    verifies: 'X-SIG-02',
    codes: [code.badSignature],
    readings: ['L-T08'],
    answers: () => ({
      bends: {
        challenge: (challenge) => ({ ...challenge, deadline: challenge.deadline - 1 }),
        resign: false,
      },
    }),
  },
  {
    id: 'unsigned',
    title: 'From 1.1 on a challenge without signature is not answered',
    verifies: 'X-AMC-17',
    codes: [code.badSignature, code.malformed],
    readings: ['L-T08', 'L-V12'],
    at: hardened,
    answers: () => ({ bends: { challenge: leaveOut('signature'), resign: false } }),
  },
  {
    id: 'of-another-transcript',
    title: 'A challenge that belongs to another run is not answered: 5810',
    verifies: 'T-TRN-01',
    codes: [code.transcript],
    readings: ['L-H03'],
    answers: () => setting(misplaced),
  },
  {
    id: 'with-a-short-challenge',
    title: 'A challenge of fewer than 64 bytes is not answered',
    verifies: 'T-CHAL-02',
    answers: () => setting(setTask('cryptographic_proof', { challenge_data: 'A'.repeat(43) })),
  },
];

function without(type: string): Challenge {
  return (challenge) => ({
    ...challenge,
    challenges: challenge.challenges.filter((task) => task.type !== type),
  });
}

/** S-10: what the value would have to be for someone else. */
interface Foreign {
  readonly id: string;
  readonly of: string;
  readonly parts: (stage: Stage) => { readonly [part: string]: string };
}

const foreign: readonly Foreign[] = [
  {
    id: 'another-challenger',
    of: 'another server has set',
    parts: (stage) => ({ challenger: stage.domain('other') }),
  },
  {
    id: 'another-key',
    of: 'is for another key',
    parts: ({ subject }) => ({ publicKey: otherBytes(subject.publicKey) }),
  },
  {
    id: 'another-requester',
    of: 'is for another server',
    parts: (stage) => ({ requester: stage.domain('other') }),
  },
  {
    id: 'another-request',
    of: 'is for another request',
    parts: (stage) => ({ requestId: stage.uuid() }),
  },
  {
    id: 'another-challenge',
    of: 'is for another challenge',
    parts: (stage) => ({ challengeId: stage.uuid() }),
  },
];

const foreignValues = foreign.map(
  ({ id, of, parts }): AskedFault => ({
    id: `with-a-value-of-${id}`,
    title: `A value for the DNS that ${of} is never published`,
    verifies: 'T-CHAL-05',
    codes: [code.domainProof, code.unexpected],
    readings: ['L-T04'],
    answers: (stage) => setting(foreignValue(stage, parts(stage))),
  }),
);

function foreignValue({ crypto, subject }: Stage, parts: object): Challenge {
  return (challenge) => {
    const task = challenge.challenges.find(({ type }) => type === 'domain_ownership');
    const expected_value = crypto.domainValue({
      requester: subject.serverId,
      challenger: challenge.challenging_server,
      requestId: challenge.request_id,
      challengeId: challenge.challenge_id,
      publicKey: subject.publicKey,
      nonce: task?.type === 'domain_ownership' ? (task.nonce ?? '') : '',
      ...parts,
    });
    return setTask('domain_ownership', { expected_value })(challenge);
  };
}

const noNonce = {
  id: 'with-a-value-that-cannot-be-recomputed',
  title: 'From 1.1 on a value for the DNS without its nonce is never published',
  verifies: 'X-AMC-17',
  readings: ['L-T04', 'L-V12'],
  at: hardened,
  answers: () => setting(setTask('domain_ownership', { nonce: null })),
} satisfies AskedFault;

/** The record stays empty: nothing was published on the way either, or the response would tell. */
const neverPublished = defineCase({
  id: 'trust/attacks/S-10-the-value-of-another-responder-does-not-reach-the-dns',
  title: 'S-10: a value that mallory passes on from bravo is never published, not even for a while',
  verifies: ['T-CHAL-05'],
  readings: ['L-T04'],
  async run(stage) {
    const passedOn = stage.crypto.domainValue({
      requester: stage.subject.serverId,
      challenger: stage.domain('victim'),
      requestId: stage.uuid(),
      challengeId: stage.uuid(),
      publicKey: stage.subject.publicKey,
      nonce: stage.crypto.hash({ type: 'nonce' }),
    });
    const bend = setTask('domain_ownership', { expected_value: passedOn });
    const { bravo } = await asking(stage, setting(bend));
    const what = 'a value that another server has set';
    await checkNeverSent(stage, 'T-CHAL-05', bravo, { type: 'trust_response', what });
    const published = stage.dns.txtOf(ownRecord(stage));
    stage.check('T-CHAL-05', !published.includes(passedOn), {
      what: 'the records of the subject',
      expected: `without ${passedOn}`,
      got: published,
    });
  },
});

const unsolicited = defineCase({
  id: 'trust/bad-challenges/again-after-the-run',
  title: 'A challenge that comes again, when nothing is asked any more, has no effect',
  verifies: ['T-CHAL-09'],
  async run(stage) {
    const given: TrustChallenge[] = [];
    const { bravo } = await asking(
      stage,
      setting((challenge) => {
        given.push(challenge);
        return { ...challenge };
      }),
    );
    await bravo.relayed();
    const [challenge] = given;
    const answer = await (await freshLink(bravo)).requestRaw({ ...challenge });
    stage.check('T-CHAL-09', answer.message?.type !== 'trust_response', {
      what: 'the answer to a challenge that is over',
      expected: 'a refusal, or nothing',
      got: told(answer),
    });
    const responses = await bravo.heard('trust_response', { count: 2, withinMs: 1000 });
    const task = challenge?.challenges.find(({ type }) => type === 'domain_ownership');
    const value = task?.type === 'domain_ownership' ? task.expected_value : '';
    const isPublished = stage.dns.txtOf(ownRecord(stage)).includes(value);
    stage.check('T-CHAL-09', responses.length === 1 && !isPublished, {
      what: 'responses of the subject after it, and whether the value is published again',
      expected: { responses: 1, isPublished: false },
      got: { responses: responses.length, isPublished },
    });
  },
});

const stranger = defineCase({
  id: 'trust/bad-challenges/from-a-server-that-was-not-asked',
  title: 'A challenge that another server than the one asked sets is not answered',
  verifies: ['T-CHAL-09'],
  async run(stage) {
    const mallory = await stage.peer();
    const { bravo } = await asking(stage, { leaves: ['trust_request'] });
    const [request] = await bravo.heard('trust_request');
    const challenge = challengeOf(stage, mallory.serverId, request?.message.request_id ?? '');
    const signature = stage.crypto.sign(mallory.key, challenge);
    await (await freshLink(mallory)).requestRaw({ ...challenge, signature });
    const what = 'a challenge of a server that it has not asked';
    for (const peer of [mallory, bravo]) {
      await checkNeverSent(stage, 'T-CHAL-09', peer, { type: 'trust_response', what });
    }
    await checkUntrusted(stage, 'T-CHAL-09', mallory, what);
  },
});

/** By hand, right as far as a server that was not asked can know. */
function challengeOf(stage: Stage, challenger: string, request_id: string): JsonObject {
  const { crypto, subject } = stage;
  const challenge_id = stage.uuid();
  const nonce = crypto.hash({ type: 'nonce' });
  const deadline = Math.floor(stage.now() / 1_000_000) + 3600;
  const expected_value = crypto.domainValue({
    requester: subject.serverId,
    challenger,
    requestId: request_id,
    challengeId: challenge_id,
    publicKey: subject.publicKey,
    nonce,
  });
  return {
    type: 'trust_challenge',
    request_id,
    challenge_id,
    target_server: subject.serverId,
    challenging_server: challenger,
    validation_method: 'direct_exchange',
    challenges: [
      {
        type: 'domain_ownership',
        method: 'dns_txt',
        domain: subject.serverId,
        txt_record_name: ownRecord(stage),
        expected_value,
        expires_at: deadline,
        nonce,
      },
      {
        type: 'cryptographic_proof',
        challenge_data: 'A'.repeat(86),
        required_signature_algorithm: 'ed25519',
        must_sign_with: 'server_key',
      },
    ],
    organization_verification: {
      required_documents: [],
      verification_method: 'automated',
      compliance_check_required: false,
    },
    deadline,
    transcript_hash: crypto.transcript('norc-t-handshake-v1', []),
  };
}

const needsChain = defineCase({
  id: 'trust/bad-challenges/without-the-chain-that-the-method-needs',
  title: 'By ca_validation, a challenge without certificate_validation is not answered',
  verifies: ['T-CHAL-03'],
  needs: { policy: { trust: { establishOnDemand: { level: 'basic', method: 'ca_validation' } } } },
  async run(stage) {
    const { bravo } = await asking(stage, setting(without('certificate_validation')));
    const what = 'a challenge by ca_validation without the chain';
    await checkNeverSent(stage, 'T-CHAL-03', bravo, { type: 'trust_response', what });
    await checkUntrusted(stage, 'T-CHAL-03', bravo, what);
  },
});

export const cases: readonly Case[] = [
  ...brokenOff('bad-challenges', [...faults, ...foreignValues, noNonce], {
    never: 'trust_response',
    what: 'a challenge that it must not answer',
  }),
  neverPublished,
  unsolicited,
  stranger,
  needsChain,
];
