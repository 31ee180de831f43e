/**
 * How a relationship stands at a given instant (T 10.1). Computed, never stored: what is stored are
 * certificates and revocations, and both speak about time. Half-open throughout (X-TIME-09).
 */
import type { Standing } from '../../ports.ts';
import { type Micros, seconds } from '../../time.ts';
import { isStatusUnknown } from '../revocation/list-status.ts';
import { effectAt, isEndingBy, turningPoints } from '../revocation/revocation-effect.ts';
import type { Grant, TrustState } from '../state.ts';
import { limitsOf, permissionsOf, renewalDateOf } from './certificate.ts';
import { type Phase, phaseAt, startOf } from './phase.ts';
import { lineOf, overlapEnd, presentOf, recordsOf } from './succession.ts';

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

/** What a phase means for those who want to send. A superseded certificate has its successor. */
const statusOfPhase: { readonly [P in Phase]: Status } = {
  draft: 'none',
  issued: 'none',
  active: 'active',
  expiring: 'active',
  restricted: 'active',
  superseded: 'expired',
  suspended: 'suspended',
  revoking: 'suspended',
  expired: 'expired',
  revoked: 'revoked',
};

export function standingOf(
  state: TrustState,
  peer: string,
  direction: Direction,
  now: Micros,
): Standing {
  const grant = grantOf(state, peer, direction, now);
  if (!grant) return NOTHING;
  const status = statusOf(state, peer, direction, now);
  const { certificate, level } = grant;
  const isInForce = status === 'active' || status === 'suspended';
  return {
    status,
    level: isInForce ? level : 'untrusted',
    permissions: isInForce ? enforced(state, grant, now) : NOTHING.permissions,
    limits: isInForce ? limitsOf(certificate, level) : NOTHING.limits,
    certificateId: certificate.certificate_id,
    establishedAtSeconds: certificate.not_before,
    expiresAtSeconds: certificate.not_after,
  };
}

/** The certificate that counts in this direction now. */
export function grantOf(
  state: TrustState,
  peer: string,
  direction: Direction,
  now: Micros,
): Grant | null {
  const grant = state.relations.get(peer)?.[direction];
  return grant ? presentOf(state, grant, now) : null;
}

export function opposite(direction: Direction): Direction {
  return direction === 'inbound' ? 'outbound' : 'inbound';
}

export function phaseOf(state: TrustState, grant: Grant, direction: Direction, now: Micros): Phase {
  const course = {
    revocations: recordsOf(state, grant),
    lapse: direction === 'inbound' ? 'revoked' : 'suspended',
    status: isStatusUnknown(state, grant.certificate) ? 'unknown' : 'known',
    succeededAt: null,
  } as const;
  // X-TIME-07: by the time that peers agree on, where they do.
  return phaseAt(grant, course, now + state.clocks.offset);
}

/**
 * A full revocation of either certificate ends relays both ways (T-REV-04) and a suspension is one
 * of the whole link (profile 2.2 row 11). Expiry and not yet being in force carry over when trust
 * is mutual.
 */
function statusOf(state: TrustState, peer: string, direction: Direction, now: Micros): Status {
  const grant = grantOf(state, peer, direction, now);
  if (!grant) return 'none';
  const own = statusOfPhase[phaseOf(state, grant, direction, now)];
  const beside = statusBeside(state, peer, opposite(direction), now);
  if (own === 'revoked' || beside === 'revoked') return 'revoked';
  if (own === 'expired' || (grant.mutual && beside === 'expired')) return 'expired';
  if (own === 'none' || (grant.mutual && beside === 'none')) return 'none';
  return own === 'suspended' || beside === 'suspended' ? 'suspended' : 'active';
}

function statusBeside(state: TrustState, peer: string, other: Direction, now: Micros): Status {
  const grant = grantOf(state, peer, other, now);
  return grant ? statusOfPhase[phaseOf(state, grant, other, now)] : 'none';
}

function enforced(state: TrustState, grant: Grant, now: Micros): ReadonlySet<string> {
  const { removed } = effectAt(recordsOf(state, grant), now + state.clocks.offset);
  const mapped: readonly string[] = grant.mapped;
  const names = permissionsOf(grant.certificate, grant.level).filter((name) => {
    return mapped.includes(name) && !removed.has(name);
  });
  return new Set(names);
}

/** The next instant at which either direction may stand differently, or null. */
export function nextChange(state: TrustState, peer: string, now: Micros): Micros | null {
  const relation = state.relations.get(peer);
  const grants = [...lineOf(relation?.inbound ?? null), ...lineOf(relation?.outbound ?? null)];
  const instants = grants.flatMap((grant) => instantsOf(state, grant));
  const ahead = instants.map((at) => at - state.clocks.offset).filter((at) => at > now);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

function instantsOf(state: TrustState, grant: Grant): Micros[] {
  const { certificate, conditions, predecessor } = grant;
  const dates = [
    certificate.not_after,
    renewalDateOf(certificate),
    ...conditions.flatMap(({ dueSeconds }) => (dueSeconds === null ? [] : [dueSeconds])),
    ...recordsOf(state, grant).flatMap(turningPoints),
  ];
  const overlap = predecessor ? [overlapEnd(predecessor.certificate, certificate)] : [];
  return [startOf(grant), ...overlap, ...dates.map((date) => seconds(date))];
}

/**
 * A full or conditional revocation is on its way or in its grace: nothing new is granted
 * (T-REV-08), or a subject could lift its own suspension by asking anew.
 */
export function isEnding(state: TrustState, peer: string, now: Micros): boolean {
  const directions = ['inbound', 'outbound'] as const;
  const grants = directions.flatMap((direction) => {
    const grant = grantOf(state, peer, direction, now);
    return grant ? [{ grant, direction }] : [];
  });
  const isOver = grants.some(({ grant, direction }) => {
    return phaseOf(state, grant, direction, now) === 'revoked';
  });
  const records = grants.flatMap(({ grant }) => recordsOf(state, grant));
  return !isOver && records.some(isEndingBy);
}
