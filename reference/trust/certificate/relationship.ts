/**
 * How a relationship stands at a given instant (T 10.1). Computed, never stored: what is stored are
 * certificates and revocations, and both speak about time. Half-open throughout (X-TIME-09).
 */
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import { isExpired } from '../../guard/freshness.ts';
import type { Standing } from '../../ports.ts';
import { type Micros, seconds } from '../../time.ts';
import { effectAt, turningPoints } from '../revocation/revocation-effect.ts';
import type { RevocationRecord } from '../revocation/revocation-record.ts';
import { revocationKey } from '../rows.ts';
import type { Grant, TrustState } from '../state.ts';
import { limitsOf, permissionsOf } from './certificate.ts';

export type Direction = 'inbound' | 'outbound';
type Status = Standing['status'];

const NOTHING: Standing = {
  status: 'none',
  level: 'untrusted',
  permissions: new Set(),
  limits: { maxMessageBytes: 0, messagesPerSecond: 0, bandwidthMbps: 0 },
  certificateId: null,
  establishedAtSeconds: 0,
  expiresAtSeconds: 0,
};

export function standingOf(
  state: TrustState,
  peer: string,
  direction: Direction,
  now: Micros,
): Standing {
  const relation = state.relations.get(peer);
  const grant = relation?.[direction];
  if (!relation || !grant) return NOTHING;
  const status = statusOf(state, grant, relation[opposite(direction)], now);
  const { certificate } = grant;
  const isInForce = status === 'active' || status === 'suspended';
  return {
    status,
    level: isInForce ? certificate.trust_level : 'untrusted',
    permissions: isInForce ? enforced(state, grant, now) : NOTHING.permissions,
    limits: isInForce ? limitsOf(certificate) : NOTHING.limits,
    certificateId: certificate.certificate_id,
    establishedAtSeconds: certificate.not_before,
    expiresAtSeconds: certificate.not_after,
  };
}

export function opposite(direction: Direction): Direction {
  return direction === 'inbound' ? 'outbound' : 'inbound';
}

/** All revocations of a certificate that we know. */
function revocationsOf(
  state: TrustState,
  { issuer_server: issuer, certificate_id: certificateId }: NorcTrustCertificate,
): readonly RevocationRecord[] {
  return state.revocations.get(revocationKey({ issuer, certificateId })) ?? [];
}

/**
 * A full revocation of either certificate ends relays both ways (T-REV-04) and a suspension is one
 * of the whole link (profile 2.2 row 11). Expiry and not yet being in force carry over when trust
 * is mutual.
 */
function statusOf(state: TrustState, grant: Grant, other: Grant | null, now: Micros): Status {
  const own = statusAlone(state, grant, now);
  const beside = other ? statusAlone(state, other, now) : 'none';
  if (own === 'revoked' || beside === 'revoked') return 'revoked';
  if (own === 'expired' || (grant.mutual && beside === 'expired')) return 'expired';
  if (own === 'none' || (grant.mutual && beside === 'none')) return 'none';
  return own === 'suspended' || beside === 'suspended' ? 'suspended' : 'active';
}

function statusAlone(state: TrustState, grant: Grant, now: Micros): Status {
  const { certificate } = grant;
  const { status } = effectAt(revocationsOf(state, certificate), now);
  // Revoked outranks expired (profile 2.5).
  if (status === 'revoked' || isUnmet(certificate, now)) return 'revoked';
  if (isExpired(now, certificate.not_after)) return 'expired';
  if (now < seconds(startOf(grant))) return 'none';
  return status;
}

/**
 * T-COND-01: a condition unmet at its deadline. Nothing here can meet one, so `downgrade` goes the
 * way of `revoke`: below basic there is nothing (profile 2.5).
 */
function isUnmet({ conditions }: NorcTrustCertificate, now: Micros): boolean {
  return conditions.some(({ deadline, auto_action: action }) => {
    return action !== 'notify' && isExpired(now, deadline);
  });
}

function enforced(state: TrustState, grant: Grant, now: Micros): ReadonlySet<string> {
  const { removed } = effectAt(revocationsOf(state, grant.certificate), now);
  const mapped: readonly string[] = grant.mapped;
  const names = permissionsOf(grant.certificate).filter((name) => {
    return mapped.includes(name) && !removed.has(name);
  });
  return new Set(names);
}

function startOf({ certificate, activeFromSeconds }: Grant): number {
  return Math.max(certificate.not_before, activeFromSeconds);
}

/** The next instant at which either direction may stand differently, or null. */
export function nextChange(state: TrustState, peer: string, now: Micros): Micros | null {
  const relation = state.relations.get(peer);
  const grants = [relation?.inbound, relation?.outbound].filter((grant) => grant != null);
  const instants = grants.flatMap((grant) => [
    startOf(grant),
    grant.certificate.not_after,
    ...grant.certificate.conditions.map(({ deadline }) => deadline),
    ...revocationsOf(state, grant.certificate).flatMap(turningPoints),
  ]);
  const ahead = instants.map((instant) => seconds(instant)).filter((instant) => instant > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

/**
 * A full or conditional revocation is on its way or in its grace: nothing new is granted
 * (T-REV-08), or a subject could lift its own suspension by asking anew.
 */
export function isEnding(state: TrustState, peer: string, now: Micros): boolean {
  const relation = state.relations.get(peer);
  const grants = [relation?.inbound, relation?.outbound].filter((grant) => grant != null);
  const isOver = grants.some((grant) => statusAlone(state, grant, now) === 'revoked');
  const records = grants.flatMap((grant) => revocationsOf(state, grant.certificate));
  return !isOver && records.some(({ scope }) => scope !== 'partial');
}
