/** Who may revoke what, and for which reason (T-REV; T 5.1, 2.7, L-R02 to L-R05). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { TrustRevoke } from '../../../../spec/messages/trust/trust-revoke.ts';
import type { Established } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { checkRefused as checkCode } from '../federation/steps/answers.ts';
import { checkDelivered, type Neighbours, neighbours } from '../federation/steps/neighbours.ts';
import { leaveOut, misplaced, set } from './steps/changes.ts';
import { freshLink } from './steps/outcomes.ts';
import { checkAcknowledged, checkCut, ofOwnCertificate, revoke } from './steps/revoking.ts';

const { trust: code } = errorCode;
const hardened = ['1.1', '2.0'] as const;

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
  /** The guard of the requirement is what takes it. */
  readonly isTaken?: true;
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
    isTaken: true,
  },
  {
    id: 'for-cause-whatever-revocable-says',
    title: 'A certificate that is not revocable can still be revoked for a violation',
    verifies: 'T-CERT-15',
    readings: ['L-R03'],
    certificate: { revocable: false },
    isTaken: true,
  },
];

const cutting = effective.map((way) => {
  const { id, title, verifies, readings, by, bend, certificate, isTaken } = way;
  return defineCase({
    id: `trust/revocations/${id}`,
    title,
    verifies: [verifies],
    ...(isTaken && { accepts: [verifies] }),
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
  });
});

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
  id: 'trust/attacks/S-12-a-revocation-by-a-third-party-has-no-effect',
  title: 'S-12: a trusted server cannot revoke the certificate that another one has issued: 5816',
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
  id: 'trust/attacks/S-12-a-revocation-in-a-foreign-name-has-no-effect',
  title: 'S-12: a trusted server cannot revoke in the name of another one: 5802',
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
  behaviour: ['T-REV-14'],
  async run(stage) {
    const { people, mallory } = await withMallory(stage);
    const message = people.bravo.composeRevocation(people.established);
    const answer = await (await freshLink(mallory)).requestRaw({ ...message });
    checkAcknowledged(stage, 'T-REV-14', answer, 'a revocation that mallory passes on');
    await checkCut(stage, 'T-REV-14', people, 'the revocation');
  },
});

export const cases: readonly Case[] = [...cutting, ...refused, thirdParty, foreignName, passedOn];
