/** What the responder has seen when it decides (T 10.3): the basis of the score and of T-DEC-07. */

import { limits } from '../../../spec/limits.ts';
import { complianceStandards } from '../../../spec/messages/trust/enumerations.ts';
import { isExpired } from '../../guard/freshness.ts';
import { seconds, toSeconds } from '../../time.ts';
import type { Performed } from '../establishment/decision.ts';
import { readRequestChain } from '../establishment/request.ts';
import type { Scope } from '../scope.ts';
import type { ResponderRun } from '../state.ts';
import { type Evidence, factorsOf, scoreTenths } from './score.ts';

export function scoreOf(scope: Scope, run: ResponderRun): number {
  return scoreTenths(factorsOf(evidenceOf(scope, run), scope.context.now));
}

/**
 * OCSP, transparency, attestors and reliability are not looked at by this build: they earn nothing.
 */
function evidenceOf(scope: Scope, run: ResponderRun): Evidence {
  const { now } = scope.context;
  const chain = readRequestChain(scope, run.request);
  const soon = now + seconds(limits.expiryWarningSeconds);
  return {
    chainValid: chain !== undefined,
    transparencyVerified: false,
    ocspVerified: false,
    domainObservedAt: run.lookups.proven ? now : null,
    organizationAttested: false,
    revocationsForCause: revocationsForCause(scope, run.peer),
    expiresSoon: chain !== undefined && isExpired(soon, chain.leafFacts.notAfterSeconds),
    attestations: run.request.compliance_attestations.filter(({ standard, expires_at }) => {
      const standards: readonly string[] = complianceStandards;
      return standards.includes(standard) && !isExpired(now, expires_at);
    }).length,
    reliabilityThousandths: null,
  };
}

/** Certificates that we had to take back from this peer (L-T35). */
function revocationsForCause({ state, config }: Scope, peer: string): number {
  const own = [...state.revocations.values()].flat();
  return own.filter(({ issuer, subject, revokedBy, reason }) => {
    const isOurs = issuer === config.serverId && revokedBy === config.serverId && subject === peer;
    return isOurs && (reason === 'compromised_key' || reason === 'policy_violation');
  }).length;
}

/** T-DEC-07: one entry for each check that was made. */
export function performedChecks(scope: Scope, run: ResponderRun): Performed {
  const timestamp = toSeconds(scope.context.now);
  const types = [
    ...(run.request.certificate_chain.length > 0 ? ['certificate_validation'] : []),
    'cryptographic_proof',
    'dns_validation',
    'security_requirements',
    'risk_assessment',
  ];
  return types.map((type) => ({ type, status: 'verified', timestamp }));
}
