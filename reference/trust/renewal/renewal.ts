/** T18: the subject asks for a successor of its certificate (T 8.2; profile 2.6), written and judged. */
import { errorCode, type Permission } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { RenewalKeyProof } from '../../../spec/messages/trust/signed-objects.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import type { TrustLimits } from '../../ports.ts';
import { limitsOf } from '../certificate/certificate.ts';
import type { Phase } from '../certificate/phase.ts';
import { scheduledFrom } from '../certificate/renewal-window.ts';
import { type Check, check } from '../check.ts';
import { chainWithRoot } from '../establishment/request.ts';
import { freshUuid } from '../identifiers.ts';
import { grantableAt, rankOf } from '../policy.ts';
import type { Scope } from '../scope.ts';
import type { Grant } from '../state.ts';
import { asValue, isSignedBy, placeChecks, sealed } from '../transcript.ts';

type Change = TrustRenewal['changes_requested'][number];

/** What the subject wants beside more time. */
export interface RenewalWish {
  readonly reason: TrustRenewal['renewal_reason'];
  readonly level: TrustRenewal['requested_trust_level'];
  readonly changes: readonly Change[];
}

/** A renewal begins an exchange of its own, so it stands after nothing (L-H03). */
export function composeRenewal(
  scope: Scope,
  peer: string,
  held: Grant,
  wish: RenewalWish,
): TrustRenewal {
  const { config, context } = scope;
  const body: Omit<TrustRenewal, 'renewal_signature'> = {
    type: 'trust_renewal',
    renewal_id: freshUuid(context),
    renewing_server: config.serverId,
    trust_server: peer,
    existing_certificate_id: held.certificate.certificate_id,
    renewal_reason: wish.reason,
    requested_trust_level: wish.level,
    changes_requested: [...wish.changes],
    updated_certificates: chainWithRoot(scope),
    compliance_updates: [],
  };
  return sealed(scope, body, 'renewal_signature', []);
}

// --- judged --------------------------------------------------------------------------------------

/** Who asks, and that nobody has touched it. `key`: certified, of the relation as it is or was. */
export function receiptChecks(
  scope: Scope,
  renewal: TrustRenewal,
  from: { readonly peer: string; readonly key: PublicKey | null; readonly version: string },
): readonly Check[] {
  return [
    check('T-REN-01', errorCode.trust.badSignature, 'the signature of the renewal', () => {
      const isNamed =
        renewal.renewing_server === from.peer && renewal.trust_server === scope.config.serverId;
      return isNamed && isSignedBy(scope, from.key, renewal, 'renewal_signature');
    }),
    ...placeChecks(scope, renewal, [], from.version),
  ];
}

export interface Renewable {
  readonly grant: Grant;
  readonly phase: Phase;
  /** A full revocation waits for its date, or a conditional one for its conditions. */
  readonly isEnding: boolean;
}

/** T-REN-02: what cannot be renewed, each with the code that says why. */
export function statusChecks(
  scope: Scope,
  renewal: TrustRenewal,
  { grant, phase, isEnding }: Renewable,
): readonly Check[] {
  const { federation, trust } = errorCode;
  const { now } = scope.context;
  return [
    check('T-REN-02', federation.trustRevoked, 'revoked', () => phase !== 'revoked'),
    check('T-REV-08', trust.renewalDenied, 'a revocation is under way', () => !isEnding),
    check('T-REN-02', federation.trustExpired, 'expired', () => phase !== 'expired'),
    check('T-REN-01', trust.certificate, 'not the present certificate', () => {
      return renewal.existing_certificate_id === grant.certificate.certificate_id;
    }),
    check('T-REN-02', trust.renewalDenied, 'not renewable', () => grant.certificate.renewable),
    check('T-REN-03', trust.renewalDenied, 'scheduled before its time', () => {
      return renewal.renewal_reason !== 'scheduled' || now >= scheduledFrom(grant);
    }),
  ];
}

