/**
 * Renewals that bring another server key (T-REN-06, L-R11): the old key signs the renewal, the new
 * one proves itself there and signs all that follows. Afterwards the old one signs nothing more.
 */
import type { SigningKey } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { RenewalOptions, RenewalRun } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { checkDelivered, type Neighbours, neighbours } from '../federation/steps/neighbours.ts';
import { renewalOf } from './renewals.ts';
import { certificateIn } from './steps/certificates.ts';
import { setAnswer } from './steps/changes.ts';
import { checkRefused, checkTaken, mustTake, type Step } from './steps/outcomes.ts';
import { checkAcknowledged, checkCut, revoke } from './steps/revoking.ts';

const { trust: code } = errorCode;
const readings = ['L-T09', 'L-R11'] as const;
const ID = 'T-REN-06';

const freshKey = (stage: Stage): SigningKey => stage.crypto.signingKey(stage.entropy(32));

/** The renewal is sent, and the subject sets its challenge. */
async function challenged(people: Neighbours, options: RenewalOptions): Promise<RenewalRun> {
  const run = await renewalOf(people, options);
  const answer = await run.renew();
  if (answer.message?.type === 'trust_challenge') return run;
  const what = 'a renewal to a key that proves itself was not challenged';
  throw new SubjectMisbehaved(what, 'trust_challenge', told(answer));
}

async function rotated(stage: Stage, people: Neighbours) {
  const newKey = freshKey(stage);
  const run = await challenged(people, { newKey });
  for (const [step, act] of [
    ['respond', () => run.respond()],
    ['acknowledge', () => run.acknowledge()],
  ] as const satisfies readonly (readonly [Step, unknown])[]) {
    const what = `the ${step} of a renewal to another key, signed by that key`;
    checkTaken(stage, ID, await act(), { step, what });
  }
  return { run, newKey };
}

const certified = defineCase({
  id: 'trust/renewals/to-another-key-certifies-it',
  title: 'A renewal whose proofs are by the new key is granted: the successor certifies that key',
  verifies: [ID],
  behaviour: [ID],
  readings,
  async run(stage) {
    const people = await neighbours(stage);
    const { run, newKey } = await rotated(stage, people);
    const got = run.decision && certificateIn(run.decision).public_key;
    stage.check(ID, got === newKey.publicKey, {
      what: 'the key that the successor certifies',
      expected: newKey.publicKey,
      got,
    });
    people.bravo.signWith(newKey);
    const link = await people.bravo.link();
    await checkDelivered(stage, ID, { ...people, link });
  },
});

interface ByOldKey {
  readonly id: string;
  readonly title: string;
  /** The guard that it runs into. */
  readonly keeps: 'T-RESP-09' | 'T-RESP-02' | 'T-ACK-01';
  readonly codes: readonly number[];
  readonly step: 'respond' | 'acknowledge';
  readonly options: (stage: Stage, people: Neighbours) => RenewalOptions;
}

/** Whoever has stolen the old key, and put a key of its own beside it, is no nearer. */
const stolen: readonly ByOldKey[] = [
  {
    id: 'whose-response-the-old-key-signs-is-refused',
    title: 'A renewal to another key whose response is signed by the old one is refused: 5802',
    keeps: 'T-RESP-09',
    codes: [code.badSignature],
    step: 'respond',
    options: () => ({ byOldKey: ['respond'] }),
  },
  {
    id: 'whose-proof-the-old-key-makes-is-refused',
    title: 'A renewal to another key whose proof of possession is by the old one is refused: 5807',
    keeps: 'T-RESP-02',
    codes: [code.keyProof],
    step: 'respond',
    options: ({ crypto }, { bravo }) => ({
      response: setAnswer('cryptographic_proof', () => ({
        signature: crypto.sign(bravo.key, { type: 'trust_proof' }),
      })),
    }),
  },
  {
    id: 'whose-acknowledgment-the-old-key-signs-is-refused',
    title: 'A renewal to another key whose acknowledgment the old one signs is refused: 5802',
    keeps: 'T-ACK-01',
    codes: [code.badSignature],
    step: 'acknowledge',
    options: () => ({ byOldKey: ['acknowledge'] }),
  },
];

const byOldKey = stolen.map(({ id, title, keeps, codes, step, options }) =>
  defineCase({
    id: `trust/renewals/to-another-key-${id}`,
    title,
    verifies: [ID, keeps],
    behaviour: [ID],
    readings,
    async run(stage) {
      const people = await neighbours(stage);
      const run = await challenged(people, { newKey: freshKey(stage), ...options(stage, people) });
      if (step === 'acknowledge') mustTake('respond', await run.respond());
      const answer = await run[step]();
      for (const each of [ID, keeps] as const) {
        checkRefused(stage, each, answer, { codes, what: title });
      }
      // The key that was certified before still is.
      await checkDelivered(stage, ID, people);
    },
  }),
);

const rotatedOut = defineCase({
  id: 'trust/attacks/S-12-a-key-that-was-rotated-out-revokes-nothing',
  title: 'S-12: after a renewal to another key the old one revokes nothing, and the new one does',
  verifies: ['T-REV-01', ID],
  behaviour: [ID],
  readings,
  async run(stage) {
    const people = await neighbours(stage);
    const { newKey } = await rotated(stage, people);
    const { bravo, established } = people;
    const { key: oldKey } = bravo;
    const byOld = bravo.composeRevocation(established); // whoever has stolen the old key
    bravo.signWith(newKey);
    const link = await bravo.link();
    const answer = await link.requestRaw({ ...byOld });
    const what = 'a revocation that the old key has signed';
    for (const id of ['T-REV-01', ID] as const) {
      checkRefused(stage, id, answer, { codes: [code.badSignature], what });
    }
    await checkDelivered(stage, 'T-REV-01', { ...people, link });
    const byNew = await revoke(bravo, established);
    checkAcknowledged(stage, ID, byNew, 'a revocation that the new key has signed');
    bravo.signWith(oldKey); // nothing is certified any more, so it is the key of TLS that counts
    await checkCut(stage, 'T-REV-01', { ...people, link }, 'the revocation by the new key');
  },
});

export const cases: readonly Case[] = [certified, ...byOldKey, rotatedOut];
