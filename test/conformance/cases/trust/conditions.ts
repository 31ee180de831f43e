/**
 * Conditions with deadlines (T8, L-T13): set by the subject for a server of ours, and set by a
 * server of ours for the subject.
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { PeerOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved, Untestable } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { codeOf, told } from '../federation/steps/answers.ts';
import {
  checkDelivered,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from '../federation/steps/neighbours.ts';
import { type Correspondents, write } from '../federation/steps/sending.ts';
import { certificateIn } from './steps/certificates.ts';
import { decided } from './steps/levels.ts';
import {
  checkTrusted,
  checkUntrusted,
  freshLink,
  mustTake,
  onFrom,
  upTo,
} from './steps/outcomes.ts';
import { verified } from './steps/verified.ts';

const { federation } = errorCode;

const HOUR_SECONDS = 3600;

interface Rule {
  readonly level?: string;
  readonly condition?: string;
  readonly action?: string;
  readonly quarterly?: boolean;
}

/** What the subject is to ask of whoever it trusts at basic. */
const policyWith = (rule: Rule): { trust: object } => ({
  trust: {
    conditions: [
      {
        level: 'basic',
        condition: 'security_review',
        withinSeconds: HOUR_SECONDS,
        action: 'revoke',
        quarterly: false,
        when: 'always',
        ...rule,
      },
    ],
  },
});

/** Later, on new connections: the old ones do not outlive the wait. */
async function anHourLater(stage: Stage, people: Neighbours): Promise<Neighbours> {
  await stage.pass(HOUR_SECONDS * 1000 + 1000);
  const alice = await people.alice.reconnect();
  return { ...people, alice };
}

// --- set by the subject --------------------------------------------------------------------------

const stated = defineCase({
  id: 'trust/conditions/a-conditional-decision-states-its-deadline',
  title: 'A conditional decision names each condition of the certificate with its deadline, alike',
  verifies: ['T-DEC-06'],
  behaviour: ['T-DEC-06'],
  readings: ['L-T10', 'L-T13'],
  needs: { policy: policyWith({ condition: 'compliance_audit', quarterly: true }) },
  async run(stage) {
    const bravo = await stage.peer();
    const run = bravo.trustRun(await freshLink(bravo));
    await upTo(run, 'respond');
    const { decision } = run;
    if (!decision) throw new SubjectMisbehaved('no decision', 'trust_decision', null);
    const [certified] = certificateIn(decision).conditions;
    const [condition] = decision.trust_conditions;
    const got = {
      decision: decision.decision,
      condition: condition?.condition,
      deadline: condition?.deadline,
      revokes: condition?.auto_revoke ?? false,
      frequency: condition?.frequency,
    };
    const expected = {
      decision: 'conditional',
      condition: certified?.condition_type,
      deadline: certified?.deadline,
      revokes: certified?.auto_action === 'revoke',
      frequency: certified?.parameters.frequency,
    };
    stage.check('T-DEC-06', got.deadline !== undefined && same(got, expected), {
      what: 'the condition of the decision, beside that of the certificate',
      expected,
      got,
    });
    await onFrom(run, 'acknowledge');
  },
});

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);

const revokes = defineCase({
  id: 'trust/conditions/unmet-at-its-deadline-it-revokes',
  title: 'Relays pass until the deadline of a condition that revokes; then 5003, and a revocation',
  verifies: ['T-COND-01'],
  readings: ['L-T13'],
  needs: { policy: policyWith({}), waitsSeconds: HOUR_SECONDS },
  async run(stage) {
    const people = await neighbours(stage);
    await checkDelivered(stage, 'T-COND-01', people);
    const { bravo } = await anHourLater(stage, people);
    const answer = await sendRelay(await freshLink(bravo), relayFor(people));
    stage.check('T-COND-01', isEnded(codeOf(answer)), {
      what: 'a relay after the deadline',
      expected: [federation.trustRevoked, federation.notTrusted],
      got: told(answer),
    });
    const [told9] = (await bravo.heard('trust_revoke')).map(({ message }) => message);
    const got = { reason: told9?.revocation_reason, grace: told9?.grace_period };
    stage.check('T-COND-01', same(got, { reason: 'policy_violation', grace: 0 }), {
      what: 'the revocation that the subject has sent',
      expected: { reason: 'policy_violation', grace: 0 },
      got,
    });
  },
});

function isEnded(code: number | null): boolean {
  return code === federation.trustRevoked || code === federation.notTrusted;
}

const lowered: Bend<NorcTrustCertificate> = (certificate) => ({
  ...due('downgrade')(certificate),
  trust_level: 'verified',
});

