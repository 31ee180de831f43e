/**
 * The issuer's decision on a renewal and its end (machine renewal, rows 2 and 3; L-R10). The old
 * certificate is in force until the acknowledgment has come, and beside the new one for the overlap.
 */

import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { JsonObject, PublicKey } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds, toSeconds } from '../../time.ts';
import { denied } from '../audit.ts';
import { refreshStanding, succeed } from '../certificate/activation.ts';
import { issueCertificate } from '../certificate/certificate.ts';
import { recordOf } from '../certificate/conditions.ts';
import { createGrant } from '../certificate/grant.ts';
import { grantOf, isEnding, phaseOf, standingOf } from '../certificate/relationship.ts';
import { succeeding } from '../certificate/succession.ts';
import { check, firstBroken } from '../check.ts';
import { acknowledgmentReceiptChecks, datesCheck } from '../establishment/acknowledgment.ts';
import { composeAcceptance, composeRejection, type Findings } from '../establishment/decision.ts';
import { statedFingerprint } from '../evidence/post-quantum.ts';
import { isLevel, offeredLevels, permittedBy } from '../policy.ts';
import { logRefusal, refuse } from '../refusal.ts';
import { revokeCertificate } from '../revocation/revoker.ts';
import { keepRenewed } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { Condition, Grant, Renewed } from '../state.ts';
import { asValue, placeChecks } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { termsOf } from './renewal.ts';

export interface Granting extends Findings {
  /** T18, and the challenge with its response where there was one. */
  readonly transcript: readonly JsonObject[];
  readonly subjectKey: PublicKey;
}

/** Row 2, or row 3 where policy has changed its mind about the level. The answer to T18. */
export function grantRenewal(
  scope: Scope,
  peer: string,
  renewal: TrustRenewal,
  granting: Granting,
): TrustDecision {
  const grant = grantOf(scope.state, peer, 'inbound', scope.context.now);
  const { requested_trust_level: level, renewal_id: requestId } = renewal;
  const offered = offeredLevels(scope.config.policy.trust).some((name) => name === level);
  if (!grant || !isLevel(level) || !scope.context.must('T-CAP-03', offered)) {
    return denyRenewal(scope, peer, renewal, granting);
  }
  const certificate = issueSuccessor(scope, peer, renewal, grant, granting);
  const { transcript } = granting;
  const decided = { peer, requestId, mutual: false, transcript };
  const decision = composeAcceptance(scope, decided, certificate, granting);
  remember(scope, peer, renewal, granting, decision, certificate);
  setRenewedTimer(scope, peer);
  return decision;
}

/** Row 3: the old certificate runs to its end. */
function denyRenewal(
  scope: Scope,
  peer: string,
  renewal: TrustRenewal,
  granting: Granting,
): TrustDecision {
  const detail = 'policy does not admit the level any more';
  const refusal = { requirement: 'T-CAP-03', code: errorCode.trust.renewalDenied, detail } as const;
  logRefusal(scope, peer, refusal);
  denied(scope, peer, refusal);
  const { scoreTenths, transcript } = granting;
  const about = { peer, requestId: renewal.renewal_id, scoreTenths };
  const decision = composeRejection(scope, about, transcript);
  remember(scope, peer, renewal, granting, decision, null);
  return decision;
}

function issueSuccessor(
  scope: Scope,
  peer: string,
  renewal: TrustRenewal,
  grant: Grant,
  { subjectKey }: Granting,
): NorcTrustCertificate {
  const { state, context, config } = scope;
  const { permissions: held } = standingOf(state, peer, 'inbound', context.now);
  const { requested_trust_level: level } = renewal;
  return issueCertificate(scope, {
    subject: peer,
    subjectKey,
    level: isLevel(level) ? level : grant.level,
    // The old one is in force meanwhile, so no allowance for clocks is needed.
    notBeforeSeconds: toSeconds(context.now),
    ageSeconds: Math.min(config.policy.trust.certificateSeconds, grant.maxAgeSeconds),
    ...termsOf(renewal, grant, held),
    conditions: grant.conditions.filter(outlives).flatMap(recordOf),
    pqFingerprint: statedFingerprint(grant.certificate),
  });
}

/** Renewing meets a condition that asks for it, and no other. */
function outlives({ type }: Condition): boolean {
  return type !== 'certificate_renewal';
}

function remember(
  scope: Scope,
  peer: string,
  renewal: TrustRenewal,
  { transcript, subjectKey, scoreTenths }: Granting,
  decision: TrustDecision,
  certificate: NorcTrustCertificate | null,
): void {
  const renewed: Renewed = {
    peer,
    renewalId: renewal.renewal_id,
    hash: scope.context.crypto.hash(asValue(renewal)),
    decision,
    transcript: [...transcript, asValue(decision)],
    certificate,
    baseId: renewal.existing_certificate_id,
    subjectKey,
    scoreTenths,
    closedBy: null,
  };
  scope.state.renewed.set(peer, renewed);
  // Durable before it leaves: the acknowledgment may find another process.
  keepRenewed(scope, peer, renewed);
}

