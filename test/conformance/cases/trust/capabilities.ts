/** The exchange of capabilities, before anything is asked (T-CAP, L-V11, L-V13; T 3.1). */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { TrustCapabilities } from '../../../../spec/messages/trust/trust-capabilities.ts';
import type { Link, Peer } from '../../actors/peer.ts';
import { type Case, defineCase, SubjectMisbehaved, Untestable } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { misplaced, set } from './steps/changes.ts';
import { noDowngrade } from './steps/levels.ts';
import {
  checkRefused,
  checkTaken,
  checkTrusted,
  checkUntrusted,
  freshLink,
  isTaken,
  onFrom,
  upTo,
} from './steps/outcomes.ts';
import { refusedRuns } from './steps/refused-runs.ts';

const { trust: code, federation } = errorCode;
const hardened = ['1.1', '2.0'] as const;

const refused = refusedRuns('capabilities', [
  {
    id: 'a-foreign-name-is-refused',
    title: 'Capabilities in the name of another server than TLS shows are refused',
    verifies: 'T-CAP-02',
    step: 'capabilities',
    options: (stage) => ({ capabilities: set({ server_id: stage.domain('other') }) }),
  },
  {
    id: 'two-majors-away-are-refused',
    title: 'Capabilities with no version within one major are refused with 5601',
    verifies: 'T-CAP-04',
    step: 'capabilities',
    codes: [federation.versionMismatch],
    readings: ['L-V11'],
    options: () => ({
      capabilities: set({ protocol_version: '4.0', supported_versions: ['4.0'] }),
    }),
  },
  {
    id: 'a-bridge-over-two-majors-is-refused',
    title: 'A list that reaches over two majors does not bridge them: 5601',
    verifies: 'X-AMC-05',
    step: 'capabilities',
    codes: [federation.versionMismatch],
    readings: ['L-V03'],
    options: () => ({
      capabilities: set({ protocol_version: '5.0', supported_versions: ['5.0', '1.0', '2.0'] }),
    }),
  },
  {
    id: 'an-older-minor-is-refused-by-policy',
    title: 'Where policy requires the latest minor, a peer without it is refused with 5601',
    verifies: 'T-CAP-06',
    step: 'capabilities',
    codes: [federation.versionMismatch],
    readings: ['L-V13'],
    needs: { policy: { trust: { requireLatestMinor: true } } },
    options: () => ({
      capabilities: set({ protocol_version: '1.0', supported_versions: ['1.0'] }),
    }),
  },
  {
    id: 'changed-after-signing-is-refused',
    title: 'Capabilities that were changed after signing are refused with 5802',
    verifies: 'X-SIG-02',
    step: 'capabilities',
    codes: [code.badSignature],
    readings: ['L-T08'],
    options: () => ({ capabilities: set({ certificate_authorities: [] }), resign: false }),
  },
  {
    id: 'another-transcript-is-refused',
    title: 'Capabilities that stand elsewhere in a transcript are refused with 5810',
    verifies: 'T-TRN-01',
    step: 'capabilities',
    codes: [code.transcript],
    readings: ['L-H03'],
    options: () => ({ capabilities: misplaced }),
  },
  {
    id: 'an-unknown-method-is-malformed',
    title: 'Capabilities with an unknown method are refused, and nothing is put in its place',
    verifies: 'T-LVL-07',
    step: 'capabilities',
    codes: [code.malformed, code.method],
    options: () => ({ capabilities: set({ supported_methods: ['carrier_pigeon'] }) }),
  },
]);

const requestFirst = defineCase({
  id: 'trust/capabilities/a-request-without-is-refused',
  title: 'A request before capabilities were exchanged is refused with 5812',
  verifies: ['T-CAP-01'],
  async run(stage) {
    const peer = await stage.peer();
    const answer = await peer.trustRun(await freshLink(peer)).request();
    const what = 'a trust_request without capabilities before it';
    checkRefused(stage, 'T-CAP-01', answer, { codes: [code.unexpected], what });
    await checkUntrusted(stage, 'T-CAP-01', peer, what);
    const honest = await upTo(peer.trustRun(await freshLink(peer)), 'request');
    checkTaken(stage, 'T-CAP-01', honest, { step: 'request', what: 'a request after them' });
  },
});

/** T3.1, T-CAP-03: what the subject has not offered. */
async function offerOf(link: Link, peer: Peer): Promise<TrustCapabilities> {
  const answer = await peer.trustRun(link).capabilities();
  const { message } = answer;
  if (message?.type === 'trust_capabilities') return message;
  throw new SubjectMisbehaved('capabilities were not answered', 'capabilities', told(answer));
}

const levels = ['verified', 'classified', 'nato'];
const methods = ['web_of_trust', 'manual_verification', 'government_pki', 'ca_validation'];

const levelNotOffered = defineCase({
  id: 'trust/capabilities/a-level-beyond-them-is-refused',
  title: 'A request for a level that the subject has not offered is refused with 5808',
  verifies: ['T-CAP-03'],
  readings: ['L-T18', 'L-T19'],
  async run(stage) {
    const peer = await stage.peer();
    const link = await freshLink(peer);
    const offered: readonly string[] = (await offerOf(link, peer)).supported_trust_levels;
    const level = levels.find((name) => !offered.includes(name));
    if (!level) throw new Untestable('the subject offers every level');
    const run = peer.trustRun(link, { level, method: 'ca_validation' });
    const what = `a request for ${level}`;
    const expected = { codes: [code.level], orRejected: true, what } as const;
    checkRefused(stage, 'T-CAP-03', await upTo(run, 'request'), expected);
    await checkUntrusted(stage, 'T-CAP-03', peer, what);
  },
});

