/**
 * What a link is good for while trust comes, stands, and has ended (2.2 rows 5 to 13; F-TRUST,
 * F-CONN-08).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { Link } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused, checkSilent, codeOf, told } from './steps/answers.ts';
import {
  checkDelivered,
  checkNothingCame,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from './steps/neighbours.ts';
import { dialled } from './steps/opening.ts';

const { federation: code } = errorCode;

const stranger = defineCase({
  id: 'federation/standing/a-stranger-cannot-relay',
  title: 'A relay of a server without any relationship is refused with 5001',
  verifies: ['F-TRUST-01'],
  async run(stage) {
    const people = await neighbours(stage);
    const { alice } = people;
    const mallory = await stage.peer();
    const link = await mallory.link();
    const answer = await sendRelay(link, relayFor({ alice, bravo: mallory }));
    checkRefused(stage, 'F-TRUST-01', answer, {
      what: 'a relay without trust',
      codes: [code.notTrusted],
    });
    await checkNothingCame(stage, 'F-TRUST-01', alice, 'the relay of a stranger');
    await checkDelivered(stage, 'F-TRUST-01', people);
  },
});

const unopened = defineCase({
  id: 'federation/standing/a-link-must-be-opened',
  title: 'On a new link of a trusted server no relay is taken before trust_status has opened it',
  verifies: ['F-CONN-08'],
  readings: ['L-F10'],
  async run(stage) {
    const people = await neighbours(stage);
    const { alice, bravo } = people;
    const link = await dialled(bravo);
    await link.handshake();
    const answer = await sendRelay(link, relayFor(people));
    const what = 'a relay before trust_status';
    checkRefused(stage, 'F-CONN-08', answer, { what, codes: [code.notTrusted] });
    await checkNothingCame(stage, 'F-CONN-08', alice, what);
    await link.trustStatus();
    await checkDelivered(stage, 'F-CONN-08', { ...people, link });
  },
});

const midway = defineCase({
  id: 'federation/standing/a-decision-is-not-yet-trust',
  title: 'Between decision and acknowledgment of a trust run nothing is relayed',
  verifies: ['F-TRUST-01'],
  async run(stage) {
    const alice = await stage.device();
    const bravo = await stage.peer();
    const link = await bravo.link();
    const run = bravo.trustRun(link);
    await run.capabilities();
    await run.request();
    await run.respond();
    const early = await sendRelay(link, relayFor({ alice, bravo }));
    checkRefused(stage, 'F-TRUST-01', early, {
      what: 'a relay after the decision and before its acknowledgment',
      codes: [code.notTrusted],
    });
    await checkNothingCame(stage, 'F-TRUST-01', alice, 'the early relay');
  },
});

/** Refused with this code, on the old link while it lasts, and on a new one. */
async function checkEnded(
  stage: Stage,
  people: Neighbours,
  { ended, what }: { ended: number; what: string },
): Promise<void> {
  const onOld = await sendRelay(people.link, relayFor(people));
  checkRefused(stage, 'F-TRUST-02', onOld, { what, codes: [ended], orBroken: true });
  const onNew = await onNewLink(people);
  if (onNew) {
    const answer = await sendRelay(onNew, relayFor(people));
    checkRefused(stage, 'F-TRUST-02', answer, { what: `${what}, on a new link`, codes: [ended] });
  }
  await checkNothingCame(stage, 'F-TRUST-02', people.alice, what);
}

/** Null: the subject no longer takes links of this server, which is as good. */
async function onNewLink({ bravo }: Neighbours): Promise<Link | null> {
  const link = await bravo.dial();
  if (link.refused) return null;
  const answer = await link.request(link.composeHandshake());
  return answer.message?.type === 'federation_handshake_response' ? link : null;
}

const revoked = defineCase({
  id: 'federation/standing/after-a-revocation-nothing-is-relayed',
  title: 'After a full revocation by the other side relays are refused with 5003',
  verifies: ['F-TRUST-02', 'F-TRUST-05'],
  behaviour: ['F-TRUST-05'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established, link } = people;
    await checkDelivered(stage, 'F-TRUST-02', people);
    await link.request(bravo.composeRevocation(established));
    await checkEnded(stage, people, { ended: code.trustRevoked, what: 'a relay after revocation' });
    const answer = await (await dialled(bravo)).requestRaw({});
    stage.check('F-TRUST-05', codeOf(answer) !== null || answer.status === 0, {
      what: 'the server after it has revoked',
      expected: 'no open route',
      got: told(answer),
    });
  },
});

