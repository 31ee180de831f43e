/**
 * Whether the issuers of a chain still stand behind it (T-RESP-05): every certificate but the root
 * has a good and fresh answer of OCSP about exactly itself, signed by its issuer or by a responder
 * that the issuer has certified for it, or else stands in a fresh list of its issuer as not revoked.
 */
import { limits } from '../../../spec/limits.ts';
import type { CertificateDer, X509 } from '../../crypto/x509.ts';
import type { CrlFacts, EvidenceSigner, OcspFacts } from '../../crypto/x509-evidence.ts';
import { isValidAt } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import type { ReadChain } from './chain.ts';

/** base64url, as T4 carries them. */
export interface RevocationEvidence {
  readonly ocspResponses: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/** One certificate and who issued it. */
export interface Issued {
  readonly der: CertificateDer;
  readonly issuer: CertificateDer;
}

export type RevocationStatus = 'good' | 'revoked' | 'unknown';

/** What needs an answer: leaf and intermediates. A root answers for itself (profile 2.4). */
export function issuedIn({ path }: ReadChain): readonly Issued[] {
  return path.flatMap((der, at) => {
    const issuer = path[at + 1];
    return issuer === undefined ? [] : [{ der, issuer }];
  });
}

/** Of the whole chain: one that is revoked revokes all. */
export function chainStatus(
  x509: X509,
  read: ReadChain,
  evidence: RevocationEvidence,
  now: Micros,
): RevocationStatus {
  const statuses = issuedIn(read).map((issued) => statusOf(x509, issued, evidence, now));
  if (statuses.includes('revoked')) return 'revoked';
  return statuses.every((status) => status === 'good') ? 'good' : 'unknown';
}

export function statusOf(
  x509: X509,
  issued: Issued,
  evidence: RevocationEvidence,
  now: Micros,
): RevocationStatus {
  const statuses = [
    ...evidence.ocspResponses.map((bytes) => byOcsp(x509, issued, bytes, now)),
    ...evidence.crls.map((bytes) => byCrl(x509, issued, bytes, now)),
  ];
  if (statuses.includes('revoked')) return 'revoked';
  return statuses.includes('good') ? 'good' : 'unknown';
}

function byOcsp(x509: X509, { der, issuer }: Issued, bytes: Uint8Array, now: Micros) {
  const facts = x509.readOcsp(bytes, der, issuer);
  if (!facts || !isAuthorised(facts.signer, now)) return 'unknown';
  return answerOf(facts, now);
}

/** What is revoked stays revoked, so for that an old answer is as good as a new one. */
function answerOf({ answers }: OcspFacts, now: Micros): RevocationStatus {
  if (answers.some(({ status }) => status === 'revoked')) return 'revoked';
  const isGood = answers.some((answer) => answer.status === 'good' && isFresh(answer, now));
  return isGood ? 'good' : 'unknown';
}

function byCrl(x509: X509, { der, issuer }: Issued, bytes: Uint8Array, now: Micros) {
  const facts = x509.readCrl(bytes, issuer);
  const serial = x509.read(der)?.serialNumber;
  if (!facts || serial === undefined || !isAuthorised(facts.signer, now)) return 'unknown';
  if (facts.revoked.has(serial)) return 'revoked';
  return isWhole(facts) && isFresh(facts, now) ? 'good' : 'unknown';
}

/** A delta or a partition says nothing of what it does not list. */
const isWhole = ({ unknownCritical }: CrlFacts): boolean => unknownCritical.length === 0;

function isAuthorised(signer: EvidenceSigner, now: Micros): boolean {
  switch (signer.kind) {
    case 'issuer':
      return true;
    case 'delegate':
      return isValidAt(now, signer.facts) && signer.facts.unknownCritical.length === 0;
    case 'stranger':
      return false;
  }
}

/** thisUpdate ≤ now (within the skew of clocks) < nextUpdate, and not older than we bear. */
function isFresh(
  update: { readonly thisUpdateSeconds: number; readonly nextUpdateSeconds: number | null },
  now: Micros,
): boolean {
  const { thisUpdateSeconds, nextUpdateSeconds } = update;
  if (seconds(thisUpdateSeconds - limits.federationSkewSeconds) > now) return false;
  const { revocationAgeSeconds, revocationAgeUnstatedSeconds } = limits;
  const mostSeconds =
    nextUpdateSeconds === null ? revocationAgeUnstatedSeconds : revocationAgeSeconds;
  const endSeconds = Math.min(nextUpdateSeconds ?? Infinity, thisUpdateSeconds + mostSeconds);
  return now < seconds(endSeconds);
}
