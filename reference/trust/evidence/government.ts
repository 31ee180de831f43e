/**
 * What a government PKI asks beside a request (T 7, L-T25): policy and hierarchy of the chain, the
 * clearance of the organisation, the guards of cross-domain transfers. Records of persons stay in
 * the evidence store of the server they belong to; what travels is one hash over them (T-GOV-05).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { securityClearances } from '../../../spec/messages/trust/enumerations.ts';
import type { GovPkiTrustRequest } from '../../../spec/messages/trust/gov-pki-trust-request.ts';
import { isExpired } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import {
  clearanceFor,
  type GovernmentCredentials,
  type GovernmentPolicy,
} from '../../trust-policy.ts';
import { encodeBase64url } from '../../wire/base64url.ts';
import { type Check, check } from '../check.ts';
import { needsBackgroundCheck } from '../policy.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';
import { asValue } from '../transcript.ts';
import type { ReadChain } from './chain.ts';

/** T-GOV-02: a claim about the chain is worth what the chain shows. */
export function hierarchyChecks(
  { config, context }: Scope,
  extension: GovPkiTrustRequest,
  chain: ReadChain | undefined,
): readonly Check[] {
  const code = errorCode.trust.chain;
  const { hierarchies } = config.policy.trust.government;
  return [
    check('T-GOV-02', code, 'the chain is not of the policy that is named', () => {
      return chain !== undefined && isOfPolicy(chain, extension.certificate_policy_oid);
    }),
    check('T-GOV-02', code, 'the chain does not end in the hierarchy that is named', () => {
      const { pki_hierarchy: name } = extension;
      const roots = Object.hasOwn(hierarchies, name) ? (hierarchies[name] ?? []) : [];
      const root = chain && context.x509.read(chain.authority.certificate);
      return root !== undefined && roots.includes(root.subject);
    }),
  ];
}

/** RFC 5280: the leaf asserts it, and no authority between leaf and root leaves it out. */
function isOfPolicy({ facts }: ReadChain, oid: string): boolean {
  const below = facts.length > 1 ? facts.slice(0, -1) : facts;
  const anyPolicy = '2.5.29.32.0';
  return below.every(({ policyOids }, at) => {
    return policyOids.includes(oid) || (at > 0 && policyOids.includes(anyPolicy));
  });
}

/**
 * T-LVL-04: a level that wants a background check has one, by the clearance of the organisation or,
 * in a manual verification, by the operator, without whom that method never accepts.
 */
export function isBackgroundChecked(scope: Scope, run: ResponderRun): boolean {
  const { requested_trust_level: level, trust_method: method } = run.request;
  if (!needsBackgroundCheck(level)) return true;
  if (run.government === null) return method === 'manual_verification';
  return isCleared(scope.config.policy.trust.government, run.government, level, scope.context.now);
}

function isCleared(
  { clearanceSeconds }: GovernmentPolicy,
  extension: GovPkiTrustRequest,
  level: string,
  now: Micros,
): boolean {
  const { security_clearance: held, clearance_adjudication_date: since } = extension;
  const needed = Object.hasOwn(clearanceFor, level) ? clearanceFor[level] : undefined;
  const isHigh = securityClearances.indexOf(held) >= securityClearances.indexOf(needed ?? held);
  // An adjudication of tomorrow has not happened.
  return isHigh && seconds(since) <= now && !isExpired(now, since + clearanceSeconds);
}

// --- our own -------------------------------------------------------------------------------------

/** What we say of ourselves; of persons only the hash of our records (L-T26). */
export function ownStatement(
  { config, context }: Scope,
  own: GovernmentCredentials,
): Pick<
  GovPkiTrustRequest,
  | 'security_clearance'
  | 'pki_hierarchy'
  | 'certificate_policy_oid'
  | 'sponsor_agency'
  | 'investigation_scope'
  | 'clearance_adjudication_date'
  | 'facility_security_clearance'
  | 'classified_network_authority'
  | 'cross_domain_requirements'
> {
  return {
    security_clearance: own.securityClearance as GovPkiTrustRequest['security_clearance'],
    pki_hierarchy: own.pkiHierarchy,
    certificate_policy_oid: own.certificatePolicyOid,
    sponsor_agency: own.sponsorAgency,
    investigation_scope: own.investigationScope,
    clearance_adjudication_date: own.clearanceAdjudicatedAtSeconds,
    // Salted: records of persons are few enough to be guessed.
    facility_security_clearance: context.crypto.hash(
      asValue({ personnel: own.personnel, salt: encodeBase64url(config.pseudonymKey) }),
    ),
    classified_network_authority: own.classifiedNetworkAuthority,
    cross_domain_requirements: own.crossDomain.map(({ from, to, system, accreditation }) => ({
      classification_from: from as GuardLabel,
      classification_to: to as GuardLabel,
      guard_system: system,
      accreditation,
    })),
  };
}

type GuardLabel = GovPkiTrustRequest['cross_domain_requirements'][number]['classification_from'];
