/** What was hybrid at verified stays hybrid (X-PQ-05, L-H15). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkOfferRefused } from '../federation/steps/opening.ts';
import { decided, hybrid, hybridLink, openPolicy } from './steps/levels.ts';
import { checkTrusted, freshLink, mustTake, upTo } from './steps/outcomes.ts';
import { honestAnswers, verified } from './steps/verified.ts';

const ID = 'X-PQ-05';
const KEM = 'pq_kem.mlkem768.fips';
const needs = { policy: openPolicy, commands: true, capability: KEM } as const;

/** Verified, by a run on such a link and a session after it. */
async function verifiedOn(stage: Stage, kind: 'hybrid' | 'classical') {
  const peer = await stage.peer({ suites: ['0101', '0001'] });
  const link = await (kind === 'hybrid' ? hybridLink(peer) : freshLink(peer));
  const evidence = { ocsp_responses: honestAnswers(stage, peer) };
  const run = peer.trustRun(link, verified(stage, evidence));
  const answer = await upTo(run, 'respond');
  await decided(stage, { peer, run, answer });
  mustTake('acknowledge', await run.acknowledge());
  await checkTrusted(
    stage,
    ID,
    peer,
    `verified on a ${kind} link`,
    kind === 'hybrid' ? hybrid : {},
  );
  return peer;
}

const kept = defineCase({
  id: 'trust/post-quantum-history/verified-on-a-hybrid-link-does-not-go-on-on-a-classical-one',
  title: 'A server that is verified and was hybrid is not spoken with on a classical link: 4000',
  verifies: [ID],
  readings: ['L-H15'],
  needs,
  async run(stage) {
    const peer = await verifiedOn(stage, 'hybrid');
    await checkOfferRefused(stage, ID, peer, {
      suites: ['0001'],
      codes: [errorCode.common.cryptoError],
      what: 'a classical handshake after a hybrid one at verified',
    });
    await checkTrusted(stage, ID, peer, 'the classical handshake that was refused', hybrid);
  },
});

const never = defineCase({
  id: 'trust/post-quantum-history/what-was-never-hybrid-may-stay-classical',
  title: 'A server that is verified and was never hybrid goes on on classical links',
  verifies: [ID],
  accepts: [ID],
  readings: ['L-H15'],
  needs,
  async run(stage) {
    const peer = await verifiedOn(stage, 'classical');
    await checkTrusted(stage, ID, peer, 'verified on classical links alone');
  },
});

export const cases: readonly Case[] = [kept, never];
