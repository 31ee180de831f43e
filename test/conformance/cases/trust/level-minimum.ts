/** The minimum level of a link (F-HS-04) when the level of the relationship sinks while it is open. */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Link, Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import {
  checkDelivered,
  type Neighbours,
  relayFor,
  sendRelay,
} from '../federation/steps/neighbours.ts';
import { certificateIn } from './steps/certificates.ts';
import { decided, openTrust } from './steps/levels.ts';
import { checkTaken, freshLink, upTo } from './steps/outcomes.ts';
import { verified } from './steps/verified.ts';

const ID = 'F-HS-04';
/** Until the condition falls due; a link lives longer. */
const DUE_SECONDS = 20;
const WAIT_SECONDS = DUE_SECONDS + 1;

const sinking = {
  level: 'verified',
  condition: 'security_review',
  withinSeconds: DUE_SECONDS,
  action: 'downgrade',
  quarterly: false,
  when: 'always',
} as const;

const needs = {
  policy: { trust: { ...openTrust, conditions: [sinking] } },
  commands: true,
  waitsSeconds: WAIT_SECONDS,
} as const;

/** Verified, for as long as the condition lasts. */
async function verifiedNeighbours(stage: Stage): Promise<Omit<Neighbours, 'link'>> {
  const alice = await stage.device();
  const bravo = await stage.peer();
  const ocsp_responses = stage.evidence.ocsp(bravo.chain, { nowMs: stage.now() / 1000 });
  const run = bravo.trustRun(await freshLink(bravo), verified(stage, { ocsp_responses }));
  const answer = await upTo(run, 'respond');
  const decision = await decided(stage, { peer: bravo, run, answer });
  const acknowledged = await run.acknowledge();
  checkTaken(stage, ID, acknowledged, { step: 'acknowledge', what: 'verified with a condition' });
  const certificate = certificateIn(decision);
  return { alice, bravo, established: { certificate, reverse: null, decision } };
}

/** Both sides have said that they trust (2.2 row 8). */
async function opened(bravo: Peer, minTrustLevel: string): Promise<Link> {
  const link = await freshLink(bravo, { minTrustLevel });
  await link.trustStatus(minTrustLevel);
  return link;
}

const below = { codes: [errorCode.federation.insufficientTrust], orBroken: true } as const;

const sunk = defineCase({
  id: 'trust/level-minimum/a-link-does-not-outlive-its-minimum',
  title:
    'When the level sinks below the minimum of an open link, relays are refused and it is closed',
  verifies: [ID],
  readings: ['L-T13'],
  needs,
  async run(stage) {
    const people = await verifiedNeighbours(stage);
    const link = await opened(people.bravo, 'verified');
    await checkDelivered(stage, ID, { ...people, link });
    await stage.pass(WAIT_SECONDS * 1000);
    const answer = await sendRelay(link, relayFor(people));
    checkRefused(stage, ID, answer, { ...below, what: 'a relay on a link of minimum verified' });
    const isClosed = await link.closed();
    stage.check(ID, isClosed, {
      what: 'the link whose minimum is no longer reached',
      expected: 'closed',
      got: isClosed ? 'closed' : 'open',
    });
  },
});

const kept = defineCase({
  id: 'trust/level-minimum/a-link-of-a-lower-minimum-goes-on',
  title: 'When the level sinks, a link whose minimum it still reaches goes on',
  verifies: [ID],
  accepts: [ID],
  readings: ['L-T13'],
  needs,
  async run(stage) {
    const people = await verifiedNeighbours(stage);
    const link = await opened(people.bravo, 'basic');
    await stage.pass(WAIT_SECONDS * 1000);
    await checkDelivered(stage, ID, { ...people, link });
  },
});

export const cases: readonly Case[] = [sunk, kept];
