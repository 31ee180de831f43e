/** Acknowledgment, order, time and finality of revocations (T-REV; 2.7 rows 1 to 7, L-R04, L-R12, L-R13). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused as checkCode } from '../federation/steps/answers.ts';
import {
  checkDelivered,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from '../federation/steps/neighbours.ts';
import { set } from './steps/changes.ts';
import { checkTrusted, freshLink } from './steps/outcomes.ts';
import {
  checkAcknowledged,
  checkCut,
  ofOwnCertificate,
  relaysAfterWriting,
  revoke,
} from './steps/revoking.ts';

const { trust: code, federation } = errorCode;
const PATIENCE_MS = 1500;

const nowOf = (stage: Stage): number => Math.floor(stage.now() / 1_000_000);

const acknowledged = defineCase({
  id: 'trust/revocation-course/is-acknowledged-and-signed',
  title: 'A revocation is acknowledged within 60 s: its id, the name and signature of the subject',
  verifies: ['T-REV-09'],
  behaviour: ['T-REV-09'],
  readings: ['L-R06'],
  async run(stage) {
    const { bravo, established } = await neighbours(stage);
    const sent = bravo.composeRevocation(established);
    const link = await freshLink(bravo);
    const sentAt = nowOf(stage);
    const answer = await link.requestRaw({ ...sent });
    checkAcknowledged(stage, 'T-REV-09', answer, 'the revocation');
    const took = nowOf(stage) - sentAt;
    stage.check('T-REV-09', took <= limits.revocationAcknowledgmentSeconds, {
      what: 'seconds until the acknowledgment',
      expected: `at most ${limits.revocationAcknowledgmentSeconds}`,
      got: took,
    });
    const received: JsonObject = JSON.parse(answer.text);
    const { revocation_id, acknowledging_server, acknowledgment_signature } = received;
    const signature = String(acknowledgment_signature);
    const signed = without(received, 'acknowledgment_signature');
    const isSigned = stage.crypto.verify(stage.subject.publicKey, signed, signature);
    const expected = [sent.revocation_id, stage.subject.serverId, true];
    const got = [revocation_id, acknowledging_server, isSigned];
    stage.check('T-REV-09', got.join() === expected.join(), {
      what: 'id, name and signature of the acknowledgment',
      expected,
      got,
    });
  },
});

const idempotent = defineCase({
  id: 'trust/revocation-course/again-changes-nothing',
  title: 'The same revocation again is acknowledged again; its id with other content is refused',
  verifies: ['T-REV-11'],
  readings: ['L-R12'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const message = bravo.composeRevocation(established);
    const link = await freshLink(bravo);
    for (const round of ['first', 'second']) {
      const answer = await link.requestRaw({ ...message });
      checkAcknowledged(stage, 'T-REV-11', answer, `the ${round} of two`);
    }
    const { revocation_id } = message;
    const answer = await revoke(bravo, established, (other) => ({ ...other, revocation_id }));
    const what = 'another revocation under the same id';
    checkCode(stage, 'T-REV-11', answer, { codes: [code.conflictingDuplicate], what });
    await checkCut(stage, 'T-REV-11', people, 'the repeats');
  },
});

const partially = set({
  revocation_scope: 'partial',
  partial_revocation_permissions: ['user_discovery'],
});

const orders = (['full-then-partial', 'partial-then-full'] as const).map((order) =>
  defineCase({
    id: `trust/revocation-course/${order}`,
    title: `Of a full and a partial revocation the full one stands: ${order.replaceAll('-', ' ')}`,
    verifies: ['T-REV-11'],
    behaviour: ['T-REV-11'],
    readings: ['L-R12'],
    async run(stage) {
      const people = await neighbours(stage);
      const bends = order === 'full-then-partial' ? [undefined, partially] : [partially, undefined];
      for (const bend of bends) await revoke(people.bravo, people.established, bend);
      await checkCut(stage, 'T-REV-11', people, order);
    },
  }),
);

const lowerSequence = defineCase({
  id: 'trust/revocation-course/with-a-lower-sequence-still-counts',
  title: 'A revocation with a lower sequence than one seen before still revokes its certificate',
  verifies: ['T-REV-12'],
  behaviour: ['T-REV-12'],
  readings: ['L-R12'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const unknown = { revocation_sequence: 5, trust_certificate_id: stage.uuid() };
    const first = await revoke(bravo, established, set(unknown));
    checkAcknowledged(stage, 'T-REV-12', first, 'a revocation of a certificate of long ago');
    await checkDelivered(stage, 'T-REV-12', people);
    await revoke(bravo, established, set({ revocation_sequence: 4 }));
    await checkCut(stage, 'T-REV-12', people, 'sequence 4 after sequence 5');
  },
});

const partial = defineCase({
  id: 'trust/revocation-course/in-part-takes-what-it-names',
  title: 'A partial revocation takes the permissions it names, and no others',
  verifies: ['T-REV-05'],
  behaviour: ['T-REV-05'],
  readings: ['L-R05'],
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    await revoke(bravo, established, partially);
    const spared = await relaysAfterWriting(people, 5000);
    stage.check('T-REV-05', spared === 1, {
      what: 'relays of the subject after user_discovery was revoked',
      expected: 1,
      got: spared,
    });
    const relays = { partial_revocation_permissions: ['message_relay'] };
    await revoke(bravo, established, set({ revocation_scope: 'partial', ...relays }));
    const taken = await relaysAfterWriting(people, PATIENCE_MS);
    stage.check('T-REV-05', taken === 0, {
      what: 'relays of the subject after message_relay was revoked',
      expected: 0,
      got: taken,
    });
    await checkDelivered(stage, 'T-REV-05', people);
  },
});

/** The device has slept meanwhile, and its connection with it. */
async function anHourLater(stage: Stage, people: Neighbours): Promise<Neighbours> {
  await stage.pass(3_601_000);
  return { ...people, alice: await people.alice.reconnect() };
}

