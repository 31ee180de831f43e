/**
 * Who may ask a server about itself or others: only a party that it has a relationship with
 * (T-REC-06, T-HLTH-01, L-X15). Each ending of trust is told by its own code (F-TRUST-02).
 */
import { type ErrorCode, errorCode } from '../../spec/emitted/registries.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Standing } from '../ports.ts';
import { standingOf } from './certificate/relationship.ts';
import { type Check, check } from './check.ts';
import type { Scope } from './scope.ts';

type Status = Standing['status'];

const { notTrusted, trustExpired, trustRevoked } = errorCode.federation;

const codes: { readonly [S in Status]: ErrorCode } = {
  none: notTrusted,
  active: notTrusted,
  suspended: trustRevoked,
  expired: trustExpired,
  revoked: trustRevoked,
};

/** Best first: a relationship in either direction is one. */
const ranked: readonly Status[] = ['active', 'suspended', 'revoked', 'expired', 'none'];

/** Of the two directions, the one that stands better. */
export function relationStatus({ state, context }: Scope, peer: string): Status {
  const statuses = (['inbound', 'outbound'] as const).map((direction) => {
    return standingOf(state, peer, direction, context.now).status;
  });
  return ranked.find((status) => statuses.includes(status)) ?? 'none';
}

/** A relationship exists, in force or suspended (`relationStates`). */
export function relatedCheck(scope: Scope, peer: string, requirement: RequirementId): Check {
  const status = relationStatus(scope, peer);
  return check(requirement, codes[status], `trust is ${status}`, () => {
    return status === 'active' || status === 'suspended';
  });
}

/** The peer is one that we trust, now. */
export function trustedCheck(
  { state, context }: Scope,
  peer: string,
  requirement: RequirementId,
): Check {
  const { status } = standingOf(state, peer, 'inbound', context.now);
  return check(requirement, codes[status], `trust is ${status}`, () => status === 'active');
}