const byOperator = defineCase({
  id: 'federation/standing/after-a-revocation-by-the-subject-nothing-is-relayed',
  title: 'After the operator of the subject has revoked, relays are refused with 5003',
  verifies: ['F-TRUST-02'],
  needs: { commands: true },
  async run(stage) {
    const people = await neighbours(stage);
    const { serverId: server } = people.bravo;
    await checkDelivered(stage, 'F-TRUST-02', people);
    await stage.command({ command: 'revoke-trust', server, reason: 'policy_violation' });
    // An order is not answered; the word that follows from it says that it was carried out.
    await people.bravo.heard('trust_revoke');
    await checkEnded(stage, people, { ended: code.trustRevoked, what: 'a relay after revocation' });
  },
});

const certificateSeconds = 3600;

const expired = defineCase({
  id: 'federation/standing/after-its-end-a-certificate-opens-nothing',
  title: 'When the certificate has run out, relays are refused with 5002',
  verifies: ['F-TRUST-02'],
  needs: { waitsSeconds: certificateSeconds, policy: { trust: { certificateSeconds } } },
  async run(stage) {
    const people = await neighbours(stage);
    await checkDelivered(stage, 'F-TRUST-02', people);
    const { not_after } = people.established.certificate;
    await stage.pass(not_after * 1000 - stage.now() / 1000 + 1);
    const { alice, bravo } = people;
    const link = await onNewLink(people);
    if (link) {
      const answer = await sendRelay(link, relayFor({ alice, bravo }));
      const what = 'a relay after the end of the certificate';
      checkRefused(stage, 'F-TRUST-02', answer, { what, codes: [code.trustExpired] });
    }
    const last = await sendRelay(people.link, relayFor(people));
    checkRefused(stage, 'F-TRUST-02', last, {
      what: 'the same on the old link',
      codes: [code.trustExpired],
      orBroken: true,
    });
  },
});

const suspended = defineCase({
  id: 'federation/standing/a-suspended-link-carries-control-only',
  title: 'While a revocation with grace runs relays are refused and trust_status is answered',
  verifies: ['F-CONN-09'],
  readings: ['L-F23'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established, link } = people;
    await checkDelivered(stage, 'F-CONN-09', people);
    await link.request(
      bravo.composeRevocation(established, (revocation) => ({
        ...revocation,
        // Nothing about security: else there is no grace (T-REV-07).
        revocation_reason: 'superseded',
        grace_period: 3600,
      })),
    );
    const answer = await sendRelay(link, relayFor(people));
    const what = 'a relay while grace runs';
    checkRefused(stage, 'F-CONN-09', answer, {
      what,
      codes: [code.trustRevoked, code.notTrusted],
    });
    const status = await link.trustStatus();
    stage.check('F-CONN-09', status.message?.type === 'trust_status_response', {
      what: 'a control message while grace runs',
      expected: 'trust_status_response',
      got: told(status),
    });
    await checkNothingCame(stage, 'F-CONN-09', people.alice, what);
  },
});

const unknownTypes = defineCase({
  id: 'federation/standing/unknown-types-are-ignored',
  title: 'A message of a type that nobody knows is passed over, and the link lives',
  verifies: ['X-ERR-06'],
  readings: ['L-X05'],
  async run(stage) {
    const people = await neighbours(stage);
    for (const type of ['foo', 'message_relay_v9', 'federation_handshake_3']) {
      const answer = await people.link.requestRaw({ type, anything: [1, { two: 'three' }] });
      checkSilent(stage, 'X-ERR-06', answer, `a message of type ${type}`);
    }
    await checkDelivered(stage, 'X-ERR-06', people);
  },
});

export const cases: readonly Case[] = [
  stranger,
  unopened,
  midway,
  revoked,
  byOperator,
  expired,
  suspended,
  unknownTypes,
];
