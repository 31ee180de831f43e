/** The master's trust_revoke, which names a server (M 5.3): accepted at 1.0 only (L-R01, L-R02). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { Answer, Peer } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { checkRefused } from '../federation/steps/answers.ts';
import { checkDelivered, type Neighbours, neighbours } from '../federation/steps/neighbours.ts';
import { leaveOut, set } from './steps/changes.ts';
import { entryFor, fetchedBy } from './steps/lists.ts';
import { freshLink } from './steps/outcomes.ts';
import { checkAcknowledged, checkCut } from './steps/revoking.ts';

const { trust: code } = errorCode;
const published = ['1.0'] as const;
const hardened = ['1.1', '2.0'] as const;

async function post(peer: Peer, message: JsonObject): Promise<Answer> {
  return (await freshLink(peer)).requestRaw(message);
}

// --- what takes effect ---------------------------------------------------------------------------

const byTheIssuer = defineCase({
  id: 'trust/master-revocations/by-the-issuer-cuts-at-once',
  title: "At 1.0 the master's form revokes all that its sender has issued to the server it names",
  verifies: ['T-REV-01'],
  accepts: ['T-REV-01'],
  readings: ['L-R01'],
  at: published,
  async run(stage) {
    const people = await neighbours(stage);
    await checkDelivered(stage, 'T-REV-01', people);
    const message = people.bravo.composeServerRevocation(stage.subject.serverId);
    checkAcknowledged(stage, 'T-REV-01', await post(people.bravo, message), 'the revocation');
    await checkCut(stage, 'T-REV-01', people, 'the revocation');
  },
});

const bySubject = defineCase({
  id: 'trust/master-revocations/by-the-server-itself',
  title: "At 1.0 a server gives up its own certificates in the master's form",
  verifies: ['T-REV-02'],
  accepts: ['T-REV-02'],
  readings: ['L-R01', 'L-R03'],
  at: published,
  async run(stage) {
    const people = await neighbours(stage);
    const { bravo } = people;
    const message = bravo.composeServerRevocation(bravo.serverId, set({ reason: 'request' }));
    checkAcknowledged(stage, 'T-REV-02', await post(bravo, message), 'the revocation');
    await checkCut(stage, 'T-REV-02', people, 'the revocation');
  },
});

const repeated = defineCase({
  id: 'trust/master-revocations/a-repeat-is-the-same-revocation',
  title: "A repeat of the master's form is acknowledged as the same revocation",
  verifies: ['T-REV-11'],
  behaviour: ['T-REV-11'],
  readings: ['L-R01', 'L-R12'],
  at: published,
  async run(stage) {
    const { bravo } = await neighbours(stage);
    const message = bravo.composeServerRevocation(stage.subject.serverId);
    const ids: unknown[] = [];
    for (const what of ['the revocation', 'its repeat']) {
      const answer = await post(bravo, message);
      checkAcknowledged(stage, 'T-REV-11', answer, what);
      ids.push(
        answer.message?.type === 'revocation_acknowledgment' && answer.message.revocation_id,
      );
    }
    stage.check('T-REV-11', ids[0] === ids[1], {
      what: 'the revocation_id of the second acknowledgment',
      expected: ids[0],
      got: ids[1],
    });
  },
});

/** Reason of M, and what the subject's list must say of it (L-R02). */
const reasons = {
  request: 'cessation_of_operation',
  compromised: 'key_compromise',
  rain: 'key_compromise',
};

const listed = Object.entries(reasons).map(([reason, expected]) =>
  defineCase({
    id: `trust/master-revocations/${reason}-is-listed-as-${expected.replaceAll('_', '-')}`,
    title: `The master's reason ${reason} stands in the list as ${expected}`,
    verifies: ['T-REV-17'],
    behaviour: ['T-REV-17'],
    readings: ['L-R01', 'L-R02'],
    at: published,
    async run(stage) {
      const { bravo, established } = await neighbours(stage);
      const message = bravo.composeServerRevocation(bravo.serverId, set({ reason }));
      checkAcknowledged(stage, 'T-REV-17', await post(bravo, message), 'the revocation');
      const { list } = await fetchedBy(bravo);
      const entry = entryFor(list, established.certificate.certificate_id);
      stage.check('T-REV-17', entry?.revocation_reason === expected, {
        what: 'the reason of the entry in the list',
        expected,
        got: entry?.revocation_reason ?? 'no entry',
      });
    },
  }),
);

// --- what has no effect --------------------------------------------------------------------------

interface Ineffective {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly expected: number;
  readonly at?: NonNullable<Case['at']>;
  readonly certificate?: JsonObject;
  readonly message: (stage: Stage, people: Neighbours) => JsonObject;
}

const ofSubject = ({ subject }: Stage, { bravo }: Neighbours) =>
  bravo.composeServerRevocation(subject.serverId);

