/**
 * T6: the requester closes the exchange (T 3.4, T-ACK); nothing is in force before it (T-ACK-02).
 */

import { type ErrorCode, errorCode } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { toSeconds } from '../../time.ts';
import { decodeCertificate, encodeCertificate, renewalDateOf } from '../certificate/certificate.ts';
import { certificateChecks } from '../certificate/validation.ts';
import { type Check, check } from '../check.ts';
import { fingerprintCheck } from '../evidence/post-quantum.ts';
import type { Scope } from '../scope.ts';
import type { RequesterRun, ResponderRun } from '../state.ts';
import { isSignedBy, sealed } from '../transcript.ts';

/** `reverse`: what we issue to the responder, when trust is mutual (L-T11). */
export function composeAcknowledgment(
  scope: Scope,
  run: Pick<RequesterRun, 'requestId' | 'transcript'>,
  certificate: NorcTrustCertificate,
  reverse: NorcTrustCertificate | null,
): TrustAcknowledgment {
  const starts = [certificate.not_before, ...(reverse ? [reverse.not_before] : [])];
  const body: Omit<TrustAcknowledgment, 'acknowledgment_signature'> = {
    type: 'trust_acknowledgment',
    request_id: run.requestId,
    acknowledging_server: scope.config.serverId,
    decision_accepted: true,
    mutual_trust_established: reverse !== null,
    ...(reverse && { trust_certificate: encodeCertificate(reverse) }),
    effective_date: Math.max(...starts),
    next_renewal_date: renewalDateOf(certificate),
  };
  return sealed(scope, body, 'acknowledgment_signature', run.transcript);
}

/** Machine trust-requester, row 7: an authentic decision that we cannot accept. */
export function composeRefusal(
  scope: Scope,
  run: Pick<RequesterRun, 'requestId' | 'transcript'>,
): TrustAcknowledgment {
  const now = toSeconds(scope.context.now);
  const body: Omit<TrustAcknowledgment, 'acknowledgment_signature'> = {
    type: 'trust_acknowledgment',
    request_id: run.requestId,
    acknowledging_server: scope.config.serverId,
    decision_accepted: false,
    mutual_trust_established: false,
    effective_date: now,
    next_renewal_date: now,
  };
  return sealed(scope, body, 'acknowledgment_signature', run.transcript);
}

/** The decision that waits for it: of an establishment or of a renewal. */
export interface Awaiting {
  readonly peer: string;
  readonly requestId: string;
  /** False once it is settled, or before it was made. */
  readonly isOpen: boolean;
  readonly key: PublicKey;
}

/** Whether it is authentic and awaited. */
export function acknowledgmentReceiptChecks(
  scope: Scope,
  acknowledgment: TrustAcknowledgment,
  { peer, requestId, isOpen, key }: Awaiting,
): readonly Check[] {
  return [
    check('X-ERR-07', errorCode.trust.unknownExchange, 'no decision waits for this', () => {
      return acknowledgment.request_id === requestId && isOpen;
    }),
    check('T-ACK-01', errorCode.trust.badSignature, 'the acknowledgment signature', () => {
      return (
        acknowledgment.acknowledging_server === peer &&
        isSignedBy(scope, key, acknowledgment, 'acknowledgment_signature')
      );
    }),
  ];
}

/** T-ACK-04: dates that the certificate can keep. */
export function datesCheck(
  { effective_date, next_renewal_date }: TrustAcknowledgment,
  issued: NorcTrustCertificate,
): Check {
  const code = errorCode.trust.certificate;
  return check('T-ACK-04', code, 'dates outside the validity of the certificate', () => {
    return effective_date >= issued.not_before && next_renewal_date < issued.not_after;
  });
}

/** What an acknowledgment that accepts must be, for trust to come into force. */
export function acceptanceChecks(
  scope: Scope,
  acknowledgment: TrustAcknowledgment,
  run: ResponderRun,
  issued: NorcTrustCertificate,
): readonly Check[] {
  const code = errorCode.trust.certificate;
  const { trust_certificate: blob } = acknowledgment;
  const needed = run.mutual && blob !== undefined;
  const fault = needed ? reverseFault(scope, blob, run) : null;
  return [
    datesCheck(acknowledgment, issued),
    check('T-DEC-08', code, 'the reverse certificate is missing', () => {
      return !run.mutual || (blob !== undefined && acknowledgment.mutual_trust_established);
    }),
    ...reverseFingerprintChecks(scope, blob, run),
    check('T-ACK-05', fault ?? code, 'the reverse certificate is not valid', () => !fault),
  ];
}

/** What cannot be read is refused as a whole, by T-ACK-05. */
function reverseFingerprintChecks(
  scope: Scope,
  blob: string | undefined,
  run: ResponderRun,
): readonly Check[] {
  const decoded = blob === undefined ? undefined : decodeCertificate(scope, blob);
  return decoded?.ok ? [fingerprintCheck(decoded.value, run.pqFingerprint)] : [];
}

/** The reverse certificate, if it passes every check that we would make of a decision's. */
export function readReverse(
  scope: Scope,
  blob: string,
  run: ResponderRun,
): NorcTrustCertificate | undefined {
  const decoded = decodeCertificate(scope, blob);
  return decoded.ok && reverseFault(scope, blob, run) === null ? decoded.value : undefined;
}

/**
 * The code of the first check that does not hold (T-CERT-09). The requirement that is broken is
 * T-ACK-05, whichever check it is.
 */
function reverseFault(scope: Scope, blob: string, run: ResponderRun): ErrorCode | null {
  const { certificate: invalid } = errorCode.trust;
  const decoded = decodeCertificate(scope, blob);
  if (!decoded.ok) return invalid;
  const certificate = decoded.value;
  const broken = certificateChecks(scope, certificate, {
    issuer: run.peer,
    issuerKey: run.request.server_public_key,
    subject: scope.config.serverId,
    subjectKey: scope.config.identity.publicKey,
    follows: null,
  }).find((one) => !one.holds());
  if (broken) return broken.code;
  const lasts = certificate.not_after - certificate.not_before;
  const isLawful = certificate.trust_level !== 'untrusted' && lasts <= run.maxAgeSeconds;
  return isLawful ? null : invalid;
}
