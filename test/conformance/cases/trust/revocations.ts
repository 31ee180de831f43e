/** Revocations that servers of ours send the subject (T-REV; T 5.1, 2.7, L-R02 to L-R05, L-R12). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { without } from '../../../../reference/wire/canonical.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { TrustRevoke } from '../../../../spec/messages/trust/trust-revoke.ts';
import type { Established } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { checkRefused as checkCode } from '../federation/steps/answers.ts';
import {
  checkDelivered,
  type Neighbours,
  neighbours,
  relayFor,
  sendRelay,
} from '../federation/steps/neighbours.ts';
import { leaveOut, misplaced, set } from './steps/changes.ts';
import { checkTrusted, freshLink } from './steps/outcomes.ts';
import {
  checkAcknowledged,
  checkCut,
  ofOwnCertificate,
  relaysAfterWriting,
  revoke,
} from './steps/revoking.ts';

const { trust: code, federation } = errorCode;
const hardened = ['1.1', '2.0'] as const;
const PATIENCE_MS = 1500;

const nowOf = (stage: Stage): number => Math.floor(stage.now() / 1_000_000);

// --- what takes effect ---------------------------------------------------------------------------

interface Effective {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly readings?: Case['readings'];
  readonly by?: (established: Established) => Established;
  readonly bend?: (stage: Stage) => Bend<TrustRevoke>;
  readonly certificate?: JsonObject;
}

const effective: readonly Effective[] = [
  {
    id: 'a-full-one-cuts-at-once',
    title: 'A full revocation by the issuer ends relays at once, on old links and new ones',
    verifies: 'T-REV-04',
  },
  {
    id: 'of-the-past-is-of-now',
    title: 'A revocation whose date has passed is in force at once',
    verifies: 'T-REV-03',
    bend: (stage) => set({ effective_date: nowOf(stage) - 86_400 }),
  },
  {
    id: 'for-a-compromised-key-knows-no-grace',
    title: 'For a compromised key a grace period is not kept',
    verifies: 'T-REV-07',
    readings: ['L-R04'],
    bend: () => set({ revocation_reason: 'compromised_key', grace_period: 3600 }),
  },
  {
    id: 'for-a-violation-knows-no-grace',
    title: 'For a violation of policy a grace period is not kept',
    verifies: 'T-REV-07',
    readings: ['L-R04'],
    bend: () => set({ revocation_reason: 'policy_violation', grace_period: 3600 }),
  },
  {
    id: 'for-an-unknown-reason-counts-as-the-worst',
    title: 'A reason that nobody knows counts as a compromised key: in force, and without grace',
    verifies: 'T-REV-07',
    readings: ['L-R02', 'L-R04'],
    bend: () => set({ revocation_reason: 'bad_weather', grace_period: 3600 }),
  },
  {
    id: 'by-the-subject-of-the-certificate',
    title: 'A server may give up its own certificate as voluntary',
    verifies: 'T-REV-02',
    readings: ['L-R03'],
    by: ofOwnCertificate,
  },
  {
    id: 'for-cause-whatever-revocable-says',
    title: 'A certificate that is not revocable can still be revoked for a violation',
    verifies: 'T-CERT-15',
    readings: ['L-R03'],
    certificate: { revocable: false },
  },
];

const cutting = effective.map(({ id, title, verifies, readings, by, bend, certificate }) =>
  defineCase({
    id: `trust/revocations/${id}`,
    title,
    verifies: [verifies],
    ...(readings && { readings }),
    async run(stage) {
      const trust = certificate && { certificate: set(certificate) };
      const people = await neighbours(stage, { ...(trust && { trust }) });
      await checkDelivered(stage, verifies, people);
      const established = by?.(people.established) ?? people.established;
      const answer = await revoke(people.bravo, established, bend?.(stage));
      checkAcknowledged(stage, verifies, answer, 'the revocation');
      await checkCut(stage, verifies, people, 'the revocation');
      // What is merely suspended, as in a grace period, would stay (2.7 rows 3 and 4).
      const isClosed = await people.link.closed();
      stage.check(verifies, isClosed, {
        what: 'the old link after the revocation',
        expected: 'closed',
        got: isClosed ? 'closed' : 'open',
      });
    },
  }),
);

// --- what has no effect --------------------------------------------------------------------------

interface Ineffective {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly codes: readonly number[];
  readonly readings?: Case['readings'];
  readonly at?: NonNullable<Case['at']>;
  readonly by?: (established: Established) => Established;
  readonly bend: (stage: Stage, people: Neighbours) => Bend<TrustRevoke>;
  readonly certificate?: JsonObject;
  /** Changed after signing. */
  readonly forge?: (message: TrustRevoke) => JsonObject;
}

