/** T5: the verdict of the responder (T 3.4, T-DEC), written and judged. */

import { errorCode } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { Hash, JsonObject, PublicKey } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { decodeCertificate, limitsOf } from '../certificate/certificate.ts';
import { decisionFormOf } from '../certificate/conditions.ts';
import { certificateChecks } from '../certificate/validation.ts';
import { type Check, check, firstBroken, type Refusal } from '../check.ts';
import { fingerprintCheck } from '../evidence/post-quantum.ts';
import { permissionMap, rankOf } from '../policy.ts';
import type { Scope } from '../scope.ts';
import type { RequesterRun } from '../state.ts';
import { isSignedBy, sealed } from '../transcript.ts';
import { bundleHolds, bundleOf } from './bundle.ts';

export type Performed = TrustDecision['trust_metadata']['validation_evidence'];

/** The exchange that a decision closes: an establishment, or a renewal (L-R10). */
export interface Decided {
  readonly peer: string;
  readonly requestId: string;
  readonly mutual: boolean;
  readonly transcript: readonly JsonObject[];
}

export interface Findings {
  readonly scoreTenths: number;
  readonly performed: Performed;
}

export function composeAcceptance(
  scope: Scope,
  decided: Decided,
  certificate: NorcTrustCertificate,
  found: Findings,
): TrustDecision {
  const { config } = scope;
  const { conditions } = certificate;
  const body: Omit<TrustDecision, 'decision_signature'> = {
    type: 'trust_decision',
    request_id: decided.requestId,
    decision_server: config.serverId,
    target_server: decided.peer,
    // L-T10: in force now, as long as its deadlines are kept.
    decision: conditions.length > 0 ? 'conditional' : 'accept',
    granted_trust_level: certificate.trust_level,
    trust_conditions: conditions.map(decisionFormOf),
    trust_metadata: {
      established_at: certificate.not_before,
      expires_at: certificate.not_after,
      renewable: certificate.renewable,
      revocable: certificate.revocable,
      trust_score: found.scoreTenths / 10,
      validation_evidence: found.performed,
    },
    federation_permissions: permissionMap(certificate.permissions, limitsOf(certificate)),
    mutual_trust_required: decided.mutual,
    certificate_bundle: bundleOf(scope, certificate),
  };
  return sealed(scope, body, 'decision_signature', decided.transcript);
}

/** T-DEC-01, L-T10: every member is there and says nothing. */
export function composeRejection(
  scope: Scope,
  target: { readonly peer: string; readonly requestId: string; readonly scoreTenths: number },
  earlier: readonly JsonObject[],
): TrustDecision {
  const now = toSeconds(scope.context.now);
  const body: Omit<TrustDecision, 'decision_signature'> = {
    type: 'trust_decision',
    request_id: target.requestId,
    decision_server: scope.config.serverId,
    target_server: target.peer,
    decision: 'reject',
    granted_trust_level: 'untrusted',
    trust_conditions: [],
    trust_metadata: {
      established_at: now,
      expires_at: now,
      renewable: false,
      revocable: false,
      trust_score: target.scoreTenths / 10,
      validation_evidence: [],
    },
    federation_permissions: permissionMap([], {
      maxMessageBytes: 0,
      messagesPerSecond: 0,
      bandwidthMbps: 0,
    }),
    mutual_trust_required: false,
    certificate_bundle: [],
  };
  return sealed(scope, body, 'decision_signature', earlier);
}

/** Whether the decision is authentic and awaited. The signature comes first: it leaks nothing. */
export function decisionSignatureCheck(
  scope: Scope,
  decision: TrustDecision,
  origin: TrustOrigin,
  key: PublicKey | null,
): readonly Check[] {
  return [
    check('T-DEC-03', errorCode.trust.badSignature, 'the decision signature', () => {
      const isNamed = decision.decision_server === origin.peer;
      return isNamed && isSignedBy(scope, key, decision, 'decision_signature');
    }),
  ];
}

/** T-DEC-10: nothing that was not asked for, and nothing that comes too late, has any effect. */
export function isAwaited(
  scope: Scope,
  decision: TrustDecision,
  run: RequesterRun | undefined,
): boolean {
  if (run === undefined) return false;
  const isOpen = run.phase === 'requested' || run.phase === 'responded';
  const isOurs =
    decision.request_id === run.requestId && decision.target_server === scope.config.serverId;
  return isOpen && isOurs && scope.context.now < run.deadline;
}

export type GrantOutcome =
  | { readonly ok: true; readonly certificate: NorcTrustCertificate }
  | { readonly ok: false; readonly refusal: Refusal };

