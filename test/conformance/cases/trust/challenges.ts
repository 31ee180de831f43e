/** The challenge that the subject sets (T-CHAL; T 3.3, L-T03, L-T04), and repeated requests. */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { fixed, limits } from '../../../../spec/limits.ts';
import type { TrustChallenge } from '../../../../spec/messages/trust/trust-challenge.ts';
import type { Answer, Peer, TrustRun, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import {
  checkRefused,
  checkTaken,
  checkTrusted,
  freshLink,
  mustTake,
  onFrom,
  upTo,
} from './steps/outcomes.ts';

const { trust: code } = errorCode;

interface Challenged {
  readonly peer: Peer;
  readonly run: TrustRun;
  readonly challenge: TrustChallenge;
}

async function challenged(stage: Stage, options?: TrustRunOptions): Promise<Challenged> {
  const peer = await stage.peer();
  const run = peer.trustRun(await freshLink(peer), options);
  mustTake('request', await upTo(run, 'request'));
  if (!run.challenge) throw new SubjectMisbehaved('no challenge', 'trust_challenge', null);
  return { peer, run, challenge: run.challenge };
}

type Task = TrustChallenge['challenges'][number];

function taskOf<T extends Task['type']>({ challenges }: TrustChallenge, type: T) {
  return challenges.find((task): task is Extract<Task, { type: T }> => task.type === type);
}

const names = defineCase({
  id: 'trust/challenges/names-both-servers-and-the-request',
  title: 'A challenge echoes the request, names both servers, and has an id of its own',
  verifies: ['T-CHAL-01', 'T-CHAL-11'],
  behaviour: ['T-CHAL-01', 'T-CHAL-11'],
  async run(stage) {
    const { peer, run, challenge } = await challenged(stage);
    const { request_id, target_server, challenging_server, validation_method } = challenge;
    const got = { request_id, target_server, challenging_server };
    const expected = {
      request_id: run.requestId,
      target_server: peer.serverId,
      challenging_server: stage.subject.serverId,
    };
    stage.check('T-CHAL-01', JSON.stringify(got) === JSON.stringify(expected), {
      what: 'whom the challenge names',
      expected,
      got,
    });
    const other = (await challenged(stage)).challenge;
    stage.check('T-CHAL-01', other.challenge_id !== challenge.challenge_id, {
      what: 'challenge_id of two challenges',
      expected: 'two ids',
      got: [challenge.challenge_id, other.challenge_id],
    });
    stage.check('T-CHAL-11', validation_method === 'direct_exchange', {
      what: 'validation_method of the challenge',
      expected: 'direct_exchange, as asked for',
      got: validation_method,
    });
  },
});

const tasks = [
  { method: 'direct_exchange', needed: ['domain_ownership', 'cryptographic_proof'] },
  {
    method: 'ca_validation',
    needed: ['domain_ownership', 'certificate_validation', 'cryptographic_proof'],
  },
] as const;

const tasksByMethod = tasks.map(({ method, needed }) =>
  defineCase({
    id: `trust/challenges/tasks-of-${method.replace('_', '-')}`,
    title: `By ${method} a challenge sets ${needed.join(', ')}, and trust follows from them`,
    verifies: ['T-CHAL-03'],
    behaviour: ['T-CHAL-03'],
    async run(stage) {
      const { run, challenge, peer } = await challenged(stage, { method });
      const types = challenge.challenges.map(({ type }) => type);
      const isWhole = needed.every((type) => types.includes(type));
      stage.check('T-CHAL-03', isWhole && new Set(types).size === types.length, {
        what: `the tasks of a challenge by ${method}`,
        expected: needed,
        got: types,
      });
      await onFrom(run, 'respond');
      await checkTrusted(stage, 'T-CHAL-03', peer, 'the run');
    },
  }),
);

const chainTask = defineCase({
  id: 'trust/challenges/the-chain-is-that-of-the-request',
  title: 'A certificate_validation task is about the chain of the request, for at most 90 days',
  verifies: ['T-CHAL-03', 'T-CHAL-08'],
  behaviour: ['T-CHAL-03', 'T-CHAL-08'],
  async run(stage) {
    const { peer, challenge } = await challenged(stage, { method: 'ca_validation' });
    const task = taskOf(challenge, 'certificate_validation');
    const shown = task?.certificate_chain ?? [];
    stage.check('T-CHAL-03', shown[0] === peer.chain[0], {
      what: 'the leaf that the challenge is about',
      expected: peer.chain[0],
      got: shown,
    });
    const days = task?.validation_requirements.max_age_days ?? 0;
    stage.check('T-CHAL-08', days > 0 && days <= limits.leafAgeDays, {
      what: 'max_age_days of the challenge',
      expected: `1 to ${limits.leafAgeDays}`,
      got: days,
    });
  },
});

const oldLeaf = defineCase({
  id: 'trust/challenges/a-leaf-older-than-demanded-is-refused',
  title: 'A leaf older than max_age_days is refused, with whatever else is right: 5806',
  verifies: ['T-CHAL-08'],
  async run(stage) {
    const agedDays = limits.leafAgeDays + 1;
    const notBeforeMs = stage.now() / 1000 - agedDays * 86_400_000;
    const peer = await stage.peer({ certificate: { notBeforeMs } });
    const run = peer.trustRun(await freshLink(peer), { method: 'ca_validation' });
    const codes = [code.chain];
    const what = `a leaf of ${agedDays} days`;
    const expected = { codes, orRejected: true, what } as const;
    checkRefused(stage, 'T-CHAL-08', await throughRefusal(run), expected);
  },
});

/** Wherever on the way to a decision the subject refuses. */
async function throughRefusal(run: TrustRun): Promise<Answer> {
  mustTake('capabilities', await run.capabilities());
  const asked = await run.request();
  return asked.message?.type === 'trust_challenge' ? run.respond() : asked;
}

const domain = defineCase({
  id: 'trust/challenges/the-value-commits-to-this-exchange',
  title: 'The domain task is about our domain, and its value commits to key, names and ids',
  verifies: ['T-CHAL-04', 'T-CHAL-05'],
  behaviour: ['T-CHAL-04', 'T-CHAL-05'],
  readings: ['L-T03', 'L-T04'],
  async run(stage) {
    const { peer, run, challenge } = await challenged(stage);
    const task = taskOf(challenge, 'domain_ownership');
    const got = [task?.domain, task?.txt_record_name];
    const expected = [peer.serverId, `${fixed.dnsChallengePrefix}${peer.serverId}`];
    stage.check('T-CHAL-04', got.join(' ') === expected.join(' '), {
      what: 'domain and record name of the domain task',
      expected,
      got,
    });
    const value = stage.crypto.domainValue({
      requester: peer.serverId,
      challenger: stage.subject.serverId,
      requestId: run.requestId,
      challengeId: challenge.challenge_id,
      publicKey: peer.key.publicKey,
      nonce: task?.nonce ?? '',
    });
    // At 1.0 a value without a nonce cannot be recomputed, and need not be (L-V12).
    const isOpen = stage.at === '1.0' && task?.nonce === undefined;
    stage.check('T-CHAL-05', isOpen || task?.expected_value === value, {
      what: 'expected_value of the domain task',
      expected: value,
      got: task?.expected_value,
    });
  },
});

const fresh = defineCase({
  id: 'trust/challenges/never-the-same-twice',
  title: 'Challenge bytes, nonces and values of eight challenges are all different',
  verifies: ['T-CHAL-02'],
  behaviour: ['T-CHAL-02'],
  async run(stage) {
    const seen: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      const { challenge } = await challenged(stage);
      const { expected_value = '', nonce = '' } = taskOf(challenge, 'domain_ownership') ?? {};
      const { challenge_data = '' } = taskOf(challenge, 'cryptographic_proof') ?? {};
      seen.push(expected_value, nonce, challenge_data);
    }
    stage.check('T-CHAL-02', new Set(seen).size === seen.length, {
      what: 'values of eight challenges that occur twice',
      expected: [],
      got: seen.filter((value, at) => seen.indexOf(value) !== at),
    });
  },
});