const downgrades = defineCase({
  id: 'trust/conditions/a-downgrade-lowers-what-the-subject-may-send',
  title: 'After a missed condition that downgrades, the subject sends nothing that needs the level',
  verifies: ['T-COND-03'],
  readings: ['L-T13', 'L-T20'],
  needs: { waitsSeconds: HOUR_SECONDS },
  async run(stage) {
    const people = await neighbours(stage, { trust: { certificate: lowered } });
    const { alice, bravo } = people;
    const conversationId = await alice.createConversation([bravo.user.userId]);
    const label = 'official_use_only';
    await write({ alice, bravo, conversationId }, { text: 'above basic', classification: label });
    const before = (await bravo.relayed()).length;
    stage.check('T-COND-03', before === 1, {
      what: `relays of the subject labelled ${label}, at verified`,
      expected: 1,
      got: before,
    });
    await stage.pass(HOUR_SECONDS * 1000 + 1000);
    const late = { alice: await alice.reconnect(), bravo, conversationId };
    await write(late, { text: 'above basic again', classification: label });
    await write(late, { text: 'within basic' });
    const relays = await bravo.relayed({ count: 2 });
    const labels = relays.slice(1).map(({ message }) => message.classification);
    stage.check('T-COND-03', labels.join() === 'unclassified', {
      what: 'labels of the relays after the downgrade to basic',
      expected: ['unclassified'],
      got: labels,
    });
  },
});

const notifies = defineCase({
  id: 'trust/conditions/one-that-notifies-leaves-relays-alone',
  title: 'A condition that only notifies changes nothing at its deadline',
  verifies: ['T-COND-01'],
  behaviour: ['T-COND-01'],
  readings: ['L-T13'],
  needs: { policy: policyWith({ action: 'notify' }), waitsSeconds: HOUR_SECONDS },
  async run(stage) {
    const people = await anHourLater(stage, await neighbours(stage));
    const link = await people.bravo.link();
    await checkDelivered(stage, 'T-COND-01', { ...people, link });
  },
});

const met = defineCase({
  id: 'trust/conditions/met-in-time-it-does-nothing',
  title: 'A condition that an operator has declared met does not revoke at its deadline',
  verifies: ['T-COND-01'],
  behaviour: ['T-COND-01'],
  needs: { policy: policyWith({}), commands: true, waitsSeconds: HOUR_SECONDS },
  async run(stage) {
    const people = await neighbours(stage);
    const { serverId: server } = people.bravo;
    const evidence = 'report of 3 May';
    await stage.command({
      command: 'meet-condition',
      server,
      condition: 'security_review',
      evidence,
    });
    const after = await anHourLater(stage, people);
    const link = await people.bravo.link();
    await checkDelivered(stage, 'T-COND-01', { ...after, link });
  },
});

const remembered = defineCase({
  id: 'trust/conditions/a-restart-does-not-lose-the-deadline',
  title: 'A deadline that goes by after a restart of the subject revokes all the same',
  verifies: ['T-COND-01'],
  needs: { policy: policyWith({}), restart: true, waitsSeconds: HOUR_SECONDS },
  async run(stage) {
    const people = await neighbours(stage);
    await stage.restartSubject();
    await stage.pass(HOUR_SECONDS * 1000 + 1000);
    const answer = await sendRelay(await freshLink(people.bravo), relayFor(people));
    stage.check('T-COND-01', isEnded(codeOf(answer)), {
      what: 'a relay after the deadline and a restart',
      expected: [federation.trustRevoked, federation.notTrusted],
      got: told(answer),
    });
  },
});

const QUARTER_SECONDS = limits.quarterSeconds;

/** Trust one way, so that no list has to be read all the time. */
const quarterlyAt = (rule: Rule) => ({
  trust: {
    ...policyWith({ condition: 'compliance_audit', quarterly: true, ...rule }).trust,
    mutual: false,
    certificateSeconds: 3 * QUARTER_SECONDS,
  },
});

/** With a leaf that outlasts the case. */
const lasting = (stage: Stage): PeerOptions => ({
  certificate: { notAfterMs: stage.now() / 1000 + 3 * QUARTER_SECONDS * 1000 },
});

