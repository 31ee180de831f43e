/** T9: a revocation (T 5.1, profile 2.7), written and judged. */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import { revocationReasons } from '../../../spec/messages/trust/enumerations.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { Must } from '../../assert.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import { toSeconds } from '../../time.ts';
import { type Check, check } from '../check.ts';
import { freshUuid } from '../identifiers.ts';
import type { Scope } from '../scope.ts';
import {
  asValue,
  isHardened,
  isSignedBy,
  placeChecks,
  sealed,
  transcriptHash,
} from '../transcript.ts';
import type { RevocationChain, RevocationRecord } from './revocation-record.ts';

export interface RevocationOrder {
  readonly reason: string;
  readonly scope: string;
  readonly permissions: readonly string[];
  readonly gracePeriodSeconds: number;
}

/** Grace is for these only (L-R04); an unknown reason counts as a compromised key (L-R02). */
const gentleReasons: readonly string[] = ['voluntary', 'superseded', 'expired'];
/** What a subject may say of its own certificate (L-R03). */
const subjectReasons: readonly string[] = ['voluntary', 'compromised_key'];

export function composeRevocation(
  scope: Scope,
  certificate: NorcTrustCertificate,
  order: RevocationOrder,
  chain: Pick<RevocationChain, 'sequence' | 'hash'>,
): TrustRevoke {
  const { config, context } = scope;
  const now = toSeconds(context.now);
  const body: Omit<TrustRevoke, 'revocation_signature'> = {
    type: 'trust_revoke',
    revocation_id: freshUuid(context),
    revoking_server: config.serverId,
    target_server: certificate.subject_server,
    trust_certificate_id: certificate.certificate_id,
    revocation_reason: order.reason,
    effective_date: now,
    evidence: [],
    revocation_scope: scopeOf(order.scope),
    partial_revocation_permissions: order.scope === 'partial' ? [...order.permissions] : [],
    grace_period: order.gracePeriodSeconds,
    notification_recipients: [],
    issued_at: now,
    revocation_sequence: chain.sequence + 1,
    prev_revocation_hash: chain.hash,
  };
  return sealed(scope, body, 'revocation_signature', []);
}

/** An operator's word that we do not know means the widest. */
function scopeOf(name: string): TrustRevoke['revocation_scope'] {
  return name === 'partial' || name === 'conditional' ? name : 'full';
}

export function reasonOf(name: string): string {
  return (revocationReasons as readonly string[]).includes(name) ? name : 'compromised_key';
}

/** What is being revoked, as far as we know it. */
export interface Revoked {
  readonly certificate: NorcTrustCertificate | undefined;
  /** Key bound to `revoking_server`. */
  readonly key: PublicKey | null;
  /** Same id, come before (T-REV-11). */
  readonly known: RevocationRecord | undefined;
  readonly version: string;
}

export function revocationChecks(
  scope: Scope,
  message: TrustRevoke,
  { certificate, key, known, version }: Revoked,
): readonly Check[] {
  const { badSignature, malformed, conflictingDuplicate } = errorCode.trust;
  return [
    check('T-REV-01', badSignature, 'the revocation signature', () => {
      return isSignedBy(scope, key, message, 'revocation_signature');
    }),
    ...placeChecks(scope, message, [], version),
    check('X-AMC-17', malformed, 'issued_at or revocation_sequence is missing', () => {
      const isWhole = message.issued_at !== undefined && message.revocation_sequence !== undefined;
      return isWhole || !isHardened(version);
    }),
    ...authorityChecks(message, certificate),
    check('T-REV-05', malformed, 'partial, but nothing is named', () => {
      const names = message.partial_revocation_permissions;
      return message.revocation_scope !== 'partial' || names.length > 0;
    }),
    check('T-REV-11', conflictingDuplicate, 'the same id with other content', () => {
      return known === undefined || known.hash === scope.context.crypto.hash(asValue(message));
    }),
  ];
}