/** What we have asked for, and what a certificate about it must keep to. */
export interface Asked {
  readonly peer: string;
  readonly level: string;
  /** Smaller of both sides' max_trust_age (L-T30). */
  readonly maxAgeSeconds: number;
  /** The certificate that is to be renewed; null in an establishment. */
  readonly follows: NorcTrustCertificate | null;
  /** The only one that the certificate may state (X-PQ-06). */
  readonly pqFingerprint: Hash | null;
}

/**
 * Everything that a decision to grant must be (machine trust-requester, row 6; machine renewal,
 * row 2). Authentic and awaited already.
 */
export function judgeGrant(
  scope: Scope,
  decision: TrustDecision,
  asked: Asked,
  issuerKey: PublicKey,
): GrantOutcome {
  const { must } = scope.context;
  const early = firstBroken(must, termsChecks(decision, asked));
  if (early) return { ok: false, refusal: early };
  const [blob = ''] = decision.certificate_bundle;
  const decoded = decodeCertificate(scope, blob);
  if (!decoded.ok) {
    const { requirement, detail } = decoded.error;
    return { ok: false, refusal: { requirement, detail, code: errorCode.trust.certificate } };
  }
  const certificate = decoded.value;
  const broken = firstBroken(must, [
    ...certificateChecks(scope, certificate, {
      issuer: asked.peer,
      issuerKey,
      subject: scope.config.serverId,
      subjectKey: scope.config.identity.publicKey,
      follows: asked.follows,
    }),
    ...agreementChecks(decision, asked, certificate),
    fingerprintCheck(certificate, asked.pqFingerprint),
    check('T-DEC-09', errorCode.trust.certificate, 'the bundle does not verify', () => {
      return bundleHolds(scope, decision, issuerKey);
    }),
  ]);
  return broken ? { ok: false, refusal: broken } : { ok: true, certificate };
}

/** What the decision says by itself. */
function termsChecks(decision: TrustDecision, asked: Asked): readonly Check[] {
  const { certificate } = errorCode.trust;
  const granted = decision.granted_trust_level;
  return [
    check('T-LVL-02', certificate, 'untrusted was granted', () => granted !== 'untrusted'),
    check('T-DEC-02', certificate, 'more was granted than was asked', () => {
      return rankOf(granted) <= rankOf(asked.level);
    }),
    check('T-DEC-06', certificate, 'conditional without a condition that has a deadline', () => {
      const dated = decision.trust_conditions.some(({ deadline }) => deadline !== undefined);
      return decision.decision !== 'conditional' || dated;
    }),
  ];
}

/** What decision and certificate must say alike, and how long it may last. */
export function agreementChecks(
  decision: TrustDecision,
  asked: Asked,
  certificate: NorcTrustCertificate,
): readonly Check[] {
  const code = errorCode.trust.certificate;
  const { trust_metadata: metadata, federation_permissions: map } = decision;
  const { follows } = asked;
  return [
    check('T-DEC-05', code, 'map and certificate differ', () => {
      const expected = permissionMap(certificate.permissions, limitsOf(certificate));
      return sameMap(map, expected);
    }),
    check('T-DEC-11', code, 'metadata and certificate differ', () => {
      return (
        metadata.established_at === certificate.not_before &&
        metadata.expires_at === certificate.not_after &&
        metadata.renewable === certificate.renewable &&
        metadata.revocable === certificate.revocable &&
        decision.granted_trust_level === certificate.trust_level
      );
    }),
    check('T-DEC-04', code, 'valid for longer than either side allows', () => {
      return certificate.not_after - certificate.not_before <= asked.maxAgeSeconds;
    }),
    check('T-REN-03', code, 'begins after the old certificate ends', () => {
      return follows === null || certificate.not_before <= follows.not_after;
    }),
  ];
}

function sameMap(
  a: ReturnType<typeof permissionMap>,
  b: ReturnType<typeof permissionMap>,
): boolean {
  const { rate_limits: ratesA, ...restA } = a;
  const { rate_limits: ratesB, ...restB } = b;
  const names = Object.keys(restB) as (keyof typeof restB)[];
  return (
    names.every((name) => restA[name] === restB[name]) &&
    ratesA.messages_per_second === ratesB.messages_per_second &&
    ratesA.bandwidth_mbps === ratesB.bandwidth_mbps
  );
}

/** T-DEC-01: a rejection that carries anything is no rejection that we could have agreed with. */
export function isEmptyRejection(decision: TrustDecision): boolean {
  const { federation_permissions: map, certificate_bundle: bundle } = decision;
  return bundle.length === 0 && !Object.values(map).includes(true);
}