function setRenewedTimer(scope: Scope, peer: string): void {
  const at = scope.context.now + seconds(limits.trustAcknowledgmentSeconds);
  scope.context.emit({ type: 'set-timer', timer: `trust/renewed/${peer}`, at });
}

// --- acknowledgment ------------------------------------------------------------------------------

/** Whether an acknowledgment is about a renewal of the peer's. */
export function isOfRenewal(scope: Scope, peer: string, requestId: string): boolean {
  return scope.state.renewed.get(peer)?.renewalId === requestId;
}

/** T6 of a renewal: the successor comes into force. */
export function receiveRenewalAcknowledgment(
  scope: Scope,
  acknowledgment: TrustAcknowledgment,
  origin: TrustOrigin,
): void {
  const { must, crypto } = scope.context;
  const { peer } = origin;
  const renewed = scope.state.renewed.get(peer);
  if (!renewed) return;
  const hash = crypto.hash(asValue(acknowledgment));
  if (renewed.closedBy === hash) return answerEmpty(scope, origin);
  const { renewalId: requestId, subjectKey: key, certificate } = renewed;
  const awaiting = { peer, requestId, isOpen: certificate !== null, key };
  const version = versionWith(scope.state, peer);
  const early = firstBroken(must, [
    ...acknowledgmentReceiptChecks(scope, acknowledgment, awaiting),
    ...placeChecks(scope, acknowledgment, renewed.transcript, version),
  ]);
  if (early) return refuse(scope, origin, early, requestId);
  if (!certificate) return;
  if (!acknowledgment.decision_accepted) {
    takeBackRenewal(scope, renewed, 'the subject refused the decision');
    return answerEmpty(scope, origin);
  }
  const broken = firstBroken(must, closingChecks(scope, acknowledgment, renewed, certificate));
  if (broken) {
    refuse(scope, origin, broken, requestId);
    return takeBackRenewal(scope, renewed, broken.detail);
  }
  renewed.certificate = null;
  renewed.closedBy = hash;
  supersede(scope, renewed, certificate, acknowledgment.effective_date);
  keepRenewed(scope, peer, renewed);
  answerEmpty(scope, origin);
}

function closingChecks(
  scope: Scope,
  acknowledgment: TrustAcknowledgment,
  { peer, baseId }: Renewed,
  successor: NorcTrustCertificate,
) {
  const { state, context } = scope;
  const { now } = context;
  const base = grantOf(state, peer, 'inbound', now);
  const { renewalDenied, certificate } = errorCode.trust;
  return [
    datesCheck(acknowledgment, successor),
    // Machine renewal, row 4: what was revoked meanwhile is not renewed.
    check('T-REN-02', errorCode.federation.trustRevoked, 'revoked meanwhile', () => {
      return base !== null && phaseOf(state, base, 'inbound', now) !== 'revoked';
    }),
    check('T-REV-08', renewalDenied, 'a revocation is under way', () => {
      return !isEnding(state, peer, now);
    }),
    check('T-REN-01', certificate, 'another certificate has come in between', () => {
      return base?.certificate.certificate_id === baseId;
    }),
  ];
}

function supersede(
  scope: Scope,
  { peer, decision, subjectKey, scoreTenths }: Renewed,
  certificate: NorcTrustCertificate,
  activeFromSeconds: number,
): void {
  const old = grantOf(scope.state, peer, 'inbound', scope.context.now);
  if (!old) return;
  const { mutual, maxAgeSeconds, method } = old;
  const terms = { activeFromSeconds, mutual, maxAgeSeconds, method, scoreTenths };
  const mapped = permittedBy(decision.federation_permissions);
  const inbound = succeeding(createGrant(certificate, mapped, terms), old);
  succeed(scope, peer, { direction: 'inbound', grant: inbound, peerKey: subjectKey });
  refreshStanding(scope, peer);
}

/** T-ACK-03: nobody holds a certificate that nobody acknowledged. The old one is not touched. */
export function takeBackRenewal(scope: Scope, renewed: Renewed, why: string): void {
  const { peer, certificate } = renewed;
  scope.context.emit({ type: 'cancel-timer', timer: `trust/renewed/${peer}` });
  if (!certificate) return;
  renewed.certificate = null;
  keepRenewed(scope, peer, renewed);
  const detail = `the successor is taken back: ${why}`;
  scope.context.emit({ type: 'log', entry: { event: 'noted', detail, peer } });
  const order = { reason: 'voluntary', scope: 'full', permissions: [], gracePeriodSeconds: 0 };
  revokeCertificate(scope, peer, certificate, order);
}

export function renewedTimerFired(scope: Scope, peer: string): void {
  const renewed = scope.state.renewed.get(peer);
  if (renewed) takeBackRenewal(scope, renewed, 'not acknowledged');
}

/** After a restart the subject has as long again to acknowledge. */
export function resumeRenewed(scope: Scope): void {
  for (const { peer, certificate } of scope.state.renewed.values()) {
    if (certificate) setRenewedTimer(scope, peer);
  }
}

function answerEmpty(scope: Scope, { exchange }: TrustOrigin): void {
  if (exchange !== null) scope.link.answer(exchange, 204, null, scope.context);
}
