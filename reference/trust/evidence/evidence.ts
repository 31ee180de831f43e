/** What the responder has seen when it decides (T 10.3): the basis of the score and of T-DEC-07. */

import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import { isExpired } from '../../guard/freshness.ts';
import { seconds, toSeconds } from '../../time.ts';
import { type Check, check } from '../check.ts';
import type { Performed } from '../establishment/decision.ts';
import { readRequestChain } from '../establishment/request.ts';
import { healthCost } from '../monitoring/health-cost.ts';
import { recommendationScore, trustPathTo } from '../recommendation/worth.ts';
import type { Scope } from '../scope.ts';
import { paceOf, type ResponderRun } from '../state.ts';
import { attestedStandards, meetsStandards } from './attestations.ts';
import { certificateStanding } from './certificate-evidence.ts';
import { isBackgroundChecked } from './government.ts';
import { isAttested } from './organisation.ts';
import { type Evidence, factorsOf, reliabilityOf, scoreTenths } from './score.ts';

export function scoreOf(scope: Scope, run: ResponderRun): number {
  return scoreTenths(factorsOf(evidenceOf(scope, run), scope.context.now));
}

/**
 * Evidence that is missing earns nothing (T-SCORE-03).
 */
function evidenceOf(scope: Scope, run: ResponderRun): Evidence {
  const { now } = scope.context;
  const chain = readRequestChain(scope, run.request);
  const soon = now + seconds(limits.expiryWarningSeconds);
  const spoilt = revocationsForCause(scope, run.peer);
  const { trustedSince } = paceOf(scope.state, run.peer);
  const { historySeconds } = scope.config.policy.trust;
  return {
    chainValid: chain !== undefined,
    ...certificateStanding(scope, run),
    domainObservedAt: run.lookups.proven ? run.lookups.seenAt : null,
    organizationThousandths: reputationOf(scope, run),
    revocationsForCause: spoilt,
    expiresSoon: chain !== undefined && isExpired(soon, chain.leafFacts.notAfterSeconds),
    healthCost: healthCost(scope, run.peer),
    attestations: attestedStandards(scope, run.request).size,
    reliabilityThousandths:
      spoilt > 0 ? null : reliabilityOf(trustedSince ?? null, now, historySeconds),
  };
}

/** By a web of trust it is what others say, else what parties of our policy have signed. */
function reputationOf(scope: Scope, run: ResponderRun): number {
  if (run.request.trust_method === 'web_of_trust') return recommendationScore(scope, run.peer);
  return isAttested(scope, run) ? limits.scoreFactorThousandths : 0;
}

/** Fifth step of validation (T-PIPE-01): what the level asks beside chain and organisation. */
export function securityChecks(scope: Scope, run: ResponderRun): readonly Check[] {
  const { level, noTrustPath } = errorCode.trust;
  return [
    // Attestations may have expired since they were offered.
    check('T-LVL-04', level, 'a standard of the level is not attested', () => {
      return meetsStandards(scope, run.request);
    }),
    check('T-LVL-04', level, 'the level needs a background check', () => {
      return isBackgroundChecked(scope, run);
    }),
    check('T-REC-03', noTrustPath, 'nobody whose word counts recommends the server', () => {
      const { trust_method: method } = run.request;
      return method !== 'web_of_trust' || recommendationScore(scope, run.peer) > 0;
    }),
    check('T-PATH-03', noTrustPath, 'no path of trust leads to the server', () => {
      const { trust_method: method } = run.request;
      return method !== 'web_of_trust' || trustPathTo(scope, run.peer) !== null;
    }),
  ];
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
  const { required_documents: documents } = run.challenge.organization_verification;
  const types = [
    ...(run.request.certificate_chain.length > 0 ? ['certificate_validation'] : []),
    'cryptographic_proof',
    'dns_validation',
    ...(documents.length > 0 ? ['organization_verification'] : []),
    'security_requirements',
    'risk_assessment',
  ];
  return types.map((type) => ({ type, status: 'verified', timestamp }));
}