const dueAgain = defineCase({
  id: 'trust/conditions/a-quarterly-audit-is-due-again',
  title: 'An audit that was met for one quarter is due in the next, and revokes when it is missed',
  verifies: ['T-COND-02'],
  behaviour: ['T-COND-02'],
  readings: ['L-T13'],
  needs: { policy: quarterlyAt({}), commands: true, waitsSeconds: HOUR_SECONDS + QUARTER_SECONDS },
  async run(stage) {
    const bravo = await stage.peer(lasting(stage));
    await onFrom(bravo.trustRun(await freshLink(bravo), { mutual: false }), 'capabilities');
    const { serverId: server } = bravo;
    const met = { condition: 'compliance_audit', evidence: 'report of the first quarter' };
    await stage.command({ command: 'meet-condition', server, ...met });
    await stage.pass((QUARTER_SECONDS - HOUR_SECONDS) * 1000);
    await checkTrusted(stage, 'T-COND-02', bravo, 'a quarter whose audit was met');
    await stage.pass(2 * HOUR_SECONDS * 1000 + 1000);
    await checkUntrusted(stage, 'T-COND-02', bravo, 'the audit of the next quarter, missed');
  },
});

const missedTwice = defineCase({
  id: 'trust/conditions/a-quarterly-audit-that-is-missed-is-due-again',
  title: 'Each missed quarterly audit lowers the level once more, until nothing is left',
  verifies: ['T-COND-02'],
  readings: ['L-T13'],
  needs: {
    policy: quarterlyAt({ level: 'verified', action: 'downgrade' }),
    commands: true,
    waitsSeconds: HOUR_SECONDS + QUARTER_SECONDS,
  },
  async run(stage) {
    const peer = await stage.peer(lasting(stage));
    const run = peer.trustRun(await freshLink(peer), verified(stage, {}, { mutual: false }));
    const answer = await upTo(run, 'respond');
    await decided(stage, { peer, run, answer });
    mustTake('acknowledge', await run.acknowledge());
    await stage.pass(HOUR_SECONDS * 1000 + 1000);
    await checkTrusted(stage, 'T-COND-02', peer, 'the first audit, missed: one level is left');
    await stage.pass(QUARTER_SECONDS * 1000);
    await checkUntrusted(stage, 'T-COND-02', peer, 'the second audit, missed');
  },
});

// --- set for the subject -------------------------------------------------------------------------

const due =
  (autoAction: string): Bend<NorcTrustCertificate> =>
  (certificate) => ({
    ...certificate,
    conditions: [
      {
        condition_type: 'security_review',
        parameters: {},
        deadline: certificate.not_before + HOUR_SECONDS,
        auto_action: autoAction,
      },
    ],
  });

/** The subject has asked bravo for trust and got it under the condition. */
async function bound(stage: Stage, autoAction: string): Promise<Correspondents> {
  const alice = await stage.device();
  const bravo = await stage.peer({
    bends: { certificate: due(autoAction) },
    // No word from bravo after the deadline: the certificate speaks for itself.
    leaves: ['trust_renewal'],
  });
  const conversationId = await alice.createConversation([bravo.user.userId]);
  await write({ alice, bravo, conversationId }, { text: 'in time' });
  const relays = await bravo.relayed();
  if (relays.length === 0) throw new Untestable('the subject does not ask for trust by itself');
  return { alice, bravo, conversationId };
}

async function relaysAfterTheDeadline(stage: Stage, people: Correspondents): Promise<number> {
  await stage.pass(HOUR_SECONDS * 1000 + 1000);
  const alice = await people.alice.reconnect();
  const before = (await people.bravo.relayed({ withinMs: 0, count: 0 })).length;
  await write({ ...people, alice }, { text: 'too late' });
  const after = await people.bravo.relayed({ withinMs: 3000, count: before + 1 });
  return after.length - before;
}

const keeps = defineCase({
  id: 'trust/conditions/the-subject-stops-at-the-deadline-of-its-own',
  title: 'When a condition that revokes is unmet, the subject sends no more under that certificate',
  verifies: ['T-COND-01'],
  readings: ['L-T13'],
  needs: { waitsSeconds: HOUR_SECONDS },
  async run(stage) {
    const count = await relaysAfterTheDeadline(stage, await bound(stage, 'revoke'));
    stage.check('T-COND-01', count === 0, {
      what: 'relays of the subject after the deadline of its certificate',
      expected: 0,
      got: count,
    });
  },
});

const goesOn = defineCase({
  id: 'trust/conditions/the-subject-goes-on-after-a-notice',
  title: 'When a condition that only notifies is unmet, the subject sends on',
  verifies: ['T-COND-01'],
  behaviour: ['T-COND-01'],
  readings: ['L-T13'],
  needs: { waitsSeconds: HOUR_SECONDS },
  async run(stage) {
    const count = await relaysAfterTheDeadline(stage, await bound(stage, 'notify'));
    stage.check('T-COND-01', count === 1, {
      what: 'relays of the subject after the deadline of its certificate',
      expected: 1,
      got: count,
    });
  },
});

export const cases: readonly Case[] = [
  stated,
  revokes,
  downgrades,
  notifies,
  met,
  remembered,
  dueAgain,
  missedTwice,
  keeps,
  goesOn,
];
