import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Peer, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { leaveOut, set } from './steps/changes.ts';
import { unreachable } from './steps/levels.ts';
import {
  checkRefused,
  checkTrusted,
  checkUntrusted,
  freshLink,
  mustTake,
  onFrom,
  upTo,
} from './steps/outcomes.ts';

const { trust: code } = errorCode;

interface Pair {
  readonly id: string;
  readonly title: string;
  readonly codes: readonly number[];
  readonly needs?: Case['needs'];
  readonly options: (stage: Stage, peer: Peer) => TrustRunOptions;
}

const pairs: readonly Pair[] = [
  {
    id: 'format-before-domain',
    title: 'A missing answer is reported before a domain that shows nothing: 5801',
    codes: [code.malformed],
    options: () => ({
      publish: 'nothing',
      response: (message) => ({
        ...message,
        challenge_responses: message.challenge_responses.filter(
          ({ type }) => type !== 'domain_ownership',
        ),
      }),
    }),
  },
  {
    id: 'format-before-chain',
    title: 'A request that lacks a member and has a broken chain is malformed: 5801',
    codes: [code.malformed],
    options: (_, { chain }) => ({
      request: (message) =>
        leaveOut('organization_info')({ ...message, certificate_chain: [...chain].reverse() }),
    }),
  },
  {
    id: 'chain-before-domain',
    title: 'A broken chain is reported before a domain that shows nothing: 5806',
    codes: [code.chain],
    options: (_, { chain }) => ({
      publish: 'nothing',
      request: set({ certificate_chain: [...chain].reverse() }),
    }),
  },
  {
    id: 'domain-before-risk',
    title: 'A domain that shows nothing is reported before a score that is too low: 5805',
    codes: [code.domainProof],
    needs: { policy: unreachable },
    options: () => ({ publish: 'nothing' }),
  },
];

const order = pairs.map(({ id, title, codes, needs, options }) =>
  defineCase({
    id: `trust/order/${id}`,
    title,
    verifies: ['T-PIPE-01'],
    ...(needs && { needs }),
    async run(stage) {
      const peer = await stage.peer();
      const run = peer.trustRun(await freshLink(peer), options(stage, peer));
      mustTake('capabilities', await run.capabilities());
      const asked = await run.request();
      const isChallenged = asked.message?.type === 'trust_challenge';
      const answer = isChallenged ? await run.respond() : asked;
      checkRefused(stage, 'T-PIPE-01', answer, { codes, what: title });
    },
  }),
);

const hardGates = defineCase({
  id: 'trust/order/a-high-score-opens-no-gate',
  title: 'Chain, proof and certifications in order do not make up for a domain that shows nothing',
  verifies: ['T-PIPE-02'],
  behaviour: ['T-PIPE-02'],
  readings: ['L-T16'],
  async run(stage) {
    const peer = await stage.peer();
    const expires_at = Math.floor(stage.now() / 1_000_000) + 86_400;
    const attestation = { certificate_id: 'A-1', issued_by: 'NIST', expires_at };
    const standards = ['fips_140_2', 'common_criteria', 'nato_unclass'];
    const run = peer.trustRun(await freshLink(peer), {
      method: 'ca_validation',
      publish: 'nothing',
      request: set({
        compliance_attestations: standards.map((standard) => ({ standard, ...attestation })),
      }),
    });
    const what = 'a run with all evidence but the domain';
    const answer = await upTo(run, 'respond');
    checkRefused(stage, 'T-PIPE-02', answer, { codes: [code.domainProof], what });
    await checkUntrusted(stage, 'T-PIPE-02', peer, what);
  },
});

const beside = defineCase({
  id: 'trust/order/runs-beside-each-other-do-not-mix',
  title: 'Of two runs beside each other the one with a wrong domain fails, and the other does not',
  verifies: ['T-PIPE-03'],
  behaviour: ['T-PIPE-03'],
  async run(stage) {
    const [good, bad] = [await stage.peer(), await stage.peer()];
    const right = good.trustRun(await freshLink(good));
    const wrong = bad.trustRun(await freshLink(bad), { publish: 'nothing' });
    for (const step of ['capabilities', 'request'] as const) {
      mustTake(step, await wrong[step]());
      mustTake(step, await right[step]());
    }
    const [refusal, decision] = await Promise.all([wrong.respond(), right.respond()]);
    const what = 'the run with a wrong domain';
    checkRefused(stage, 'T-PIPE-03', refusal, { codes: [code.domainProof], what });
    mustTake('respond', decision);
    await onFrom(right, 'acknowledge');
    await checkTrusted(stage, 'T-PIPE-03', good, 'the right run');
    await checkUntrusted(stage, 'T-PIPE-03', bad, 'the wrong run');
  },
});

export const cases: readonly Case[] = [...order, hardGates, beside];
