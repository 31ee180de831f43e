/** Certificates that we hand over in the acknowledgment, each with one fault (T-ACK-05; T 4.2, L-T11). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { errorCode } from '../../../../spec/emitted/registries.ts';
import { limits } from '../../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { Answer, Established, Peer, TrustRunOptions } from '../../actors/peer.ts';
import { type Case, defineCase, SuiteError } from '../../case.ts';
import type { Bend, Stage } from '../../stage.ts';
import { leaveOut, otherBytes, set } from './steps/changes.ts';
import { checkRefused, checkTaken, checkTrusted, freshLink, upTo } from './steps/outcomes.ts';
import { type RunFault, refusedRuns } from './steps/refused-runs.ts';
import { revoke } from './steps/revoking.ts';

const { trust: code, federation } = errorCode;
const step = 'acknowledge';

type Certificate = NorcTrustCertificate;

interface CertificateFault {
  readonly id: string;
  readonly what: string;
  readonly bend: (stage: Stage, peer: Peer) => Bend<Certificate>;
  readonly resign?: false;
}

const condition = (deadline: number): JsonObject => ({
  condition_type: 'security_review',
  parameters: {},
  deadline,
  auto_action: 'notify',
});

/** T 4.2, by the one who is handed it. */
const reverseFaults: readonly CertificateFault[] = [
  {
    id: 'for-another-subject',
    what: 'names another subject',
    bend: (stage) => set({ subject_server: stage.domain('other') }),
  },
  {
    id: 'of-another-issuer',
    what: 'names another issuer',
    bend: (stage) => set({ issuer_server: stage.domain('other') }),
  },
  {
    id: 'for-another-key',
    what: 'certifies another key',
    bend: () => (certificate) => ({
      ...certificate,
      public_key: otherBytes(certificate.public_key),
    }),
  },
  {
    id: 'changed-after-signing',
    what: 'was changed after signing',
    bend: () => set({ renewable: false }),
    resign: false,
  },
  {
    id: 'that-has-expired',
    what: 'has expired',
    bend: () => (certificate) => ({
      ...certificate,
      not_before: certificate.not_before - 7200,
      not_after: certificate.not_before - 3600,
    }),
  },
  {
    id: 'of-tomorrow',
    what: 'is not valid yet',
    bend: () => (certificate) => ({
      ...certificate,
      not_before: certificate.not_before + 86_400,
    }),
  },
  {
    id: 'for-more-than-a-year',
    what: 'is valid for more than a year',
    bend: () => (certificate) => ({
      ...certificate,
      not_after: certificate.not_before + limits.trustAgeSeconds + 86_400,
    }),
  },
  {
    id: 'beyond-its-level',
    what: 'permits more than its level may',
    bend: () => (certificate) => ({
      ...certificate,
      permissions: [...certificate.permissions, 'archive_sync'],
    }),
  },
  {
    id: 'with-an-unknown-permission',
    what: 'permits something that nobody knows',
    bend: () => (certificate) => ({
      ...certificate,
      permissions: [...certificate.permissions, 'teleportation'],
    }),
  },
  {
    id: 'with-a-critical-extension',
    what: 'has a critical extension that nobody knows',
    bend: () => (certificate) =>
      ({
        ...certificate,
        extensions: [...certificate.extensions, { id: 'x-unknown', critical: true, value: 1 }],
      }) as JsonObject,
  },
  {
    id: 'with-an-overdue-condition',
    what: 'has a condition that is overdue',
    bend: () => (certificate) => ({
      ...certificate,
      conditions: [condition(certificate.not_before - 3600)],
    }),
  },
  {
    id: 'of-version-2',
    what: 'has another version than 1',
    bend: () => set({ version: 2 }),
  },
  {
    id: 'at-untrusted',
    what: 'is for the level untrusted',
    bend: () => set({ trust_level: 'untrusted', permissions: [] }),
  },
  {
    id: 'with-a-member-left-out',
    what: 'lacks a member',
    bend: () => leaveOut('renewable'),
  },
];

const reverse = reverseFaults.map(
  ({ id, what, bend, resign }): RunFault => ({
    id: `${id}-is-refused`,
    title: `A reverse certificate that ${what} is refused with 5811`,
    verifies: 'T-ACK-05',
    step,
    codes: [code.certificate, code.malformed],
    readings: ['L-T11', 'L-T14'],
    options: (stage, peer): TrustRunOptions => ({
      certificate: bend(stage, peer),
      ...(resign === false && { resign }),
    }),
  }),
);

const critical = defineCase({
  id: 'trust/reverse-certificates/an-unknown-extension-that-is-not-critical-is-let-through',
  title: 'A reverse certificate with an unknown extension that is not critical is taken',
  verifies: ['T-CERT-14'],
  behaviour: ['T-CERT-14'],
  readings: ['L-T14'],
  async run(stage) {
    const peer = await stage.peer();
    const run = peer.trustRun(await freshLink(peer), {
      certificate: (certificate) =>
        ({
          ...certificate,
          extensions: [...certificate.extensions, { id: 'x-unknown', critical: false, value: 1 }],
        }) as JsonObject,
    });
    const answer = await upTo(run, 'acknowledge');
    checkTaken(stage, 'T-CERT-14', answer, { step, what: 'the acknowledgment with it' });
    await checkTrusted(stage, 'T-CERT-14', peer, 'it');
  },
});

/** A second run of a server that is trusted already, with what its first one has handed over. */
export async function secondRun(
  stage: Stage,
  between: (peer: Peer, first: Established) => Promise<void>,
  bend: (first: NorcTrustCertificate) => JsonObject,
  { first: options = {}, second = {} }: { first?: TrustRunOptions; second?: TrustRunOptions } = {},
): Promise<Answer> {
  const peer = await stage.peer();
  const first = await peer.trustRun(await freshLink(peer), options).establish();
  await between(peer, first);
  const { reverse } = first;
  if (!reverse) throw new SuiteError('a mutual run without a reverse certificate');
  const certificate = () => bend(reverse);
  const run = peer.trustRun(await freshLink(peer), { ...second, certificate });
  return upTo(run, 'acknowledge');
}

const sameId = defineCase({
  id: 'trust/reverse-certificates/with-the-id-of-another-is-refused',
  title: 'A certificate under the id that another body of the same issuer has is refused: 5811',
  verifies: ['T-CERT-13'],
  behaviour: ['T-CERT-13'],
  async run(stage) {
    const other = set({ renewable: false });
    const answer = await secondRun(stage, async () => {}, other);
    const what = 'another certificate under the same id';
    checkRefused(stage, 'T-CERT-13', answer, { codes: [code.certificate], what });
  },
});

const revoked = defineCase({
  id: 'trust/reverse-certificates/that-was-revoked-is-refused',
  title: 'A certificate that its issuer has revoked cannot be handed over again: 5003',
  verifies: ['T-CERT-07'],
  behaviour: ['T-CERT-07'],
  async run(stage) {
    const between = async (peer: Peer, first: Established) => {
      await revoke(peer, first, set({ revocation_reason: 'superseded' }));
    };
    const answer = await secondRun(stage, between, (first) => ({ ...first }) as JsonObject);
    const what = 'the certificate that was revoked';
    checkRefused(stage, 'T-CERT-07', answer, { codes: [federation.trustRevoked], what });
  },
});

export const cases: readonly Case[] = [
  ...refusedRuns('reverse-certificates', reverse),
  critical,
  sameId,
  revoked,
];
