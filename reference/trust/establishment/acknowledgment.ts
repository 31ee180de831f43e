/**
 * T6: the requester closes the exchange (T 3.4, T-ACK); nothing is in force before it (T-ACK-02).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import { toSeconds } from '../../time.ts';
import { decodeCertificate, encodeCertificate, renewalDateOf } from '../certificate/certificate.ts';
import { certificateChecks } from '../certificate/validation.ts';
import { type Check, check } from '../check.ts';
import type { Scope } from '../scope.ts';
import type { RequesterRun, ResponderRun } from '../state.ts';
import { isSignedBy, sealed } from '../transcript.ts';

/** `reverse`: what we issue to the responder, when trust is mutual (L-T11). */
export function composeAcknowledgment(
  scope: Scope,
  run: RequesterRun,
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
export function composeRefusal(scope: Scope, run: RequesterRun): TrustAcknowledgment {
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

/** Whether it is authentic and awaited. */
export function acknowledgmentReceiptChecks(
  scope: Scope,
  acknowledgment: TrustAcknowledgment,
  run: ResponderRun,
): readonly Check[] {
  return [
    check('X-ERR-07', errorCode.trust.unknownExchange, 'no decision waits for this', () => {
      const isNamed = acknowledgment.request_id === run.request.request_id;
      return isNamed && run.phase === 'decision_sent';
    }),
    check('T-ACK-01', errorCode.trust.badSignature, 'the acknowledgment signature', () => {
      return (
        acknowledgment.acknowledging_server === run.peer &&
        isSignedBy(scope, run.request.server_public_key, acknowledgment, 'acknowledgment_signature')
      );
    }),
  ];
}

/** What an acknowledgment that accepts must be, for trust to come into force. */
export function acceptanceChecks(
  scope: Scope,
  acknowledgment: TrustAcknowledgment,
  run: ResponderRun,
  issued: NorcTrustCertificate,
): readonly Check[] {
  const code = errorCode.trust.certificate;
  const { effective_date, next_renewal_date, trust_certificate: blob } = acknowledgment;
  return [
    check('T-ACK-04', code, 'dates outside the validity of the certificate', () => {
      return effective_date >= issued.not_before && next_renewal_date < issued.not_after;
    }),
    check('T-DEC-08', code, 'the reverse certificate is missing', () => {
      return !run.mutual || (blob !== undefined && acknowledgment.mutual_trust_established);
    }),
    check('T-ACK-05', code, 'the reverse certificate is not valid', () => {
      return !run.mutual || blob === undefined || readReverse(scope, blob, run) !== undefined;
    }),
  ];
}

/**
 * The reverse certificate, if it passes every check that we would make of a decision's. Judged as a
 * whole: the requirement that it breaks is T-ACK-05, whichever check it is.
 */
export function readReverse(
  scope: Scope,
  blob: string,
  run: ResponderRun,
): NorcTrustCertificate | undefined {
  const decoded = decodeCertificate(scope, blob);
  if (!decoded.ok) return undefined;
  const certificate = decoded.value;
  const holds = certificateChecks(scope, certificate, {
    issuer: run.peer,
    issuerKey: run.request.server_public_key,
    subject: scope.config.serverId,
    subjectKey: scope.config.identity.publicKey,
  }).every((one) => one.holds());
  const lasts = certificate.not_after - certificate.not_before;
  const isLawful = certificate.trust_level !== 'untrusted' && lasts <= run.maxAgeSeconds;
  return holds && isLawful ? certificate : undefined;
}
