/**
 * What a peer may do on a link at all (F-TRUST-01 to F-TRUST-03, F-CONN-08, F-CONN-09): first trust,
 * then the state of the link, then the permission of the operation, whether or not it is built here.
 */
import { type ErrorCode, errorCode, permissions } from '../../spec/emitted/registries.ts';
import type { Context } from '../core.ts';
import type { Standing } from '../ports.ts';
import type { Link } from './link.ts';
import { firstObjection, objection, type Refusal } from './refusal.ts';
import { isBelowMinimum } from './standing.ts';
import { type Federation, governing, peerKey } from './state.ts';

const { federation: code } = errorCode;

/** The permission that each message needs; those that depend on its content are judged beside it. */
const permissionByType: ReadonlyMap<string, string> = new Map(
  Object.values(permissions)
    .filter(({ condition }) => condition === null)
    .flatMap(({ permission, gates }) => gates.map((type): [string, string] => [type, permission])),
);

export interface Passage {
  readonly federation: Federation;
  readonly link: Link;
  readonly type: string;
}

/** For every message that is legal in state `active` only. */
export function gateObjection(passage: Passage, context: Context): Refusal | null {
  const checks = [standingObjection, levelObjection, stateObjection, permissionObjection];
  return firstObjection(checks, passage, context);
}

/** F-TRUST-03, for a permission that depends on what a message carries. */
export function needsPermission(
  { permissions: granted }: Standing,
  permission: string,
  context: Context,
): Refusal | null {
  return objection(context, 'F-TRUST-03', granted.has(permission), () => ({
    code: code.capabilityMissing,
    detail: `no permission ${permission}`,
    reason: 'permission',
  }));
}

/** Each ending of trust has its own code (F-TRUST-02). */
const endings: { readonly [S in Standing['status']]?: ErrorCode } = {
  expired: code.trustExpired,
  revoked: code.trustRevoked,
};

function standingObjection({ federation, link }: Passage, context: Context): Refusal | null {
  const { status } = governing(federation, link, context.now);
  const key = peerKey(federation, link);
  return (
    objection(context, 'F-TRUST-01', status !== 'none', () => ({
      code: code.notTrusted,
      detail: 'no trust relationship',
    })) ??
    objection(context, 'F-TRUST-02', endings[status] === undefined, () => ({
      code: endings[status] ?? code.notTrusted,
      detail: `trust is ${status}`,
    })) ??
    objection(context, 'F-CONN-09', status !== 'suspended', () => ({
      code: code.trustRevoked,
      detail: 'trust is suspended',
      reason: 'suspended',
    })) ??
    // L-R13: whatever a certificate says, a key that is barred for ever opens nothing.
    objection(context, 'T-REV-19', key === null || !federation.ports.trust.isBanned(key), () => ({
      code: code.trustRevoked,
      detail: 'the key is barred',
    }))
  );
}

/** F-HS-04: what has sunk below the minimum of the link is refused there, as on a new one. */
function levelObjection({ federation, link }: Passage, context: Context): Refusal | null {
  const standing = governing(federation, link, context.now);
  // Before trust has opened the link it is its state that counts.
  const isOpened = link.state !== 'authenticating' && standing.status === 'active';
  return objection(context, 'F-HS-04', !isOpened || !isBelowMinimum(link, standing), () => ({
    code: code.insufficientTrust,
    detail: `level ${standing.level} is below the minimum of the link`,
  }));
}

/** F-CONN-08: trust alone does not open a link; both sides must have said so (2.2 row 8). */
function stateObjection({ federation, link }: Passage, context: Context): Refusal | null {
  const isTrusted = governing(federation, link, context.now).status === 'active';
  return objection(context, 'F-CONN-08', link.state === 'active' || !isTrusted, () => ({
    code: code.notTrusted,
    detail: `the link is ${link.state}`,
    reason: 'link_not_active',
  }));
}

function permissionObjection(passage: Passage, context: Context): Refusal | null {
  const permission = permissionByType.get(passage.type);
  if (permission === undefined) return null;
  const { federation, link } = passage;
  return needsPermission(governing(federation, link, context.now), permission, context);
}
