/**
 * The end of an establishment on the responder's side (machine trust-responder, rows 8 and 9): the
 * acknowledgment brings trust into force, or the certificate is taken back.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustOrigin } from '../../ports.ts';
import { activate, refreshStanding } from '../certificate/activation.ts';
import { createGrant } from '../certificate/grant.ts';
import { firstBroken } from '../check.ts';
import { permittedBy } from '../policy.ts';
import { refuse } from '../refusal.ts';
import { revokeCertificate } from '../revocation/revoker.ts';
import { keepPace } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { paceOf, type ResponderRun } from '../state.ts';
import { asValue, noteTolerance, placeChecks } from '../transcript.ts';
import { rememberVersion } from '../versions.ts';
import { acceptanceChecks, acknowledgmentReceiptChecks, readReverse } from './acknowledgment.ts';
import { endResponder } from './responder-run.ts';

export function receiveAcknowledgment(
  scope: Scope,
  acknowledgment: TrustAcknowledgment,
  origin: TrustOrigin,
): void {
  const { must, crypto } = scope.context;
  const { peer } = origin;
  // A repeat of the one that has closed the exchange is answered as before.
  const hash = crypto.hash(asValue(acknowledgment));
  if (paceOf(scope.state, peer).settled === hash) return answerEmpty(scope, origin);

  const run = scope.state.judged.get(peer);
  if (!run) {
    must('X-ERR-07', false);
    const code = errorCode.trust.unknownExchange;
    const detail = 'no decision waits for this';
    return refuse(
      scope,
      origin,
      { requirement: 'X-ERR-07', code, detail },
      acknowledgment.request_id,
    );
  }
  const early = firstBroken(must, [
    ...acknowledgmentReceiptChecks(scope, acknowledgment, {
      peer,
      requestId: run.request.request_id,
      isOpen: run.phase === 'decision_sent',
      key: run.request.server_public_key,
    }),
    ...placeChecks(scope, acknowledgment, run.transcript, run.version),
  ]);
  if (early) return refuse(scope, origin, early, acknowledgment.request_id);
  noteTolerance(scope, peer, acknowledgment);
  const { certificate: issued } = run;
  if (!issued) return answerEmpty(scope, origin);

  if (!acknowledgment.decision_accepted) {
    answerEmpty(scope, origin);
    return takeBack(scope, run, 'the requester refused the decision');
  }
  const broken = firstBroken(must, acceptanceChecks(scope, acknowledgment, run, issued));
  if (broken) {
    refuse(scope, origin, broken, acknowledgment.request_id);
    return takeBack(scope, run, broken.detail);
  }
  paceOf(scope.state, peer).settled = hash;
  keepPace(scope, peer);
  establish(scope, run, acknowledgment);
  answerEmpty(scope, origin);
}

function establish(scope: Scope, run: ResponderRun, acknowledgment: TrustAcknowledgment): void {
  const { certificate: issued, decision, peer, mutual } = run;
  if (!issued || !decision) return;
  const { trust_certificate: blob, effective_date: activeFromSeconds } = acknowledgment;
  const reverse = mutual && blob !== undefined ? readReverse(scope, blob, run) : undefined;
  endResponder(scope, run);
  rememberVersion(scope, 'trust', peer, run.version);
  const terms = {
    activeFromSeconds,
    mutual,
    maxAgeSeconds: run.maxAgeSeconds,
    method: run.request.trust_method,
  };
  const isStored = activate(scope, peer, {
    peerKey: run.request.server_public_key,
    inbound: createGrant(issued, permittedBy(decision.federation_permissions), {
      ...terms,
      scoreTenths: Math.round(decision.trust_metadata.trust_score * 10),
    }),
    outbound: reverse ? createGrant(reverse, reverse.permissions, terms) : null,
  });
  if (!isStored) return takeBack(scope, run, 'a certificate was not stored');
  refreshStanding(scope, peer);
}

/** Row 9, T-ACK-03: nobody holds a certificate that nobody acknowledged. */
export function takeBack(scope: Scope, run: ResponderRun, why: string): void {
  const { certificate, peer } = run;
  endResponder(scope, run);
  if (!certificate) return;
  const detail = `the certificate is taken back: ${why}`;
  scope.context.emit({ type: 'log', entry: { event: 'noted', detail, peer } });
  const order = { reason: 'voluntary', scope: 'full', permissions: [], gracePeriodSeconds: 0 };
  revokeCertificate(scope, peer, certificate, order);
}

function answerEmpty(scope: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) scope.link.answer(exchange, 204, null, scope.context);
}
