/**
 * The trust score (T 1.3, L-T16): six factors in thousandths, integer weights that sum to 100, the
 * sum in tenths. A score never replaces a check that must hold; those are gates of their own
 * (T-PIPE-02).
 */
import { limits } from '../../../spec/limits.ts';
import { type Micros, seconds } from '../../time.ts';

export type Factor = keyof typeof limits.scoreWeights;
/** Each in 0…1000 thousandths. */
export type Factors = { readonly [F in Factor]: number };

/**
 * What has been seen. Evidence that is missing is false, zero or null, and earns nothing
 * (T-SCORE-03).
 */
export interface Evidence {
  readonly chainValid: boolean;
  readonly transparencyVerified: boolean;
  readonly ocspVerified: boolean;
  /** When our own look-up saw the domain proof. */
  readonly domainObservedAt: Micros | null;
  /** Statements that somebody of our policy has signed, or recommendations (L-T24). */
  readonly organizationThousandths: number;
  /** Revocations of ours for cause. */
  readonly revocationsForCause: number;
  /** The leaf certificate ends within 30 days (L-T35). */
  readonly expiresSoon: boolean;
  /** Attestations of a known standard that have not expired (T-REQ-09). */
  readonly attestations: number;
  /** What its last health report costs, in thousandths (T-HLTH-02): never below 0. */
  readonly healthCost?: number;
  /** Measured reliability in thousandths; null for a newcomer. */
  readonly reliabilityThousandths: number | null;
}

const FULL = limits.scoreFactorThousandths;
/** T 1.3 names three parts of certificate quality and no shares. [P] */
const qualityShares = { chain: 500, transparency: 250, ocsp: 250 };
/** What lowers the security posture (L-T35). [P] */
const postureCosts = { revocationForCause: 300, expiresSoon: 100 };

/** In tenths: 0…1000 (T-SCORE-06). */
export function scoreTenths(factors: Factors): number {
  const weights = Object.entries(limits.scoreWeights) as [Factor, number][];
  const sum = weights.reduce((total, [factor, weight]) => total + weight * factors[factor], 0);
  return Math.max(0, Math.min(FULL, Math.floor(sum / 100)));
}

export function factorsOf(evidence: Evidence, now: Micros): Factors {
  const { revocationsForCause, expiresSoon, healthCost = 0, reliabilityThousandths } = evidence;
  const spoilt =
    revocationsForCause * postureCosts.revocationForCause +
    (expiresSoon ? postureCosts.expiresSoon : 0) +
    healthCost;
  return {
    certificate_quality: qualityOf(evidence),
    domain_verification: isFresh(evidence.domainObservedAt, now) ? FULL : 0,
    organization_reputation: evidence.organizationThousandths,
    security_posture: Math.max(0, FULL - spoilt),
    compliance_status: evidence.attestations > 0 ? FULL : 0,
    historical_reliability: reliabilityThousandths ?? 0,
  };
}

/** Transparency and OCSP of a chain that does not hold are worth nothing. */
function qualityOf({ chainValid, transparencyVerified, ocspVerified }: Evidence): number {
  if (!chainValid) return 0;
  const { chain, transparency, ocsp } = qualityShares;
  return chain + (transparencyVerified ? transparency : 0) + (ocspVerified ? ocsp : 0);
}

/**
 * History is the time for which trust has been in force without cause for its end (L-T35): full
 * after 90 days, or what policy says. [P] Null: a newcomer, who has none (T-SCORE-03).
 */
export function reliabilityOf(
  trustedSince: Micros | null,
  now: Micros,
  historySeconds: number = limits.reliabilitySeconds,
): number | null {
  if (trustedSince === null || now < trustedSince) return null;
  const lasted = now - trustedSince;
  return Math.min(FULL, Math.floor((lasted * FULL) / seconds(historySeconds)));
}

/** T-SCORE-05: nothing when older than 24 hours. */
function isFresh(observedAt: Micros | null, now: Micros): boolean {
  return observedAt !== null && now - observedAt <= seconds(limits.domainProofSeconds);
}