const conditional = defineCase({
  id: 'trust/revocation-course/conditional-suspends',
  title: 'A conditional revocation suspends relays while its time runs, and for good after it',
  verifies: ['T-REV-06'],
  behaviour: ['T-REV-06'],
  readings: ['L-R05'],
  needs: { waitsSeconds: 3601 },
  async run(stage) {
    const people = await neighbours(stage);
    const bend = set({ revocation_scope: 'conditional', grace_period: 3600 });
    await revoke(people.bravo, people.established, bend);
    const suspended = await sendRelay(people.link, relayFor(people));
    const what = 'a relay while suspended';
    checkCode(stage, 'T-REV-06', suspended, { orBroken: true, what });
    await checkCut(stage, 'T-REV-06', await anHourLater(stage, people), 'the time to comply');
  },
});

const future = defineCase({
  id: 'trust/revocation-course/of-the-future-waits',
  title: 'A revocation with a date ahead leaves relays alone before it, and ends them from it on',
  verifies: ['T-REV-03'],
  behaviour: ['T-REV-03'],
  needs: { waitsSeconds: 3601 },
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    await revoke(bravo, established, set({ effective_date: nowOf(stage) + 3600 }));
    await checkDelivered(stage, 'T-REV-03', people);
    await checkCut(
      stage,
      'T-REV-03',
      await anHourLater(stage, people),
      'the date of the revocation',
    );
  },
});

const grace = defineCase({
  id: 'trust/revocation-course/in-grace-nothing-new-is-granted',
  title: 'In the grace of a voluntary revocation no new trust is granted: 5814; after it, no relay',
  verifies: ['T-REV-08'],
  readings: ['L-R04'],
  needs: { waitsSeconds: 3601 },
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo, established } = people;
    const gentle = set({ revocation_reason: 'voluntary', grace_period: 3600 });
    await revoke(bravo, established, gentle);
    const run = bravo.trustRun(await freshLink(bravo));
    await run.capabilities();
    const codes = [code.renewalDenied, federation.messageRate];
    const what = 'a request for trust in the grace of a revocation';
    checkCode(stage, 'T-REV-08', await run.request(), { codes, what });
    await checkCut(stage, 'T-REV-08', await anHourLater(stage, people), 'the grace');
  },
});

const aheadOfTime = defineCase({
  id: 'trust/revocation-course/issued-in-the-future-suspends',
  title: 'A revocation issued more than 300 s ahead suspends the link while it is in quarantine',
  verifies: ['T-REV-16'],
  readings: ['L-R12'],
  async run(stage) {
    const people = await neighbours(stage);
    const later = nowOf(stage) + 3600;
    const bend = set({ issued_at: later, effective_date: later });
    await revoke(people.bravo, people.established, bend);
    const answer = await sendRelay(people.link, relayFor(people));
    const what = 'a relay while a revocation is in quarantine';
    checkCode(stage, 'T-REV-16', answer, { orBroken: true, what });
  },
});

const restarted = defineCase({
  id: 'trust/revocation-course/survives-a-restart',
  title: 'What was revoked stays revoked after a restart of the subject',
  verifies: ['T-REV-11'],
  behaviour: ['T-REV-11'],
  needs: { restart: true },
  async run(stage) {
    const people = await neighbours(stage);
    await revoke(people.bravo, people.established);
    await stage.restartSubject();
    const alice = await people.alice.reconnect();
    await checkCut(stage, 'T-REV-11', { ...people, alice }, 'the revocation and a restart');
  },
});

const comesBack = defineCase({
  id: 'trust/revocation-course/after-it-trust-can-be-made-anew',
  title: 'After a voluntary revocation and an hour, a whole new run establishes trust again',
  verifies: ['T-REV-19'],
  accepts: ['T-REV-19'],
  readings: ['L-R13'],
  needs: { waitsSeconds: 3601 },
  async run(stage) {
    const { bravo, established } = await neighbours(stage);
    await revoke(bravo, ofOwnCertificate(established));
    await stage.pass(3_601_000);
    await bravo.trustRun(await freshLink(bravo)).establish();
    await checkTrusted(stage, 'T-REV-19', bravo, 'a new run after the revocation');
  },
});

const banned = defineCase({
  id: 'trust/revocation-course/a-compromised-key-never-comes-back',
  title: 'A key that its owner has called compromised is refused for ever, restart or not: 5807',
  verifies: ['T-REV-19'],
  readings: ['L-R13'],
  needs: { waitsSeconds: 3601, restart: true },
  async run(stage) {
    const { bravo, established } = await neighbours(stage);
    const compromised = set({ revocation_reason: 'compromised_key' });
    await revoke(bravo, ofOwnCertificate(established), compromised);
    await stage.pass(3_601_000);
    const run = bravo.trustRun(await freshLink(bravo));
    await run.capabilities();
    const codes = [code.keyProof, code.renewalDenied];
    const what = 'a request with a key that was called compromised';
    checkCode(stage, 'T-REV-19', await run.request(), { codes, what });
    await stage.restartSubject();
    const later = bravo.trustRun(await freshLink(bravo));
    await later.capabilities();
    checkCode(stage, 'T-REV-19', await later.request(), { codes, what: `${what}, once more` });
  },
});

export const cases: readonly Case[] = [
  acknowledged,
  idempotent,
  ...orders,
  lowerSequence,
  partial,
  conditional,
  future,
  grace,
  aheadOfTime,
  restarted,
  comesBack,
  banned,
];
