/**
 * Chains of certificates (T-REQ-07, T-LVL-04): what RFC 5280 makes of a path, and what a level
 * asks of its keys.
 */
import { errorCode } from '../../../../spec/emitted/registries.ts';
import type { CertificateOptions } from '../../actors/peer.ts';
import { type Case, defineCase } from '../../case.ts';
import { chainFor, set } from './steps/changes.ts';
import { checkTaken, freshLink, type Step, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';
import { verified } from './steps/verified.ts';

const { trust: code } = errorCode;
const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';

/** By the chain alone: the domain binds the key at basic (L-T06), so the leaf may hold another. */
const paths: readonly [string, string, CertificateOptions][] = [
  [
    'below-an-authority-for-other-names-is-refused',
    'A leaf whose name its authority may not certify is refused with 5806',
    { issuer: { permitted: ['elsewhere.example'] } },
  ],
  [
    'below-an-authority-that-excludes-the-name-is-refused',
    'A leaf whose name is excluded by its authority is refused with 5806',
    { issuer: { excluded: ['norc.test'] } },
  ],
  [
    'that-is-too-deep-is-refused',
    'An authority below one that allows none below it is refused with 5806',
    { issuer: { isTooDeep: true } },
  ],
  [
    'below-no-authority-is-refused',
    'A leaf that a certificate without basic constraints has issued is refused with 5806',
    { issuer: { isNoAuthority: true } },
  ],
  [
    'with-an-unknown-critical-extension-is-refused',
    'A leaf with a critical extension that nobody knows is refused with 5806',
    { hasStrangeExtension: true },
  ],
  [
    'whose-leaf-is-for-another-purpose-is-refused',
    'A leaf that is for signing code alone is refused with 5806',
    { extendedKeyUsage: [CODE_SIGNING] },
  ],
  [
    'whose-leaf-may-not-sign-is-refused',
    'A leaf whose key may not make signatures is refused with 5806',
    { keyUsage: ['keyAgreement'] },
  ],
];

const broken: readonly RunFault[] = paths.map(([id, title, certificate]) => ({
  ...{ id, title, verifies: 'T-REQ-07', step: 'request', codes: [code.chain], orRejected: true },
  options: async (stage, { serverId }) => ({
    request: set({ certificate_chain: [...(await chainFor(stage, serverId, certificate))] }),
  }),
}));

const weak: readonly RunFault[] = [
  {
    id: 'with-a-short-rsa-key-is-refused-at-verified',
    title: 'At verified, an authority with an RSA key of 2048 bits is refused with 5806',
    ...{ verifies: 'T-LVL-04', step: 'request', codes: [code.chain], orRejected: true },
    readings: ['L-T18'],
    peer: { certificate: { issuer: { key: 'rsa_2048' } } },
    options: (stage) => verified(stage),
  },
];

interface Sound {
  readonly id: string;
  readonly title: string;
  readonly step: Step;
  readonly verifies: 'T-REQ-07' | 'T-LVL-04';
  readonly certificate: CertificateOptions;
  readonly isVerified?: true;
}

const sound: readonly Sound[] = [
  {
    id: 'below-an-authority-for-the-name-is-taken',
    title: 'A leaf whose name its authority may certify is taken',
    ...{ step: 'request', verifies: 'T-REQ-07' },
    certificate: { issuer: { permitted: ['norc.test'] } },
  },
  {
    id: 'with-a-short-rsa-key-is-taken-at-basic',
    title: 'At basic, an authority with an RSA key of 2048 bits is taken',
    ...{ step: 'request', verifies: 'T-LVL-04' },
    certificate: { issuer: { key: 'rsa_2048' } },
  },
  {
    id: 'with-a-long-rsa-key-is-taken-at-verified',
    title: 'At verified, an authority with an RSA key of 3072 bits is taken',
    ...{ step: 'request', verifies: 'T-LVL-04', isVerified: true },
    certificate: { issuer: { key: 'rsa_3072' } },
  },
  {
    id: 'with-ed25519-throughout-is-taken-at-verified',
    title: 'At verified, an authority with an Ed25519 key is taken',
    ...{ step: 'request', verifies: 'T-LVL-04', isVerified: true },
    certificate: { issuer: { key: 'ed25519' } },
  },
];

const taken = sound.map(({ id, title, step, verifies, certificate, isVerified }) =>
  defineCase({
    id: `trust/chains/${id}`,
    title,
    verifies: [verifies],
    accepts: [verifies],
    async run(stage) {
      const peer = await stage.peer({ certificate });
      const options = isVerified ? verified(stage) : { method: 'ca_validation' as const };
      const run = peer.trustRun(await freshLink(peer), options);
      checkTaken(stage, verifies, await upTo(run, step), { step, what: title });
    },
  }),
);

export const cases: readonly Case[] = [...refusedRuns('chains', [...broken, ...weak]), ...taken];
