/** A certificate with what the exchange that brought it says besides (profile 2.3, invariants). */
import type { Permission } from '../../../spec/emitted/registries.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { Grant } from '../state.ts';
import { conditionsOf } from './conditions.ts';

export type GrantTerms = Pick<
  Grant,
  'activeFromSeconds' | 'mutual' | 'maxAgeSeconds' | 'method' | 'scoreTenths'
>;

export function createGrant(
  certificate: NorcTrustCertificate,
  mapped: readonly Permission[],
  terms: GrantTerms,
  stated: TrustDecision['trust_conditions'] = [],
): Grant {
  const conditions = conditionsOf(certificate, stated);
  const { trust_level: level } = certificate;
  return { certificate, mapped, ...terms, conditions, level, predecessor: null, settled: true };
}