const ineffective: readonly Ineffective[] = [
  {
    id: 'changed-after-signing-has-no-effect',
    title: "The master's form, changed after signing, is refused with 5802",
    verifies: 'T-REV-01',
    expected: code.badSignature,
    message: (stage, people) => ({ ...ofSubject(stage, people), reason: 'compromised' }),
  },
  {
    id: 'without-a-reason-is-malformed',
    title: "The master's form without a reason is malformed: 5801",
    verifies: 'T-REV-01',
    expected: code.malformed,
    message: ({ subject }, { bravo }) =>
      bravo.composeServerRevocation(subject.serverId, leaveOut('reason')),
  },
  {
    id: 'by-the-server-itself-for-a-violation-has-no-effect',
    title: "A server cannot revoke its own certificates for a violation in the master's form: 5816",
    verifies: 'T-REV-02',
    expected: code.revocationNotAuthorized,
    message: (_, { bravo }) => bravo.composeServerRevocation(bravo.serverId),
  },
  {
    id: 'of-what-is-not-revocable-has-no-effect',
    title: "The master's reason request does not revoke what is not revocable: 5816",
    verifies: 'T-CERT-15',
    expected: code.revocationNotAuthorized,
    certificate: { revocable: false },
    message: ({ subject }, { bravo }) =>
      bravo.composeServerRevocation(subject.serverId, set({ reason: 'request' })),
  },
  {
    id: 'from-1.1-on-is-malformed',
    title: "From 1.1 on the master's form is malformed: 5801",
    verifies: 'T-REV-01',
    expected: code.malformed,
    at: hardened,
    message: ofSubject,
  },
];

const refused = ineffective.map((fault) => {
  const { id, title, verifies, expected, at = published, certificate, message } = fault;
  return defineCase({
    id: `trust/master-revocations/${id}`,
    title,
    verifies: [verifies],
    readings: ['L-R01'],
    at,
    async run(stage) {
      const trust = certificate && { certificate: set(certificate) };
      const people = await neighbours(stage, { ...(trust && { trust }) });
      const answer = await post(people.bravo, message(stage, people));
      checkRefused(stage, verifies, answer, { codes: [expected], what: title });
      await checkDelivered(stage, verifies, people);
    },
  });
});

/** A link may speak of an older NORC-T than the establishment did (L-V11). */
const afterStepDown = defineCase({
  id: 'trust/master-revocations/after-1.1-has-no-effect-on-a-link-of-1.0',
  title: "Who has established trust at 1.1 cannot go back to the master's form: 5801",
  verifies: ['X-AMC-17'],
  readings: ['L-R01', 'L-V12'],
  at: ['1.1'],
  async run(stage) {
    const people = await neighbours(stage);
    const link = await freshLink(people.bravo, { trustVersions: ['1.0'] });
    const answer = await link.requestRaw(ofSubject(stage, people));
    checkRefused(stage, 'X-AMC-17', answer, {
      codes: [code.malformed],
      what: "the master's form on a link whose NORC-T is 1.0",
    });
    await checkDelivered(stage, 'X-AMC-17', people);
  },
});

/** S-12: mallory is trusted as well, for herself. */
const thirdParty = defineCase({
  id: 'trust/master-revocations/by-a-third-party-has-no-effect',
  title: "A trusted server cannot revoke another one in the master's form: 5816",
  verifies: ['T-REV-02'],
  readings: ['L-R01', 'L-R03'],
  at: published,
  async run(stage) {
    const people = await neighbours(stage);
    const mallory = await stage.peer();
    await mallory.establish();
    const answer = await post(mallory, mallory.composeServerRevocation(people.bravo.serverId));
    const codes = [code.revocationNotAuthorized];
    checkRefused(stage, 'T-REV-02', answer, { codes, what: "mallory's revocation of bravo" });
    await checkDelivered(stage, 'T-REV-02', people);
  },
});

/** It names no sender: who brings it must have signed it. */
const broughtByAnother = defineCase({
  id: 'trust/master-revocations/brought-by-another-has-no-effect',
  title: "The master's form counts only from who has signed it: 5802",
  verifies: ['T-REV-01'],
  readings: ['L-R01'],
  at: published,
  async run(stage) {
    const people = await neighbours(stage);
    const mallory = await stage.peer();
    await mallory.establish();
    const answer = await post(mallory, ofSubject(stage, people));
    const codes = [code.badSignature];
    checkRefused(stage, 'T-REV-01', answer, { codes, what: 'what bravo has signed, by mallory' });
    await checkDelivered(stage, 'T-REV-01', people);
  },
});

export const cases: readonly Case[] = [
  byTheIssuer,
  bySubject,
  repeated,
  ...listed,
  ...refused,
  afterStepDown,
  thirdParty,
  broughtByAnother,
];
