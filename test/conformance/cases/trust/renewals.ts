/** Renewals that a server of ours asks of the subject, its issuer (T 8.2; machine renewal). */
import { errorCode, type Permission } from '../../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../../spec/emitted/requirement-ids.ts';
import type { TrustRenewal } from '../../../../spec/messages/trust/trust-renewal.ts';
import type { Answer, RenewalOptions, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { checkDelivered, type Neighbours, neighbours } from '../federation/steps/neighbours.ts';
import { certificateIn } from './steps/certificates.ts';
import { otherBytes, set } from './steps/changes.ts';
import { checkRefused, freshLink, isTaken } from './steps/outcomes.ts';
import { ofOwnCertificate, revoke } from './steps/revoking.ts';

const { trust: code, federation } = errorCode;

type Change = TrustRenewal['changes_requested'][number];

export async function renewalOf({ bravo, established }: Neighbours, options?: RenewalOptions) {
  return bravo.renewal(await freshLink(bravo), established, options);
}

/** What is asked, answered and acknowledged; each must be taken. */
export async function renewed(people: Neighbours, options?: RenewalOptions) {
  const run = await renewalOf(people, options);
  const answer = await run.renew();
  if (!isTaken('respond', answer)) {
    throw new SubjectMisbehaved('a renewal was not granted', 'trust_decision', told(answer));
  }
  const done = await run.acknowledge();
  if (!isTaken('acknowledge', done)) {
    throw new SubjectMisbehaved('its acknowledgment was refused', 'HTTP 204', told(done));
  }
  const { decision } = run;
  if (!decision) throw new SubjectMisbehaved('no decision', 'trust_decision', null);
  return { run, decision };
}

const rate = (change: Partial<Change> = {}): Change =>
  ({
    change_type: 'update_rate_limit',
    parameter: 'messages_per_second',
    old_value: 500,
    new_value: 400,
    justification: 'fewer users',
    ...change,
  }) as Change;

const added = (permission: Permission): Change => ({
  change_type: 'add_permission',
  permission,
  justification: 'new users',
});

const granted = defineCase({
  id: 'trust/renewals/a-renewal-brings-a-successor-without-a-gap',
  title:
    'A renewal is answered by a decision of its id, and relays pass before, within and after it',
  verifies: ['T-REN-03', 'T-REN-05'],
  behaviour: ['T-REN-03', 'T-REN-05'],
  readings: ['L-R10'],
  async run(stage) {
    const people = await neighbours(stage);
    await checkDelivered(stage, 'T-REN-03', people);
    const run = await renewalOf(people);
    const answer = await run.renew();
    stage.check('T-REN-05', run.decision?.request_id === run.renewalId, {
      what: 'the answer to a renewal',
      expected: { type: 'trust_decision', request_id: run.renewalId },
      got: run.decision?.request_id ?? told(answer),
    });
    await checkDelivered(stage, 'T-REN-03', people);
    const done = await run.acknowledge();
    stage.check('T-REN-05', isTaken('acknowledge', done), {
      what: 'the answer to its acknowledgment',
      expected: 'HTTP 204',
      got: told(done),
    });
    await checkDelivered(stage, 'T-REN-03', people);
  },
});

const repeated = defineCase({
  id: 'trust/renewals/a-repeat-is-answered-as-before',
  title: 'The same renewal again is answered by the same decision, and nothing is issued anew',
  verifies: ['T-REN-05'],
  behaviour: ['T-REN-05'],
  readings: ['L-R10'],
  async run(stage) {
    const people = await neighbours(stage);
    const run = await renewalOf(people);
    const first = await run.renew();
    const [sent] = await again(people, run.renewalId);
    stage.check('T-REN-05', sent.text === first.text, {
      what: 'the answer to the same renewal again',
      expected: first.message,
      got: sent.message,
    });
  },
});

/** The same id, certificate and reason: the same bytes, but for a change. */
async function again(people: Neighbours, renewalId: string, options: RenewalOptions = {}) {
  const run = await renewalOf(people, { renewalId, ...options });
  return [await run.renew(), run] as const;
}

const conflicting = defineCase({
  id: 'trust/renewals/another-content-under-the-same-id-is-refused',
  title: 'A renewal with other content under an id that has been used is refused: 5817',
  verifies: ['T-REN-05'],
  async run(stage) {
    const people = await neighbours(stage);
    const { run } = await renewed(people);
    const [answer] = await again(people, run.renewalId, { reason: 'security_update' });
    const what = 'another renewal under the same id';
    checkRefused(stage, 'T-REN-05', answer, { codes: [code.conflictingDuplicate], what });
  },
});

// --- refused -------------------------------------------------------------------------------------

interface Fault {
  readonly id: string;
  readonly title: string;
  readonly verifies: RequirementId;
  readonly codes: readonly number[];
  readonly readings?: Case['readings'];
  readonly needs?: Case['needs'];
  readonly options: (stage: Stage, people: Neighbours) => RenewalOptions | Promise<RenewalOptions>;
}

const faults: readonly Fault[] = [
  {
    id: 'signed-by-another-key-is-refused',
    title: 'A renewal whose signature is not by the certified key is refused: 5802',
    verifies: 'T-REN-01',
    codes: [code.badSignature],
    options: () => ({
      renewal: (message) => ({
        ...message,
        renewal_signature: otherBytes(message.renewal_signature),
      }),
      resign: false,
    }),
  },
  {
    id: 'of-another-certificate-is-refused',
    title: 'A renewal of a certificate that is not the present one is refused: 5811',
    verifies: 'T-REN-01',
    codes: [code.certificate],
    options: (stage) => ({ renewal: set({ existing_certificate_id: stage.uuid() }) }),
  },
  {
    id: 'to-a-higher-level-is-refused',
    title: 'A renewal to a higher level is refused: 5814, since it takes a whole establishment',
    verifies: 'T-LVL-06',
    codes: [code.renewalDenied],
    readings: ['L-R11'],
    options: () => ({ level: 'verified' }),
  },
  {
    id: 'with-a-wrong-old-value-is-refused',
    title: 'A change whose old value is not the present one is refused: 5814',
    verifies: 'T-REN-04',
    codes: [code.renewalDenied],
    readings: ['L-R11'],
    options: () => ({ changes: [rate({ old_value: 123 })] }),
  },
  {
    id: 'without-a-justification-is-refused',
    title: 'A change without a justification is refused: 5814',
    verifies: 'T-REN-04',
    codes: [code.renewalDenied, code.malformed],
    readings: ['L-R11'],
    options: () => ({ changes: [rate({ justification: '' })] }),
  },
  {
    id: 'for-a-permission-beyond-the-level-is-refused',
    title: 'A permission that the level does not allow is not added: 5814',
    verifies: 'T-REN-04',
    codes: [code.renewalDenied],
    readings: ['L-R11', 'L-T20'],
    options: () => ({ changes: [added('media_relay')] }),
  },
  {
    id: 'with-a-key-that-only-the-old-one-vouches-for-is-refused',
    title: 'A new key without its own proof is refused, though the old key has signed: 5802',
    verifies: 'T-REN-06',
    codes: [code.badSignature, code.keyProof],
    readings: ['L-R11'],
    options: (_, { bravo }) => ({
      renewal: set({ new_public_key: otherKey(bravo.key.publicKey) }),
    }),
  },
  {
    id: 'with-a-key-that-proves-itself-for-another-renewal-is-refused',
    title: 'A new key whose proof is for another renewal is refused: 5802',
    verifies: 'T-REN-06',
    codes: [code.badSignature, code.keyProof],
    readings: ['L-R11'],
    options: (stage, { bravo, established }) => {
      const key = stage.crypto.signingKey(stage.entropy(32));
      const proof = {
        type: 'renewal_key_proof',
        renewal_id: stage.uuid(),
        renewing_server: bravo.serverId,
        trust_server: stage.subject.serverId,
        existing_certificate_id: established.certificate.certificate_id,
        new_public_key: key.publicKey,
      };
      return {
        renewal: set({
          new_public_key: key.publicKey,
          new_key_signature: stage.crypto.sign(key, proof),
        }),
      };
    },
  },
  {
    id: 'scheduled-before-its-time-is-refused',
    title: 'A renewal that calls itself scheduled long before the end is refused: 5814',
    verifies: 'T-REN-03',
    codes: [code.renewalDenied],
    readings: ['L-R10'],
    options: () => ({ reason: 'scheduled' }),
  },
  {
    id: 'of-what-is-not-renewable-is-refused',
    title: 'A certificate that says that it is not renewable is not renewed: 5814',
    verifies: 'T-REN-02',
    codes: [code.renewalDenied],
    needs: { policy: { trust: { renewable: false } } },
    options: () => ({}),
  },
  {
    id: 'in-the-grace-of-a-revocation-is-refused',
    title: 'In the grace of a revocation nothing is renewed: 5814',
    verifies: 'T-REV-08',
    codes: [code.renewalDenied],
    readings: ['L-R04'],
    options: async (_, { bravo, established }) => {
      const gentle = set({ revocation_reason: 'voluntary', grace_period: 3600 });
      await revoke(bravo, established, gentle);
      return {};
    },
  },
  {
    id: 'of-what-was-revoked-is-refused',
    title: 'A certificate that its subject has given up is not renewed',
    verifies: 'T-REN-02',
    codes: [federation.trustRevoked, federation.notTrusted],
    options: async (_, { bravo, established }) => {
      await revoke(bravo, ofOwnCertificate(established));
      return {};
    },
  },
];

/** Another point of the curve, so that it is the proof that is missing and not the form. */
function otherKey(own: string): string {
  const base = '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'; // RFC 8032, test 1
  return own === base ? own.split('').reverse().join('') : base;
}

const refused = faults.map(({ id, title, verifies, codes, readings, needs, options }) =>
  defineCase({
    id: `trust/renewals/${id}`,
    title,
    verifies: [verifies],
    ...(readings && { readings }),
    ...(needs && { needs }),
    async run(stage) {
      const people = await neighbours(stage);
      const run = await renewalOf(people, await options(stage, people));
      const answer: Answer = await run.renew();
      checkRefused(stage, verifies, answer, { codes, what: title });
    },
  }),
);

const keptAfterRefusal = defineCase({
  id: 'trust/renewals/after-a-refusal-the-old-one-is-in-force',
  title: 'A renewal that is refused leaves the certificate as it is',
  verifies: ['T-REN-05'],
  behaviour: ['T-REN-05'],
  async run(stage) {
    const people = await neighbours(stage);
    const run = await renewalOf(people, { level: 'verified' });
    await run.renew();
    await checkDelivered(stage, 'T-REN-05', people);
  },
});

// --- more scope ----------------------------------------------------------------------------------

function checkChallenged(stage: Stage, answer: Answer): void {
  stage.check('T-REN-04', answer.message?.type === 'trust_challenge', {
    what: 'the answer to a renewal with a higher rate',
    expected: 'trust_challenge',
    got: told(answer),
  });
}

const widened = defineCase({
  id: 'trust/renewals/more-scope-takes-a-new-challenge',
  title: 'A higher rate is answered by a challenge, and granted after its proof',
  verifies: ['T-REN-04'],
  readings: ['L-R11'],
  async run(stage) {
    const people = await neighbours(stage);
    const changes = [rate({ new_value: 900 })];
    const run = await renewalOf(people, { changes });
    checkChallenged(stage, await run.renew());
    const decided = await run.respond();
    const granted = run.decision?.federation_permissions.rate_limits.messages_per_second;
    stage.check('T-REN-04', isTaken('respond', decided) && granted === 900, {
      what: 'the rate granted after the proof',
      expected: 900,
      got: granted ?? told(decided),
    });
  },
});

const unproven = defineCase({
  id: 'trust/renewals/more-scope-without-its-proof-is-not-granted',
  title: 'A higher rate whose challenge is answered without the DNS record is not granted',
  verifies: ['T-REN-04'],
  readings: ['L-R11'],
  async run(stage) {
    const people = await neighbours(stage);
    const changes = [rate({ new_value: 900 })];
    const run = await renewalOf(people, { changes, publish: 'nothing' });
    checkChallenged(stage, await run.renew());
    const what = 'the response without a record';
    const codes = [code.domainProof];
    checkRefused(stage, 'T-REN-04', await run.respond(), { codes, orRejected: true, what });
  },
});

const narrowed = defineCase({
  id: 'trust/renewals/less-scope-takes-no-challenge',
  title: 'A lower rate is granted at once, and stands in map and certificate',
  verifies: ['T-DEC-05'],
  behaviour: ['T-DEC-05'],
  readings: ['L-R11', 'L-T12'],
  async run(stage) {
    const people = await neighbours(stage);
    const { decision } = await renewed(people, { changes: [rate()] });
    const { messages_per_second: granted } = decision.federation_permissions.rate_limits;
    stage.check('T-DEC-05', granted === 400, {
      what: 'the rate of the renewed decision',
      expected: 400,
      got: granted,
    });
  },
});

const MOST_SECONDS = 3600;

const noLonger = defineCase({
  id: 'trust/renewals/a-successor-lasts-no-longer-than-the-peer-allows',
  title: 'A successor lasts no longer than max_trust_age of the peer either',
  verifies: ['T-DEC-04'],
  behaviour: ['T-DEC-04'],
  readings: ['L-T30'],
  async run(stage) {
    const capabilities: TrustRunOptions['capabilities'] = (offer) => ({
      ...offer,
      trust_policies: { ...offer.trust_policies, max_trust_age: MOST_SECONDS },
    });
    // The certificate in return is bound by it too.
    const certificate: TrustRunOptions['certificate'] = (honest) =>
      set({ not_after: honest.not_before + MOST_SECONDS })(honest);
    const people = await neighbours(stage, { trust: { capabilities, certificate } });
    const { decision } = await renewed(people);
    const { not_before, not_after } = certificateIn(decision);
    const got = not_after - not_before;
    const expected = `at most ${MOST_SECONDS}`;
    stage.check('T-DEC-04', got <= MOST_SECONDS, { what: 'seconds of a successor', expected, got });
  },
});

export const cases: readonly Case[] = [
  granted,
  repeated,
  conflicting,
  ...refused,
  keptAfterRefusal,
  widened,
  unproven,
  narrowed,
  noLonger,
];
