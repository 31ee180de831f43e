/** Revocations that the subject makes by order of its operator (T-REV-09 to -15; 2.7, L-R06, L-R07). */
import type { Command } from '../../../../reference/core.ts';
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { TrustRevoke } from '../../../../spec/messages/trust/trust-revoke.ts';
import type { Peer } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Received, Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { checkDelivered, neighbours, relayFor, sendRelay } from '../federation/steps/neighbours.ts';
import { entriesAbout } from './audit-root.ts';
import { set } from './steps/changes.ts';
import { checkCut } from './steps/revoking.ts';

const { federation } = errorCode;
const needs = { commands: true } as const;
/** Time for the round of pushes in which it is noticed. */
const PUSH_SECONDS = 100;

type Order = Omit<Extract<Command, { command: 'revoke-trust' }>, 'command' | 'server'>;

const revoking = (stage: Stage, { serverId }: Peer, order: Partial<Order> = {}): Promise<void> =>
  stage.command({
    command: 'revoke-trust',
    server: serverId,
    reason: 'policy_violation',
    ...order,
  });

/**
 * The nth revocation about a server that `peer` has been told of. Others may come as well: the subject
 * tells every peer of every one, those of other cases included.
 */
async function pushedTo(
  peer: Peer,
  { about = peer, nth = 1 }: { about?: Peer; nth?: number } = {},
): Promise<Received<TrustRevoke>> {
  for (let count = 1; ; count += 1) {
    const heard = await peer.heard('trust_revoke', { count });
    const meant = heard.filter(({ message }) => message.target_server === about.serverId);
    const found = meant[nth - 1];
    if (found) return found;
    if (heard.length >= count) continue;
    throw new SubjectMisbehaved('no revocation was pushed', 'trust_revoke', heard.length);
  }
}

const pushed = defineCase({
  id: 'trust/own-revocations/is-pushed-to-the-revoked',
  title: 'A revocation is pushed to the server it is about: signed, dated, about its certificate',
  verifies: ['T-REV-01', 'T-REV-14'],
  behaviour: ['T-REV-01', 'T-REV-14'],
  readings: ['L-R07', 'L-R12'],
  needs,
  async run(stage) {
    const { bravo, established } = await neighbours(stage);
    await revoking(stage, bravo);
    const { message, text } = await pushedTo(bravo);
    const known = [established.certificate, established.reverse].map((one) => one?.certificate_id);
    stage.check('T-REV-14', known.includes(message.trust_certificate_id), {
      what: 'the certificate that the pushed revocation names',
      expected: known,
      got: message.trust_certificate_id,
    });
    const received: JsonObject = JSON.parse(text);
    const signed = without(received, 'revocation_signature');
    const { publicKey, serverId } = stage.subject;
    const isSigned = stage.crypto.verify(publicKey, signed, message.revocation_signature);
    stage.check('T-REV-01', isSigned && message.revoking_server === serverId, {
      what: 'name and signature of the revocation',
      expected: serverId,
      got: { revoking_server: message.revoking_server, isSigned },
    });
  },
});

const atOnce = defineCase({
  id: 'trust/own-revocations/waits-for-no-acknowledgment',
  title: 'A revocation is in force at once, whether or not the other side ever acknowledges it',
  verifies: ['T-REV-09'],
  behaviour: ['T-REV-09'],
  readings: ['L-R06'],
  needs,
  async run(stage) {
    const people = await neighbours(stage, { peer: { leaves: ['trust_revoke'] } });
    await checkDelivered(stage, 'T-REV-09', people);
    await revoking(stage, people.bravo);
    await pushedTo(people.bravo); // and left without an answer
    await checkCut(stage, 'T-REV-09', people, 'the order to revoke');
  },
});

const disputed = (['disputed', 'appealing'] as const).map((status) =>
  defineCase({
    id: `trust/own-revocations/${status}-changes-nothing`,
    title: `A revocation that is acknowledged as ${status} is in force all the same`,
    verifies: ['T-REV-10'],
    readings: ['L-R06'],
    needs,
    async run(stage) {
      const change = { acknowledgment_status: status, appeal_filed: status === 'appealing' };
      const bends = { revocationAcknowledgment: set(change) };
      const people = await neighbours(stage, { peer: { bends } });
      await revoking(stage, people.bravo);
      await pushedTo(people.bravo);
      await checkCut(stage, 'T-REV-10', people, `an acknowledgment that says ${status}`);
    },
  }),
);

const forgedAcknowledgment = defineCase({
  id: 'trust/own-revocations/a-forged-acknowledgment-is-none',
  title: 'After an acknowledgment whose signature does not verify the revocation is pushed again',
  verifies: ['T-REV-09'],
  readings: ['L-R06'],
  needs: { ...needs, waitsSeconds: 600 },
  async run(stage) {
    const bends = {
      revocationAcknowledgment: set({ cleanup_actions: ['something else'] }),
      resign: false,
    };
    const { bravo } = await neighbours(stage, { peer: { bends } });
    await revoking(stage, bravo);
    const first = await pushedTo(bravo);
    await stage.pass(600_000);
    const second = await pushedTo(bravo, { nth: 2 });
    stage.check('T-REV-09', second.message.revocation_id === first.message.revocation_id, {
      what: 'the revocation that is pushed again',
      expected: first.message.revocation_id,
      got: second.message.revocation_id,
    });
  },
});

