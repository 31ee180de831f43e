/**
 * A certificate and those it has followed (machine trust-certificate row 4; L-R10). The old one
 * lasts until the overlap ends, so that no instant is without trust; what revokes it meanwhile
 * revokes its successor too, whichever of the two arrives first.
 */
import { limits } from '../../../spec/limits.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { type Micros, seconds } from '../../time.ts';
import type { RevocationRecord } from '../revocation/revocation-record.ts';
import { revocationKey } from '../rows.ts';
import type { Grant, Relation, TrustState } from '../state.ts';
import { startOf } from './phase.ts';

/** Certificates before the present one that are remembered. [P] */
const MOST_BEFORE = 4;

/** The grant with its predecessors, newest first. */
export function lineOf(grant: Grant | null): readonly Grant[] {
  return grant ? [grant, ...lineOf(grant.predecessor)] : [];
}

/** Every certificate that a relation still knows. */
export function certificatesOf(relation: Relation | undefined): readonly NorcTrustCertificate[] {
  const grants = [...lineOf(relation?.inbound ?? null), ...lineOf(relation?.outbound ?? null)];
  return grants.map(({ certificate }) => certificate);
}

export function succeeding(fresh: Grant, old: Grant): Grant {
  return { ...fresh, predecessor: shortened(old, MOST_BEFORE - 1) };
}

function shortened(grant: Grant, depth: number): Grant {
  const { predecessor } = grant;
  const kept = predecessor && depth > 0 ? shortened(predecessor, depth - 1) : null;
  return { ...grant, predecessor: kept };
}

/** When the certificate is no longer valid beside its successor. */
export function overlapEnd(old: NorcTrustCertificate, successor: NorcTrustCertificate): Micros {
  const { renewalOverlapSeconds } = limits;
  return seconds(Math.min(old.not_after, successor.not_before + renewalOverlapSeconds));
}

/**
 * The certificate of a line that counts now: the newest that has begun and that its issuer has not
 * taken back for want of our acknowledgment.
 */
export function presentOf(state: TrustState, grant: Grant, now: Micros): Grant {
  const { predecessor, certificate } = grant;
  if (!predecessor) return grant;
  if (isTakenBack(state, grant)) {
    return now < seconds(predecessor.certificate.not_after)
      ? presentOf(state, predecessor, now)
      : grant;
  }
  const isAhead = now < startOf(grant);
  const isOverlap = now < overlapEnd(predecessor.certificate, certificate);
  return isAhead && isOverlap ? presentOf(state, predecessor, now) : grant;
}

/** L-T10: the issuer never saw our acknowledgment; what it renewed goes on. */
function isTakenBack(state: TrustState, { certificate, settled }: Grant): boolean {
  if (settled) return false;
  return ownRecords(state, certificate).some(({ scope, reason }) => {
    return scope === 'full' && reason === 'voluntary';
  });
}

/**
 * Revocations that bear on a grant: its own, and of its predecessors those that its issuer cannot
 * have meant to end with them.
 */
export function recordsOf(state: TrustState, grant: Grant): readonly RevocationRecord[] {
  const inherited = lineOf(grant.predecessor).flatMap(({ certificate }) => {
    return ownRecords(state, certificate).filter((record) => isInherited(record, grant));
  });
  return [...ownRecords(state, grant.certificate), ...inherited];
}

function ownRecords(
  state: TrustState,
  { issuer_server: issuer, certificate_id: certificateId }: NorcTrustCertificate,
): readonly RevocationRecord[] {
  return state.revocations.get(revocationKey({ issuer, certificateId })) ?? [];
}

/**
 * There is no renewal after a full revocation (T-REN-02), so one of the old certificate means the
 * new one as well. Of the other scopes only what came after the renewal does: a renewal clears a
 * suspension (L-R05) and may give permissions back.
 */
function isInherited(record: RevocationRecord, { certificate }: Grant): boolean {
  const { scope, reason, effectiveSeconds } = record;
  if (scope === 'full') return reason !== 'superseded' && reason !== 'expired';
  return effectiveSeconds >= certificate.not_before;
}
