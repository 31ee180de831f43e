/** Certificates that a server of ours hands the subject in a decision, each with one fault (T-CERT; T 4.2). */
import type { JsonObject } from '../../../../reference/crypto/crypto.ts';
import { bytesOf, encodeBase64url } from '../../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../../reference/wire/canonical.ts';
import type { NorcTrustCertificate } from '../../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../../spec/messages/trust/trust-decision.ts';
import type { AnswerBends } from '../../actors/peer.ts';
import type { Case } from '../../case.ts';
import type { Bend } from '../../stage.ts';
import { leaveOut, otherBytes, set } from './steps/changes.ts';
import { type DecisionFault, notAccepted } from './steps/not-accepted.ts';

type Decision = Bend<TrustDecision>;

const asJson = (message: object): JsonObject => message as JsonObject;

type Certificate = NorcTrustCertificate;

const bending = (certificate: (honest: Certificate) => object): AnswerBends => ({
  certificate: (honest) => asJson(certificate(honest)),
});

const extended = (extension: object) =>
  bending((honest) => ({ ...honest, extensions: [...honest.extensions, extension] }));

const certificates: readonly DecisionFault[] = [
  ...(['renewable', 'public_key', 'not_after', 'extensions', 'certificate_id'] as const).map(
    (member): DecisionFault => ({
      id: `without-${member.replace('_', '-')}-in-the-certificate`,
      title: `A certificate without ${member} is not accepted`,
      verifies: 'T-CERT-01',
      readings: ['L-T14'],
      bends: () => ({ certificate: leaveOut(member) }),
    }),
  ),
  {
    id: 'with-a-certificate-of-version-2',
    title: 'A certificate of another version than 1 is not accepted',
    verifies: 'T-CERT-01',
    readings: ['L-T14'],
    bends: () => ({ certificate: set({ version: 2 }) }),
  },
  {
    id: 'with-a-certificate-that-another-key-has-signed',
    title: 'A certificate signed by another key than that of the peer is not accepted',
    verifies: 'T-CERT-02',
    bends: () => ({
      decision: rewritten((certificate) => ({
        ...certificate,
        signature: otherBytes(certificate.signature),
      })),
    }),
  },
  {
    id: 'with-a-certificate-that-has-expired',
    title: 'A certificate that has expired is not accepted',
    verifies: 'T-CERT-03',
    bends: () =>
      bending((honest) => ({
        ...honest,
        not_before: honest.not_before - 7200,
        not_after: honest.not_before - 3600,
      })),
  },
  {
    id: 'with-a-certificate-of-tomorrow',
    title: 'A certificate that is not valid yet is not accepted',
    verifies: 'T-CERT-03',
    bends: () => bending((honest) => ({ ...honest, not_before: honest.not_before + 86_400 })),
  },
  {
    id: 'with-a-certificate-of-another-issuer',
    title: 'A certificate that another server is to have issued is not accepted',
    verifies: 'T-CERT-04',
    bends: (stage) => ({ certificate: set({ issuer_server: stage.domain('other') }) }),
  },
  {
    id: 'with-a-certificate-for-another-subject',
    title: 'A certificate for another server is not accepted',
    verifies: 'T-CERT-04',
    bends: (stage) => ({ certificate: set({ subject_server: stage.domain('other') }) }),
  },
  {
    id: 'with-a-certificate-for-another-key',
    title: 'A certificate for another key than that of the subject is not accepted',
    verifies: 'T-CERT-04',
    bends: ({ subject }) => ({ certificate: set({ public_key: otherBytes(subject.publicKey) }) }),
  },
  {
    id: 'with-a-certificate-beyond-its-level',
    title: 'A certificate that permits more than its level may is not accepted',
    verifies: 'T-CERT-05',
    readings: ['L-T20'],
    bends: () =>
      bending((honest) => ({ ...honest, permissions: [...honest.permissions, 'archive_sync'] })),
  },
  {
    id: 'with-an-unknown-permission',
    title: 'A certificate that permits something nobody knows is not accepted',
    verifies: 'T-CERT-05',
    bends: () =>
      bending((honest) => ({ ...honest, permissions: [...honest.permissions, 'teleportation'] })),
  },
  {
    id: 'with-a-permission-twice',
    title: 'A certificate that names a permission twice is not accepted',
    verifies: 'T-CERT-05',
    bends: () =>
      bending((honest) => ({
        ...honest,
        permissions: [...honest.permissions, ...honest.permissions.slice(0, 1)],
      })),
  },
  {
    id: 'with-an-overdue-condition',
    title: 'A certificate with a condition that is overdue is not accepted',
    verifies: 'T-CERT-06',
    bends: () =>
      bending((honest) => ({ ...honest, conditions: [conditionBy(honest.not_before - 3600)] })),
  },
  {
    id: 'with-a-condition-of-an-unknown-kind',
    title: 'A certificate with a condition that nobody knows is not accepted',
    verifies: 'T-CERT-06',
    bends: () =>
      bending((honest) => ({
        ...honest,
        conditions: [{ ...conditionBy(honest.not_after - 1), condition_type: 'moon_phase' }],
      })),
  },
  {
    id: 'with-a-critical-extension',
    title: 'A certificate with a critical extension that nobody knows is not accepted',
    verifies: 'T-CERT-14',
    readings: ['L-T14'],
    bends: () => extended({ id: 'x-unknown', critical: true, value: 1 }),
  },
];

const conditionBy = (deadline: number): JsonObject => ({
  condition_type: 'security_review',
  parameters: {},
  deadline,
  auto_action: 'notify',
});

/** The certificate in the bundle changed as it travels; only its own signature could tell. */
function rewritten(change: (certificate: Certificate) => object): Decision {
  return (decision) => {
    const [blob = '', ...rest] = decision.certificate_bundle;
    const text = new TextDecoder().decode(bytesOf(blob));
    const changed = canonicalBytes(asJson(change(JSON.parse(text))));
    return { ...decision, certificate_bundle: [encodeBase64url(changed), ...rest] };
  };
}

export const cases: readonly Case[] = notAccepted('bad-certificates', certificates);