const unanswered = defineCase({
  id: 'trust/own-revocations/what-nobody-acknowledges-is-written-down',
  title: 'A revocation that is not acknowledged for 300 s has an entry of the log, and not before',
  verifies: ['T-REV-15'],
  behaviour: ['T-REV-15'],
  at: ['1.1', '2.0'],
  readings: ['L-R07'],
  needs: { ...needs, waitsSeconds: limits.revocationAuditSeconds + PUSH_SECONDS },
  async run(stage) {
    const { bravo } = await neighbours(stage, { peer: { leaves: ['trust_revoke'] } });
    const alarms = async () => {
      const entries = await entriesAbout(stage, 'T-REV-15', bravo);
      return entries.filter(({ event_type: type }) => type === 'security_incident').length;
    };
    // In part, so that bravo may still ask what the log says of it.
    await revoking(stage, bravo, { scope: 'partial', permissions: ['user_discovery'] });
    await pushedTo(bravo);
    await stage.pass((limits.revocationAuditSeconds - PUSH_SECONDS) * 1000);
    const early = await alarms();
    await stage.pass(2 * PUSH_SECONDS * 1000);
    const late = await alarms();
    stage.check('T-REV-15', late > early, {
      what: 'incidents in the log when nobody has acknowledged for 300 s',
      expected: `more than ${early}`,
      got: late,
    });
  },
});

const pushedAgain = defineCase({
  id: 'trust/own-revocations/is-pushed-again-until-acknowledged',
  title: 'A revocation that could not be delivered is pushed again within 300 s of reachability',
  verifies: ['T-REV-15'],
  behaviour: ['T-REV-15'],
  readings: ['L-R07'],
  needs: { ...needs, waitsSeconds: limits.revocationAuditSeconds },
  async run(stage) {
    const { bravo } = await neighbours(stage);
    await bravo.goOffline();
    await revoking(stage, bravo);
    await stage.pass(5000);
    await bravo.goOnline();
    await stage.pass(limits.revocationAuditSeconds * 1000);
    const heard = await bravo.heard('trust_revoke');
    stage.check('T-REV-15', heard.length > 0, {
      what: 'revocations that have come within 300 s after the server could be reached again',
      expected: 'one or more',
      got: heard.length,
    });
  },
});

const broadcast = defineCase({
  id: 'trust/own-revocations/is-told-to-other-peers',
  title: 'A revocation is told to every server that trusts the subject, and linked to the last one',
  verifies: ['T-REV-13', 'T-REV-14'],
  behaviour: ['T-REV-13', 'T-REV-14'],
  readings: ['L-R07', 'L-R09'],
  // Nobody else may be revoked between the two.
  needs: { ...needs, alone: true },
  async run(stage) {
    const { bravo } = await neighbours(stage);
    const [charlie, witness] = [await stage.peer(), await stage.peer()];
    for (const peer of [charlie, witness]) await peer.establish();
    await revoking(stage, bravo);
    const first = await pushedTo(witness, { about: bravo });
    await revoking(stage, charlie);
    const second = await pushedTo(witness, { about: charlie });
    const revokers = [first, second].map(({ message }) => message.revoking_server);
    const { serverId } = stage.subject;
    stage.check('T-REV-14', revokers.join() === [serverId, serverId].join(), {
      what: 'who has told a third server of the two revocations',
      expected: [serverId, serverId],
      got: revokers,
    });
    const hash = stage.crypto.hash(JSON.parse(first.text));
    stage.check('T-REV-13', second.message.prev_revocation_hash === hash, {
      what: 'prev_revocation_hash of the second revocation',
      expected: hash,
      got: second.message.prev_revocation_hash,
    });
  },
});

const partial = defineCase({
  id: 'trust/own-revocations/in-part-takes-what-it-names',
  title: 'Of permissions that the subject takes back, exactly the named ones are gone',
  verifies: ['T-REV-05'],
  behaviour: ['T-REV-05'],
  readings: ['L-R05'],
  needs,
  async run(stage) {
    const people = await neighbours(stage);
    const order = (permission: string): Partial<Order> => ({
      scope: 'partial',
      permissions: [permission],
    });
    await revoking(stage, people.bravo, order('user_discovery'));
    await pushedTo(people.bravo);
    await checkDelivered(stage, 'T-REV-05', people);
    await revoking(stage, people.bravo, order('message_relay'));
    await pushedTo(people.bravo, { nth: 2 });
    const answer = await sendRelay(people.link, relayFor(people));
    const codes = [federation.capabilityMissing];
    checkRefused(stage, 'T-REV-05', answer, { codes, what: 'a relay without message_relay' });
  },
});

const afterRestart = defineCase({
  id: 'trust/own-revocations/is-pushed-after-a-restart',
  title: 'A revocation that nobody has acknowledged is in force and pushed after a restart',
  verifies: ['T-REV-14'],
  behaviour: ['T-REV-14'],
  needs: { ...needs, restart: true },
  async run(stage) {
    const people = await neighbours(stage, { peer: { leaves: ['trust_revoke'] } });
    await revoking(stage, people.bravo);
    const before = await pushedTo(people.bravo); // and left without an answer
    await stage.restartSubject();
    const after = await pushedTo(people.bravo, { nth: 2 });
    stage.check('T-REV-14', after.text === before.text, {
      what: 'the revocation that comes after the restart, against the one before it',
      expected: before.message,
      got: after.message,
    });
    const alice = await people.alice.reconnect();
    await checkCut(stage, 'T-REV-14', { ...people, alice }, 'the restart');
  },
});

export const cases: readonly Case[] = [
  pushed,
  atOnce,
  ...disputed,
  forgedAcknowledgment,
  unanswered,
  pushedAgain,
  broadcast,
  partial,
  afterRestart,
];