const same: Ineffective['bend'] = () => (message) => ({ ...message });

const ineffective: readonly Ineffective[] = [
  {
    id: 'changed-after-signing-has-no-effect',
    title: 'A revocation that was changed after signing is refused with 5802',
    verifies: 'T-REV-01',
    codes: [code.badSignature],
    bend: same,
    forge: (message) => ({ ...message, revocation_reason: 'compromised_key' }),
  },
  {
    id: 'of-another-transcript-has-no-effect',
    title: 'A revocation that stands elsewhere in a transcript is refused with 5810',
    verifies: 'T-TRN-01',
    codes: [code.transcript],
    readings: ['L-H03'],
    bend: () => misplaced,
  },
  {
    id: 'without-date-of-issue-has-no-effect',
    title: 'From 1.1 on a revocation without issued_at is refused',
    verifies: 'X-AMC-17',
    codes: [code.malformed],
    readings: ['L-R12', 'L-V12'],
    at: hardened,
    bend: () => leaveOut('issued_at'),
  },
  {
    id: 'by-the-subject-for-a-violation-has-no-effect',
    title: 'A server cannot revoke its own certificate for a violation of policy: 5816',
    verifies: 'T-REV-02',
    codes: [code.revocationNotAuthorized],
    readings: ['L-R03'],
    by: ofOwnCertificate,
    bend: () => set({ revocation_reason: 'policy_violation' }),
  },
  {
    id: 'of-what-is-not-revocable-has-no-effect',
    title: 'The issuer cannot revoke as voluntary what is not revocable: 5816',
    verifies: 'T-CERT-15',
    codes: [code.revocationNotAuthorized],
    readings: ['L-R03'],
    certificate: { revocable: false },
    bend: () => set({ revocation_reason: 'voluntary' }),
  },
  {
    id: 'in-part-of-nothing-is-malformed',
    title: 'A partial revocation that names no permission is malformed: 5801',
    verifies: 'T-REV-05',
    codes: [code.malformed],
    readings: ['L-R05'],
    bend: () => set({ revocation_scope: 'partial', partial_revocation_permissions: [] }),
  },
  {
    id: 'of-an-unknown-scope-is-malformed',
    title: 'A revocation of a scope that nobody knows is malformed: 5801',
    verifies: 'T-LVL-07',
    codes: [code.malformed],
    bend: () => set({ revocation_scope: 'sideways' }),
  },
];

const refused = ineffective.map((fault) => {
  const { id, title, verifies, codes, readings, at, by, bend, certificate, forge } = fault;
  return defineCase({
    id: `trust/revocations/${id}`,
    title,
    verifies: [verifies],
    ...(readings && { readings }),
    ...(at && { at }),
    async run(stage) {
      const trust = certificate && { certificate: set(certificate) };
      const people = await neighbours(stage, { ...(trust && { trust }) });
      const established = by?.(people.established) ?? people.established;
      const message = people.bravo.composeRevocation(established, bend(stage, people));
      const sent = forge ? forge(message) : { ...message };
      const answer = await (await freshLink(people.bravo)).requestRaw(sent);
      checkCode(stage, verifies, answer, { codes, what: title });
      await checkDelivered(stage, verifies, people);
    },
  });
});

/** S-12: mallory is trusted as well, for herself. */
async function withMallory(stage: Stage) {
  const people = await neighbours(stage);
  const mallory = await stage.peer();
  await mallory.establish();
  return { people, mallory };
}

const thirdParty = defineCase({
  id: 'trust/revocations/by-a-third-party-has-no-effect',
  title: 'A trusted server cannot revoke the certificate that another one has issued: 5816',
  verifies: ['T-REV-02'],
  readings: ['L-R03'],
  async run(stage) {
    const { people, mallory } = await withMallory(stage);
    const { certificate } = people.established;
    const answer = await revoke(mallory, people.established);
    const codes = [code.revocationNotAuthorized];
    const what = "mallory's revocation of the certificate of bravo to the subject";
    checkCode(stage, 'T-REV-02', answer, { codes, what });
    const other = await revoke(mallory, { ...people.established, certificate, reverse: null });
    const also = "mallory's revocation of the certificate of the subject to bravo";
    checkCode(stage, 'T-REV-02', other, { codes, what: also });
    await checkDelivered(stage, 'T-REV-02', people);
  },
});

