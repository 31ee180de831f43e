/**
 * The master's trust_revoke (M 5.3), accepted at 1.0 only: it names a server and means every
 * certificate issued to it that its sender may revoke (L-R01, L-R03). It names no sender, so only
 * the server that brings it can have said it, and it cannot be passed on; our list tells the rest.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import {
  type MasterTrustRevoke,
  masterRevocationReasons,
} from '../../../spec/messages/trust/master-forms.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { Hash } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { bytesOf } from '../../wire/base64url.ts';
import { uuidOf } from '../../wire/uuid.ts';
import { certificatesOf } from '../certificate/succession.ts';
import { type Check, check, firstBroken } from '../check.ts';
import { peerKeyOf } from '../peer-key.ts';
import { refuse } from '../refusal.ts';
import { revocationKey } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { asValue, isHardened, isSignedBy, noteTolerance, transcriptHash } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { cleanedUp, composeAcknowledgment } from './acknowledgment.ts';
import { recordWith, takeIn } from './intake.ts';
import { authorityChecks, recordOf } from './revocation.ts';

export function receiveServerRevocation(
  scope: Scope,
  message: MasterTrustRevoke,
  origin: TrustOrigin,
): void {
  const { peer } = origin;
  const hash = scope.context.crypto.hash(asValue(message));
  const issued = certificatesTo(scope, message.revoked_server);
  const own = issued.filter((one) => one.issuer_server === peer || one.subject_server === peer);
  const meant = own.map((certificate) => {
    return { certificate, revocation: translated(message, { by: peer, certificate, hash }) };
  });
  const broken = firstBroken(scope.context.must, [
    ...formChecks(scope, message, origin),
    check('T-REV-02', errorCode.trust.revocationNotAuthorized, 'it has no part in them', () => {
      return own.length > 0 || issued.length === 0;
    }),
    ...meant.flatMap(({ certificate, revocation }) => authorityChecks(revocation, certificate)),
  ]);
  if (broken) return refuse(scope, origin, broken);
  noteTolerance(scope, peer, message);
  const transcript = transcriptHash(scope, [asValue(message)]);
  for (const { certificate, revocation } of meant) {
    if (isKnown(scope, revocation, certificate.issuer_server)) continue; // T-REV-11
    const record = recordOf(scope, revocation, certificate);
    takeIn(scope, { ...record, hash, transcript }, certificate);
  }
  const cleanup = meant.length > 0 ? cleanedUp : [];
  acknowledge(scope, origin, { revocationId: idOf(hash), transcript, cleanup });
}

function formChecks(
  scope: Scope,
  message: MasterTrustRevoke,
  origin: TrustOrigin,
): readonly Check[] {
  const { state } = scope;
  return [
    check('T-REV-01', errorCode.trust.badSignature, 'the revocation signature', () => {
      return isSignedBy(scope, peerKeyOf(state, origin), message, 'signature');
    }),
    // A link that names no version must not bring back what 1.1 has done away with.
    check('X-AMC-17', errorCode.trust.malformed, "the master's form after 1.1", () => {
      return !isHardened(versionWith(state, origin.peer));
    }),
  ];
}

/** What we hold that was issued to the server, by us, or to us. */
function certificatesTo({ state }: Scope, server: string): readonly NorcTrustCertificate[] {
  const held = [...state.relations.values()].flatMap(certificatesOf);
  return held.filter(({ subject_server: subject }) => subject === server);
}

/** L-R01, L-R02: the same said of one certificate. */
function translated(
  message: MasterTrustRevoke,
  { by, certificate, hash }: { by: string; certificate: NorcTrustCertificate; hash: Hash },
): TrustRevoke {
  return {
    type: 'trust_revoke',
    revocation_id: idOf(hash),
    revoking_server: by,
    target_server: certificate.subject_server,
    trust_certificate_id: certificate.certificate_id,
    revocation_reason: reasonFor(message.reason),
    effective_date: message.effective_date,
    evidence: [],
    revocation_scope: 'full',
    partial_revocation_permissions: [],
    grace_period: 0,
    notification_recipients: [],
    revocation_signature: message.signature,
  };
}

function reasonFor(reason: string): string {
  const found = Object.entries(masterRevocationReasons).find(([name]) => name === reason);
  return found?.[1] ?? 'compromised_key';
}

/** It has no id, so its bytes give it one: a repeat is the same revocation (T-REV-11). */
function idOf(hash: Hash): string {
  return uuidOf(bytesOf(hash).subarray(0, 16));
}

function isKnown({ state }: Scope, revocation: TrustRevoke, issuer: string): boolean {
  const { trust_certificate_id: certificateId, revocation_id: id } = revocation;
  const records = state.revocations.get(revocationKey({ issuer, certificateId })) ?? [];
  return records.some(({ revocationId }) => revocationId === id);
}

interface Done {
  readonly revocationId: string;
  /** H(label ‖ the message): where the acknowledgment stands. */
  readonly transcript: Hash;
  readonly cleanup: readonly string[];
}

/** Effect has come first (T-REV-09). An operator's objection is told to a repeat as well. */
function acknowledge(
  scope: Scope,
  { exchange }: TrustOrigin,
  { revocationId, transcript: place, cleanup }: Done,
): void {
  if (exchange === null) return;
  const record = recordWith(scope.state, (one) => one.revocationId === revocationId);
  const { answered } = record ?? { answered: 'accepted' as const };
  const answer = composeAcknowledgment(scope, { revocationId, answered }, { place, cleanup });
  scope.link.answer(exchange, 200, answer, scope.context);
}