const deadlines = defineCase({
  id: 'trust/challenges/has-deadlines-ahead',
  title: 'The challenge and its domain task end in the future, and not in a year',
  verifies: ['T-CHAL-06'],
  behaviour: ['T-CHAL-06'],
  async run(stage) {
    const { challenge } = await challenged(stage);
    const now = stage.now() / 1_000_000;
    const ends = [challenge.deadline, taskOf(challenge, 'domain_ownership')?.expires_at ?? 0];
    const isSane = ends.every((end) => end > now && end < now + limits.trustAgeSeconds);
    stage.check('T-CHAL-06', isSane, {
      what: 'deadlines of a challenge, in seconds from now',
      expected: 'more than 0, less than a year',
      got: ends.map((end) => Math.round(end - now)),
    });
  },
});

const algorithm = defineCase({
  id: 'trust/challenges/asks-for-an-algorithm-that-both-have',
  title: 'The key proof is asked for in an algorithm of both capability lists',
  verifies: ['T-CHAL-10'],
  behaviour: ['T-CHAL-10'],
  readings: ['L-T07'],
  async run(stage) {
    const { challenge } = await challenged(stage);
    const task = taskOf(challenge, 'cryptographic_proof');
    stage.check('T-CHAL-10', task?.required_signature_algorithm === 'ed25519', {
      what: 'required_signature_algorithm for a peer that has ed25519 alone',
      expected: 'ed25519',
      got: task?.required_signature_algorithm,
    });
  },
});

