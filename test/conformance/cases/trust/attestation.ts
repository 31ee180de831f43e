/**
 * What capabilities attest of software and of post-quantum key exchange, and what policy makes of it
 * (T-CAP-09, T-CAP-10, T-PQ-01, X-SC-01; T App A.2, A.6).
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { asJson } from '../../actors/signing.ts';
import { type Case, defineCase } from '../../case.ts';
import type { Stage } from '../../stage.ts';
import { told } from '../federation/steps/answers.ts';
import { set } from './steps/changes.ts';
import { hybridLink, openPolicy } from './steps/levels.ts';
import { checkTaken, checkTrusted, freshLink, onFrom } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';

const KEM = 'pq_kem.mlkem768.fips';
/** base64url of 32 bytes, as a hash is. */
const known = 'norc-conformance-known-good-hash-of-a-buil8';
const strict = { trust: { knownBuilds: [known], knownBoms: [known] } };

const common = {
  verifies: 'T-CAP-09',
  step: 'capabilities',
  codes: [errorCode.trust.trustError],
  needs: { policy: strict },
} as const;

const faults: readonly RunFault[] = [
  {
    ...common,
    id: 'an-unknown-build-is-refused-by-policy',
    title: 'Where policy lists builds, the attestation of another is refused',
    options: (stage) => ({
      capabilities: set({
        build_attestation_hash: stage.crypto.hash({ build: 'another' }),
        software_sbom_hash: known,
      }),
    }),
  },
  {
    ...common,
    verifies: 'X-SC-01',
    id: 'an-unknown-bill-of-materials-is-refused-by-policy',
    title: 'Where policy lists bills of materials, another is refused',
    options: (stage) => ({
      capabilities: set({
        build_attestation_hash: known,
        software_sbom_hash: stage.crypto.hash({ bill: 'another' }),
      }),
    }),
  },
  {
    ...common,
    id: 'saying-nothing-is-refused-by-policy',
    title: 'Where policy lists builds, capabilities that attest none are refused',
    options: () => ({ capabilities: set({ software_sbom_hash: known }) }),
  },
  {
    ...common,
    verifies: 'X-SC-01',
    id: 'no-bill-of-materials-is-refused-by-policy',
    title: 'Where policy lists bills of materials, capabilities without one are refused',
    options: () => ({ capabilities: set({ build_attestation_hash: known }) }),
  },
  {
    ...common,
    id: 'a-classical-link-between-two-that-can-more-is-refused',
    title: 'D-4: where both sides can post-quantum, trust is not spoken of on a classical link',
    verifies: 'T-PQ-01',
    codes: [errorCode.common.cryptoError],
    readings: ['L-H14'],
    needs: { policy: openPolicy, capability: KEM },
    options: () => ({ capabilities: set({ pq_kem_support: [KEM] }) }),
  },
  {
    ...common,
    id: 'a-stripped-advertisement-is-refused',
    title: 'D-4: capabilities whose post-quantum support was stripped on the way are refused',
    verifies: 'X-SIG-02',
    codes: [errorCode.trust.badSignature],
    readings: ['L-H14'],
    needs: { policy: openPolicy },
    options: (stage, peer) => ({
      // Signed with it, sent without.
      capabilities: (message) => {
        const { signature: _, ...bare } = asJson(message);
        const whole = { ...bare, pq_kem_support: [KEM] };
        return { ...bare, signature: stage.crypto.sign(peer.key, whole) };
      },
      resign: false,
    }),
  },
];

const knownIsTaken = defineCase({
  id: 'trust/attestation/known-software-is-taken',
  title: 'Where policy lists builds, a peer that attests a listed one is trusted like any other',
  verifies: ['T-CAP-09'],
  behaviour: ['T-CAP-09'],
  needs: { policy: strict },
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer), {
      capabilities: set({ build_attestation_hash: known, software_sbom_hash: known }),
    });
    const what = 'capabilities with hashes that policy knows';
    checkTaken(stage, 'T-CAP-09', await run.capabilities(), { step: 'capabilities', what });
    await onFrom(run, 'request');
    await checkTrusted(stage, 'T-CAP-09', peer, what);
  },
});

const advertised = defineCase({
  id: 'trust/attestation/post-quantum-support-is-advertised-and-kept',
  title: 'A subject that can post-quantum says so in its capabilities, inside the transcript',
  verifies: ['T-PQ-01', 'T-CAP-10'],
  behaviour: ['T-PQ-01', 'T-CAP-10'],
  readings: ['L-H14'],
  needs: { policy: openPolicy, capability: KEM },
  async run(stage) {
    const peer = await stage.peer({ suites: ['0101', '0001'] });
    const run = peer.trustRun(await hybridLink(peer), {
      capabilities: set({ pq_kem_support: [KEM] }),
    });
    const answer = await run.capabilities();
    const { message } = answer;
    const support = message?.type === 'trust_capabilities' ? message.pq_kem_support : undefined;
    stage.check('T-CAP-10', support?.includes(KEM) === true, {
      what: 'pq_kem_support of a subject with a hybrid suite',
      expected: [KEM],
      got: support ?? told(answer),
    });
    await onFrom(run, 'request');
    await checkTrusted(stage, 'T-PQ-01', peer, 'a run on a hybrid link');
  },
});

const withoutIt = defineCase({
  id: 'trust/attestation/a-peer-without-post-quantum-is-trusted',
  title: 'A peer that advertises no post-quantum support is trusted at basic on a classical link',
  verifies: ['T-CAP-10'],
  behaviour: ['T-CAP-10'],
  run: async (stage: Stage) => {
    const peer = await stage.peer();
    await onFrom(peer.trustRun(await freshLink(peer)), 'capabilities');
    await checkTrusted(stage, 'T-CAP-10', peer, 'a run without it');
  },
});

export const cases: readonly Case[] = [
  ...refusedRuns('attestation', faults),
  knownIsTaken,
  advertised,
  withoutIt,
];