const foreignName = defineCase({
  id: 'trust/revocations/in-a-foreign-name-has-no-effect',
  title: 'A trusted server cannot revoke in the name of another one: 5802',
  verifies: ['T-REV-01'],
  async run(stage) {
    const { people, mallory } = await withMallory(stage);
    const bend = set({ revoking_server: people.bravo.serverId });
    const answer = await revoke(mallory, people.established, bend);
    const what = 'a revocation in the name of bravo, signed by mallory';
    checkCode(stage, 'T-REV-01', answer, { codes: [code.badSignature], what });
    await checkDelivered(stage, 'T-REV-01', people);
  },
});

const passedOn = defineCase({
  id: 'trust/revocations/counts-whoever-brings-it',
  title: 'A revocation that the issuer has signed counts when another server brings it',
  verifies: ['T-REV-14'],
  async run(stage) {
    const { people, mallory } = await withMallory(stage);
    const message = people.bravo.composeRevocation(people.established);
    const answer = await (await freshLink(mallory)).requestRaw({ ...message });
    checkAcknowledged(stage, 'T-REV-14', answer, 'a revocation that mallory passes on');
    await checkCut(stage, 'T-REV-14', people, 'the revocation');
  },
});

// --- acknowledgment, repeats, order --------------------------------------------------------------

const acknowledged = defineCase({
  id: 'trust/revocations/is-acknowledged-and-signed',
  title: 'A revocation is acknowledged by id, in the name and with the signature of the subject',
  verifies: ['T-REV-09'],
  readings: ['L-R06'],
  async run(stage) {
    const { bravo, established } = await neighbours(stage);
    const sent = bravo.composeRevocation(established);
    const answer = await (await freshLink(bravo)).requestRaw({ ...sent });
    checkAcknowledged(stage, 'T-REV-09', answer, 'the revocation');
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
  id: 'trust/revocations/again-changes-nothing',
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
    id: `trust/revocations/${order}`,
    title: `Of a full and a partial revocation the full one stands: ${order.replaceAll('-', ' ')}`,
    verifies: ['T-REV-11'],
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
  id: 'trust/revocations/with-a-lower-sequence-still-counts',
  title: 'A revocation with a lower sequence than one seen before still revokes its certificate',
  verifies: ['T-REV-12'],
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
  id: 'trust/revocations/in-part-takes-what-it-names',
  title: 'A partial revocation takes the permissions it names, and no others',
  verifies: ['T-REV-05'],
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
  id: 'trust/revocations/conditional-suspends',
  title: 'A conditional revocation suspends relays while its time runs, and for good after it',
  verifies: ['T-REV-06'],
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
  id: 'trust/revocations/of-the-future-waits',
  title: 'A revocation with a date ahead leaves relays alone before it, and ends them from it on',
  verifies: ['T-REV-03'],
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
  id: 'trust/revocations/in-grace-nothing-new-is-granted',
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
  id: 'trust/revocations/issued-in-the-future-suspends',
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
  id: 'trust/revocations/survives-a-restart',
  title: 'What was revoked stays revoked after a restart of the subject',
  verifies: ['T-REV-11'],
  needs: { restart: true },
  async run(stage) {
    const people = await neighbours(stage);
    await revoke(people.bravo, people.established);
    await stage.restartSubject();
    const alice = await people.alice.reconnect();
    await checkCut(stage, 'T-REV-11', { ...people, alice }, 'the revocation and a restart');
  },
});

// --- coming back ---------------------------------------------------------------------------------

const comesBack = defineCase({
  id: 'trust/revocations/after-it-trust-can-be-made-anew',
  title: 'After a voluntary revocation and an hour, a whole new run establishes trust again',
  verifies: ['T-REV-19'],
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
  id: 'trust/revocations/a-compromised-key-never-comes-back',
  title: 'A key that its owner has called compromised is refused from then on: 5807',
  verifies: ['T-REV-19'],
  readings: ['L-R13'],
  needs: { waitsSeconds: 3601 },
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
  },
});

export const cases: readonly Case[] = [
  ...cutting,
  ...refused,
  thirdParty,
  foreignName,
  passedOn,
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