/** What is asked for. */
export function scopeChecks(
  scope: Scope,
  renewal: TrustRenewal,
  grant: Grant,
  held: ReadonlySet<string>,
): readonly Check[] {
  const { renewalDenied, level, keyProof, badSignature } = errorCode.trust;
  const { requested_trust_level: wanted, new_public_key: newKey } = renewal;
  return [
    check('T-LVL-02', level, 'untrusted cannot be asked for', () => wanted !== 'untrusted'),
    // L-R11: a raise takes a whole establishment.
    check('T-LVL-06', renewalDenied, 'a higher level than now', () => {
      return rankOf(wanted) <= rankOf(grant.level);
    }),
    check('T-REN-04', renewalDenied, 'a change that cannot be made', () => {
      return renewal.changes_requested.every((change) => isLawful(change, renewal, grant, held));
    }),
    check('T-REV-19', keyProof, 'the new key is barred', () => {
      return newKey === undefined || !scope.state.banned.has(newKey);
    }),
    check('T-REN-06', badSignature, 'the new key does not prove itself', () => {
      return newKey === undefined || provesNewKey(scope, renewal, newKey);
    }),
  ];
}

function isLawful(
  change: Change,
  renewal: TrustRenewal,
  { certificate, level }: Grant,
  held: ReadonlySet<string>,
): boolean {
  if (change.justification.trim() === '') return false;
  if (change.change_type === 'add_permission') {
    const grantable: readonly string[] = grantableAt(renewal.requested_trust_level);
    return grantable.includes(change.permission) && !held.has(change.permission);
  }
  const { current, most } = rateOf(change.parameter, limitsOf(certificate, level));
  return change.old_value === current && change.new_value > 0 && change.new_value <= most;
}

/** No more is ever granted than what a server advertises (F 3.2). */
function rateOf(
  parameter: (Change & { change_type: 'update_rate_limit' })['parameter'],
  now: TrustLimits,
): { readonly current: number; readonly most: number } {
  return parameter === 'messages_per_second'
    ? { current: now.messagesPerSecond, most: limits.advertisedMessagesPerSecond }
    : { current: now.bandwidthMbps, most: limits.advertisedMegabitsPerSecond };
}

/** The old key has signed the whole; the new one signs that it wants to be certified (L-R11). */
function provesNewKey(scope: Scope, renewal: TrustRenewal, newKey: PublicKey): boolean {
  const proof: RenewalKeyProof = {
    type: 'renewal_key_proof',
    renewal_id: renewal.renewal_id,
    renewing_server: renewal.renewing_server,
    trust_server: renewal.trust_server,
    existing_certificate_id: renewal.existing_certificate_id,
    new_public_key: newKey,
  };
  const { new_key_signature: signature = '' } = renewal;
  return scope.context.crypto.verify(newKey, asValue(proof), signature);
}

// --- what it comes to ----------------------------------------------------------------------------

/** L-R11: these take a challenge first. */
export function widens(renewal: TrustRenewal): boolean {
  return (
    renewal.new_public_key !== undefined ||
    renewal.changes_requested.some(
      (change) => change.change_type === 'add_permission' || change.new_value > change.old_value,
    )
  );
}

/** Permissions and limits of the successor: those in force, with the changes. */
export function termsOf(
  renewal: TrustRenewal,
  { certificate, level }: Grant,
  held: ReadonlySet<string>,
): { readonly permissions: readonly Permission[]; readonly limits: TrustLimits } {
  const wanted = renewal.requested_trust_level;
  const added = renewal.changes_requested.flatMap((change) => {
    return change.change_type === 'add_permission' ? [change.permission] : [];
  });
  const permissions = grantableAt(wanted).filter((name) => held.has(name) || added.includes(name));
  const now = limitsOf(certificate, level);
  const rate = (parameter: string, current: number): number => {
    const change = renewal.changes_requested.findLast(
      (one) => one.change_type === 'update_rate_limit' && one.parameter === parameter,
    );
    return change?.change_type === 'update_rate_limit' ? change.new_value : current;
  };
  const messagesPerSecond = rate('messages_per_second', now.messagesPerSecond);
  const bandwidthMbps = rate('bandwidth_mbps', now.bandwidthMbps);
  return { permissions, limits: { ...now, messagesPerSecond, bandwidthMbps } };
}
