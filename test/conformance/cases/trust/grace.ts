/** Grace, conditional revocations and what ends them (T-REV-06 to -08, -11; 2.7 rows 4 and 6). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustDecision } from '../../../../spec/messages/trust/trust-decision.ts';
import type { TrustRevoke } from '../../../../spec/messages/trust/trust-revoke.ts';
import type { Answer, Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import {
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from '../federation/steps/neighbours.ts';
import { set } from './steps/changes.ts';
import { HOUR_MS } from './steps/lists.ts';
import { checkTrusted, checkUntrusted, freshLink } from './steps/outcomes.ts';
import { checkAcknowledged, revoke } from './steps/revoking.ts';

const { trust: code } = errorCode;
const conditional = set({ revocation_scope: 'conditional', grace_period: 3600 });

/** Suspended by a conditional revocation of bravo's. */
async function suspended(stage: Stage): Promise<Neighbours & { revocation: TrustRevoke }> {
  const people = await neighbours(stage);
  const revocation = people.bravo.composeRevocation(people.established, conditional);
  const answer = await (await freshLink(people.bravo)).requestRaw({ ...revocation });
  checkAcknowledged(stage, 'T-REV-06', answer, 'a conditional revocation');
  const refusal = await sendRelay(people.link, relayFor(people));
  const what = 'a relay while trust is suspended';
  checkRefused(stage, 'T-REV-06', refusal, { orBroken: true, what });
  return { ...people, revocation };
}

async function clear(
  by: Peer,
  { established, revocation }: { established: Neighbours['established']; revocation: TrustRevoke },
  bend?: Bend<TrustDecision>,
): Promise<Answer> {
  const clearing = by.composeClearing(established, revocation, bend);
  return (await freshLink(by)).requestRaw({ ...clearing });
}

const cleared = defineCase({
  id: 'trust/grace/the-issuer-clears-a-conditional-revocation',
  title: "The issuer's signed decision ends the suspension of a conditional revocation",
  verifies: ['T-REV-06'],
  accepts: ['T-REV-06'],
  readings: ['L-R05'],
  async run(stage) {
    const people = await suspended(stage);
    const answer = await clear(people.bravo, people);
    checkAcknowledged(stage, 'T-REV-06', answer, 'the clearing decision');
    await checkTrusted(stage, 'T-REV-06', people.bravo, 'the clearing decision');
  },
});

const staysCleared = defineCase({
  id: 'trust/grace/what-was-cleared-stays-cleared',
  title: 'A conditional revocation that was cleared has no effect when its time is over',
  verifies: ['T-REV-06'],
  accepts: ['T-REV-06'],
  readings: ['L-R05'],
  needs: { waitsSeconds: 3601, restart: true },
  async run(stage) {
    const people = await suspended(stage);
    await clear(people.bravo, people);
    await stage.restartSubject();
    await stage.pass(3_601_000);
    await checkTrusted(stage, 'T-REV-06', people.bravo, 'a restart and the end of its time');
  },
});

const byAnother = defineCase({
  id: 'trust/grace/nobody-else-clears-it',
  title: 'A decision of another trusted server does not end a suspension: 5803',
  verifies: ['T-REV-06'],
  readings: ['L-R05'],
  async run(stage) {
    const people = await suspended(stage);
    const mallory = await stage.peer();
    await mallory.establish();
    const answer = await clear(mallory, people);
    const codes = [code.unknownExchange];
    checkRefused(stage, 'T-REV-06', answer, { codes, what: "mallory's clearing decision" });
    await checkUntrusted(stage, 'T-REV-06', people.bravo, "mallory's clearing decision");
  },
});

const tooLate = defineCase({
  id: 'trust/grace/too-late-it-is-not-cleared',
  title: 'After its time a conditional revocation is final: clearing it is refused with 5804',
  verifies: ['T-REV-06'],
  readings: ['L-R05'],
  needs: { waitsSeconds: 3601 },
  async run(stage) {
    const people = await suspended(stage);
    await stage.pass(3_601_000);
    const answer = await clear(people.bravo, people);
    checkRefused(stage, 'T-REV-06', answer, { codes: [code.expired], what: 'a late clearing' });
    await checkUntrusted(stage, 'T-REV-06', people.bravo, 'a late clearing');
  },
});