/** The request of a run, as it was sent. */
const requestOf = ({ messages }: TrustRun) => ({
  ...messages.find(({ type }) => type === 'trust_request'),
});

const repeated = defineCase({
  id: 'trust/challenges/a-repeated-request-has-the-same-challenge',
  title: 'The same request again is answered by the same challenge, which can then be answered',
  verifies: ['T-REQ-05'],
  behaviour: ['T-REQ-05'],
  readings: ['L-T27'],
  async run(stage) {
    const { peer, run, challenge } = await challenged(stage);
    const answer = await (await freshLink(peer)).requestRaw(requestOf(run));
    const { message } = answer;
    const isSame =
      message?.type === 'trust_challenge' &&
      stage.crypto.hash({ ...message }) === stage.crypto.hash({ ...challenge });
    stage.check('T-REQ-05', isSame, {
      what: 'the answer to the same request again',
      expected: challenge.challenge_id,
      got: message?.type === 'trust_challenge' ? message.challenge_id : told(answer),
    });
    await onFrom(run, 'respond');
  },
});

const conflicting = defineCase({
  id: 'trust/challenges/a-request-id-with-other-content-is-refused',
  title: 'Another request under the same id is refused with 5817, and the first one goes on',
  verifies: ['T-REQ-05'],
  readings: ['L-T27'],
  async run(stage) {
    const { peer, run } = await challenged(stage);
    const { signature: _, ...request } = requestOf(run) as { signature?: string };
    const other = { ...request, organization_info: { ...named('Another') } };
    const signature = stage.crypto.sign(peer.key, other);
    const answer = await (await freshLink(peer)).requestRaw({ ...other, signature });
    const what = 'another request under the id of the first';
    checkRefused(stage, 'T-REQ-05', answer, { codes: [code.conflictingDuplicate], what });
    await onFrom(run, 'respond');
    await checkTrusted(stage, 'T-REQ-05', peer, 'the first request');
  },
});

const named = (name: string) => ({
  name,
  country: 'CH',
  contact_email: 'admin@example.org',
  phone: '',
  address: '',
});

const onePending = defineCase({
  id: 'trust/challenges/a-second-request-beside-the-first-is-refused',
  title: 'While one request is pending a second one is refused, and the first one goes on',
  verifies: ['T-REQ-11'],
  readings: ['L-T27'],
  async run(stage) {
    const { peer, run } = await challenged(stage);
    const second = peer.trustRun(await freshLink(peer));
    mustTake('capabilities', await second.capabilities());
    const what = 'a second request of the same server';
    checkRefused(stage, 'T-REQ-11', await second.request(), { what });
    checkTaken(stage, 'T-REQ-11', await run.respond(), { step: 'respond', what: 'the first one' });
  },
});

export const cases: readonly Case[] = [
  names,
  ...tasksByMethod,
  chainTask,
  oldLeaf,
  domain,
  fresh,
  deadlines,
  algorithm,
  repeated,
  conflicting,
  onePending,
];