/** Who may revoke it, and for which reasons (L-R03). */
export function authorityChecks(
  message: TrustRevoke,
  certificate: NorcTrustCertificate | undefined,
): readonly Check[] {
  const { revocationNotAuthorized } = errorCode.trust;
  const isBySubject = certificate?.subject_server === message.revoking_server;
  return [
    check('T-REV-02', revocationNotAuthorized, 'neither the issuer nor the subject', () => {
      return mayRevoke(message, certificate);
    }),
    check('T-CERT-15', revocationNotAuthorized, 'not revocable for this reason', () => {
      const isForCause = !gentleReasons.includes(reasonOf(message.revocation_reason));
      return certificate === undefined || certificate.revocable || isBySubject || isForCause;
    }),
  ];
}

/**
 * L-R03. Of a certificate that we do not hold, each server can only revoke its own (see issuerOf).
 */
function mayRevoke(message: TrustRevoke, certificate: NorcTrustCertificate | undefined): boolean {
  if (certificate === undefined || certificate.issuer_server === message.revoking_server)
    return true;
  const reason = reasonOf(message.revocation_reason);
  return certificate.subject_server === message.revoking_server && subjectReasons.includes(reason);
}

/**
 * Whose certificate a revocation can touch: that of a known certificate, else only its sender's.
 */
export function issuerOf(
  message: TrustRevoke,
  certificate: NorcTrustCertificate | undefined,
): string {
  return certificate?.issuer_server ?? message.revoking_server;
}

export function recordOf(
  scope: Scope,
  message: TrustRevoke,
  certificate: NorcTrustCertificate | undefined,
): RevocationRecord {
  const { crypto, must } = scope.context;
  const reason = reasonOf(message.revocation_reason);
  const place = asValue(message);
  return {
    revocationId: message.revocation_id,
    issuer: issuerOf(message, certificate),
    certificateId: message.trust_certificate_id,
    subject: certificate?.subject_server ?? null,
    notAfterSeconds: certificate?.not_after ?? null,
    revokedBy: message.revoking_server,
    reason,
    scope: message.revocation_scope,
    effectiveSeconds: effectiveAt(scope, message),
    graceSeconds: graceOf(must, message, reason),
    permissions: message.partial_revocation_permissions,
    quarantinedUntilSeconds: quarantineOf(scope, message),
    hash: crypto.hash(place),
    transcript: transcriptHash(scope, [place]),
    isCleared: false,
    answered: 'accepted',
    objections: [],
  };
}

/**
 * T-REV-03: a date that has passed means now, so that grace is not over before it was announced.
 * Now is when it was issued, which every server reads alike, unless that is still ahead of us.
 */
function effectiveAt({ context }: Scope, message: TrustRevoke): number {
  const now = toSeconds(context.now);
  const issued = Math.min(message.issued_at ?? now, now);
  return Math.max(message.effective_date, issued);
}

/**
 * T-REV-07: security reasons cut at once. For a conditional one the period is the time to comply.
 */
function graceOf(must: Must, message: TrustRevoke, reason: string): number {
  const isShort = must('T-REV-07', message.grace_period <= limits.graceSeconds);
  const asked = isShort ? message.grace_period : limits.graceSeconds;
  if (message.revocation_scope === 'conditional') return asked;
  return must('T-REV-07', asked === 0 || gentleReasons.includes(reason)) ? asked : 0;
}

/** T-REV-16: more than five minutes ahead of our clock, one of the clocks is wrong. */
function quarantineOf({ context }: Scope, { issued_at: issuedAt }: TrustRevoke): number | null {
  const horizon = toSeconds(context.now) + limits.revocationFutureSeconds;
  const isPlausible = issuedAt === undefined || issuedAt <= horizon;
  if (context.must('T-REV-16', isPlausible) || issuedAt === undefined) return null;
  return issuedAt - limits.revocationFutureSeconds;
}

/** A certificate can be revoked more often than anyone needs: then it is revoked for good. */
export function escalated(record: RevocationRecord): RevocationRecord {
  return { ...record, scope: 'full', graceSeconds: 0, quarantinedUntilSeconds: null };
}