const forged = defineCase({
  id: 'trust/grace/a-forged-clearing-has-no-effect',
  title: 'A clearing decision that was changed after signing is refused with 5802',
  verifies: ['T-DEC-03'],
  readings: ['L-R05'],
  async run(stage) {
    const people = await suspended(stage);
    const clearing = people.bravo.composeClearing(people.established, people.revocation);
    const sent = { ...clearing, decision: 'conditional' };
    const answer = await (await freshLink(people.bravo)).requestRaw(sent);
    const codes = [code.badSignature];
    checkRefused(stage, 'T-DEC-03', answer, { codes, what: 'a forged clearing decision' });
    await checkUntrusted(stage, 'T-DEC-03', people.bravo, 'a forged clearing decision');
  },
});

const fullStands = defineCase({
  id: 'trust/grace/clearing-undoes-no-other-revocation',
  title: 'Clearing a conditional revocation leaves a full one of the same certificate in force',
  verifies: ['T-REV-11'],
  behaviour: ['T-REV-11'],
  readings: ['L-R05', 'L-R12'],
  async run(stage) {
    const people = await suspended(stage);
    const gentle = set({ revocation_reason: 'voluntary', grace_period: 3600 });
    await revoke(people.bravo, people.established, gentle);
    const answer = await clear(people.bravo, people);
    checkAcknowledged(stage, 'T-REV-11', answer, 'the clearing decision');
    await checkUntrusted(stage, 'T-REV-11', people.bravo, 'the clearing of one of two');
  },
});

const cappedGrace = defineCase({
  id: 'trust/grace/lasts-a-day-at-most',
  title: 'A grace of ten days is over after one',
  verifies: ['T-REV-07'],
  readings: ['L-R04'],
  needs: { waitsSeconds: 86_401 + 3600 },
  async run(stage) {
    const { bravo, established } = await neighbours(stage);
    const gentle = set({ revocation_reason: 'voluntary', grace_period: 10 * 86_400 });
    await revoke(bravo, established, gentle);
    await stage.pass(24 * HOUR_MS + 1000);
    const link = await freshLink(bravo);
    const run = bravo.trustRun(link);
    // In grace nothing new is granted; after it whoever was revoked may ask again (L-R13).
    await run.capabilities();
    const answer = await run.request();
    stage.check('T-REV-07', answer.message?.type === 'trust_challenge', {
      what: 'the answer to a new request a day after a voluntary revocation',
      expected: 'trust_challenge',
      got: answer.message?.type ?? answer.status,
    });
  },
});

const ownClearing = defineCase({
  id: 'trust/grace/the-subject-clears-its-own-by-order',
  title: 'By order the subject clears what it has revoked conditionally, and tells the peer',
  verifies: ['T-REV-06'],
  behaviour: ['T-REV-06'],
  readings: ['L-R05'],
  needs: { commands: true },
  async run(stage) {
    const people = await neighbours(stage, { peer: { leaves: ['trust_decision'] } });
    const { bravo } = people;
    const order = { reason: 'voluntary', scope: 'conditional', gracePeriodSeconds: 3600 };
    await stage.command({ command: 'revoke-trust', server: bravo.serverId, ...order });
    const [revocation] = await bravo.heard('trust_revoke');
    const refusal = await sendRelay(people.link, relayFor(people));
    checkRefused(stage, 'T-REV-06', refusal, { orBroken: true, what: 'a relay while suspended' });
    await stage.command({ command: 'clear-revocation', server: bravo.serverId });
    const [clearing] = await bravo.heard('trust_decision');
    const named = clearing?.message.request_id;
    stage.check('T-REV-06', named === revocation?.message.revocation_id, {
      what: 'what the clearing decision is about',
      expected: revocation?.message.revocation_id,
      got: named ?? 'no decision',
    });
    await checkTrusted(stage, 'T-REV-06', bravo, 'the order to clear');
  },
});

export const cases: readonly Case[] = [
  cleared,
  staysCleared,
  byAnother,
  tooLate,
  forged,
  fullStands,
  cappedGrace,
  ownClearing,
];