const methodNotOffered = defineCase({
  id: 'trust/capabilities/a-method-beyond-them-is-refused',
  title: 'A request by a method that the subject has not offered is refused with 5809',
  verifies: ['T-CAP-03'],
  readings: ['L-T19'],
  async run(stage) {
    const peer = await stage.peer();
    const link = await freshLink(peer);
    const offered: readonly string[] = (await offerOf(link, peer)).supported_methods;
    const method = methods.find((name) => !offered.includes(name));
    if (!method) throw new Untestable('the subject offers every method');
    const options = { request: set({ trust_method: method }) };
    const what = `a request by ${method}`;
    const expected = { codes: [code.method], orRejected: true, what } as const;
    checkRefused(stage, 'T-CAP-03', await upTo(peer.trustRun(link, options), 'request'), expected);
    await checkUntrusted(stage, 'T-CAP-03', peer, what);
  },
});

const answered = defineCase({
  id: 'trust/capabilities/the-answer-is-the-subjects-own',
  title: 'Capabilities are answered by those of the subject: its name, its key, usable offers',
  verifies: ['T-CAP-01', 'T-CAP-02'],
  behaviour: ['T-CAP-01', 'T-CAP-02'],
  async run(stage) {
    const peer = await stage.peer();
    const offer = await offerOf(await freshLink(peer), peer);
    stage.check('T-CAP-02', offer.server_id === stage.subject.serverId, {
      what: 'server_id of the capabilities of the subject',
      expected: stage.subject.serverId,
      got: offer.server_id,
    });
    const isUsable =
      offer.supported_methods.length > 0 &&
      offer.supported_trust_levels.length > 0 &&
      offer.key_algorithms.includes('ed25519');
    stage.check('T-CAP-01', isUsable && offer.supported_versions.includes(stage.at), {
      what: 'what the subject offers',
      expected: `methods, levels, ed25519, and version ${stage.at}`,
      got: offer,
    });
  },
});

const unknownOffers = defineCase({
  id: 'trust/capabilities/attestation-and-post-quantum-are-optional',
  title: 'Capabilities with attestation hashes and PQ support are taken, and change nothing else',
  verifies: ['T-CAP-09', 'T-CAP-10'],
  behaviour: ['T-CAP-09', 'T-CAP-10'],
  async run(stage) {
    const peer = await stage.peer();
    const hash = stage.crypto.hash({ type: 'sbom' });
    // T-PQ-01: who says that it can must be heard on a link that shows it.
    const link = await freshLink(peer, { suites: ['0101', '0001'] });
    const run = peer.trustRun(link, {
      capabilities: set({
        build_attestation_hash: hash,
        software_sbom_hash: hash,
        pq_kem_support: ['pq_kem.mlkem768.fips'],
      }),
    });
    for (const id of ['T-CAP-09', 'T-CAP-10'] as const) {
      const answer = id === 'T-CAP-09' ? await run.capabilities() : await run.request();
      const step = id === 'T-CAP-09' ? 'capabilities' : 'request';
      checkTaken(stage, id, answer, { step, what: `${step} beside the optional members` });
    }
    await onFrom(run, 'respond');
  },
});

/** An establishment at the version of the stage, and afterwards capabilities with only 1.0. */
async function stepDown(stage: Stage, between: () => Promise<void>) {
  const peer = await stage.peer();
  await peer.trustRun(await freshLink(peer)).establish();
  await between();
  const lower = { protocol_version: '1.0', supported_versions: ['1.0'] };
  const again = peer.trustRun(await freshLink(peer), { capabilities: set(lower) });
  return { peer, answer: await again.capabilities() };
}

async function checkStepDown(stage: Stage, between: () => Promise<void>): Promise<void> {
  const { peer, answer } = await stepDown(stage, between);
  const what = 'capabilities that offer 1.0 alone, after a higher version';
  checkRefused(stage, 'T-CAP-05', answer, { codes: [federation.versionMismatch], what });
  await checkTrusted(stage, 'T-CAP-05', peer, 'the refused step down');
}

const downgrade = defineCase({
  id: 'trust/capabilities/a-lower-version-than-before-is-refused',
  title: 'A peer that has used a higher version cannot come back with a lower one: 5601',
  verifies: ['T-CAP-05'],
  readings: ['L-V13'],
  at: hardened,
  needs: { policy: noDowngrade },
  run: (stage) => checkStepDown(stage, async () => {}),
});

const downgradeAfterRestart = defineCase({
  id: 'trust/capabilities/a-lower-version-is-refused-after-a-restart',
  title: 'The version that a peer has used is remembered over a restart',
  verifies: ['T-CAP-05'],
  readings: ['L-V13'],
  at: hardened,
  needs: { restart: true, policy: noDowngrade },
  run: (stage) => checkStepDown(stage, () => stage.restartSubject()),
});

const downgradeAllowed = defineCase({
  id: 'trust/capabilities/a-lower-version-is-taken-where-policy-allows',
  title: 'Where policy allows a downgrade, the same step down is taken',
  verifies: ['T-CAP-05'],
  accepts: ['T-CAP-05'],
  readings: ['L-V13'],
  at: hardened,
  needs: { policy: { trust: { allowDowngrade: true } } },
  async run(stage) {
    const { answer } = await stepDown(stage, async () => {});
    stage.check('T-CAP-05', isTaken('capabilities', answer), {
      what: 'capabilities that offer 1.0 alone, where policy allows it',
      expected: 'trust_capabilities',
      got: told(answer),
    });
  },
});

export const cases: readonly Case[] = [
  answered,
  requestFirst,
  levelNotOffered,
  methodNotOffered,
  unknownOffers,
  downgrade,
  downgradeAfterRestart,
  downgradeAllowed,
  ...refused,
];
