/**
 * What evidence amounts to (T 1.3, profile 5.4): each factor of the score, the gates of every
 * level, the levels that are reached, and what would raise them. The same rules as a verdict, for
 * evidence that somebody has written down instead of a peer that shows it.
 */
import { type Level, levelNames, levels } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import {
  complianceStandards,
  securityClearances,
} from '../../../spec/messages/trust/enumerations.ts';
import { isExpired } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import { clearanceFor, defaultTrustPolicy } from '../../trust-policy.ts';
import { acceptsAuthority, needsBackgroundCheck, needsHybrid, reaches } from '../policy.ts';
import {
  type Evidence,
  type Factor,
  type Factors,
  factorsOf,
  reliabilityOf,
  scoreTenths,
} from './score.ts';

/** Evidence about one server, as of one moment. */
export interface Dossier {
  readonly at: Micros;
  readonly method: string;
  /** Null: no chain, or one that does not hold. */
  readonly chain: {
    readonly authority: string;
    readonly keys: readonly { readonly algorithm: string; readonly bits: number }[];
    readonly expiresAtSeconds: number;
  } | null;
  readonly ocspGood: boolean;
  readonly transparencyProven: boolean;
  readonly domainObservedAtSeconds: number | null;
  /** Statements about the organisation that a party of the policy has signed. */
  readonly signedStatements: number;
  /** What recommendations are worth, in thousandths. */
  readonly recommendationThousandths: number;
  readonly attestations: readonly {
    readonly standard: string;
    readonly expiresAtSeconds: number;
  }[];
  readonly revocationsForCause: number;
  readonly trustedSinceSeconds: number | null;
  readonly clearance: { readonly held: string; readonly adjudicatedAtSeconds: number } | null;
  readonly hybridLink: boolean;
}

export interface FactorLine {
  readonly factor: Factor;
  readonly thousandths: number;
  readonly weight: number;
  /** Of 1000 tenths, before the sum is rounded down; in hundredths of a tenth. */
  readonly contributionTenths: number;
}

export interface Gate {
  readonly gate: string;
  readonly requirement: string;
  readonly passed: boolean;
  readonly reason: string;
}

export interface LevelLine {
  readonly level: Level;
  readonly thresholdTenths: number;
  readonly enoughScore: boolean;
  readonly gates: readonly Gate[];
  readonly reached: boolean;
}

export interface Assessment {
  readonly scoreTenths: number;
  readonly factors: readonly FactorLine[];
  readonly levels: readonly LevelLine[];
  /** Highest level that is reached; `untrusted` when none is. */
  readonly reached: Level;
  readonly raise: Raise | null;
}

/** What leads to the next level; null above the highest. */
export interface Raise {
  readonly level: Level;
  readonly gates: readonly Gate[];
  readonly missingTenths: number;
  /** The smallest sets of factors that, each brought to its full value, are enough. */
  readonly sets: readonly { readonly factors: readonly Factor[]; readonly scoreTenths: number }[];
}

const FULL = limits.scoreFactorThousandths;
const weights = Object.entries(limits.scoreWeights) as [Factor, number][];

export function assess(dossier: Dossier): Assessment {
  const factors = factorsOf(evidenceOf(dossier), dossier.at);
  const total = scoreTenths(factors);
  const lines = levelNames
    .filter((level) => levels[level].grantable)
    .map((level) => levelLine(dossier, level, total));
  const best = lines.findLast(({ reached }) => reached);
  const next = lines.find(({ level }) => levels[level].rank > (best ? levels[best.level].rank : 0));
  return {
    scoreTenths: total,
    factors: weights.map(([factor, weight]) => ({
      factor,
      thousandths: factors[factor],
      weight,
      contributionTenths: (weight * factors[factor]) / 100,
    })),
    levels: lines,
    reached: best?.level ?? 'untrusted',
    raise: next ? raiseTo(next, factors) : null,
  };
}

function evidenceOf(dossier: Dossier): Evidence {
  const { at, chain, domainObservedAtSeconds: seen, method } = dossier;
  const soon = at + seconds(limits.expiryWarningSeconds);
  const known = dossier.attestations.filter((one) => counts(one, at));
  const signed = dossier.signedStatements > 0 ? FULL : 0;
  const isSpoilt = dossier.revocationsForCause > 0;
  const since = dossier.trustedSinceSeconds;
  return {
    chainValid: isValid(dossier),
    transparencyVerified: dossier.transparencyProven,
    ocspVerified: dossier.ocspGood,
    domainObservedAt: seen === null ? null : seconds(seen),
    organizationThousandths: method === 'web_of_trust' ? dossier.recommendationThousandths : signed,
    revocationsForCause: dossier.revocationsForCause,
    expiresSoon: chain !== null && isValid(dossier) && isExpired(soon, chain.expiresAtSeconds),
    attestations: known.length,
    reliabilityThousandths: since === null || isSpoilt ? null : reliabilityOf(seconds(since), at),
  };
}

function isValid({ chain, at }: Dossier): boolean {
  return chain !== null && !isExpired(at, chain.expiresAtSeconds);
}

/** T-REQ-09. */
function counts(
  { standard, expiresAtSeconds }: Dossier['attestations'][number],
  at: Micros,
): boolean {
  const known: readonly string[] = complianceStandards;
  return known.includes(standard) && !isExpired(at, expiresAtSeconds);
}

function levelLine(dossier: Dossier, level: Level, total: number): LevelLine {
  const thresholdTenths = (levels[level].threshold ?? 100) * 10;
  const gates = gatesOf(dossier, level);
  const enoughScore = total >= thresholdTenths;
  const reached = enoughScore && gates.every(({ passed }) => passed);
  return { level, thresholdTenths, enoughScore, gates, reached };
}

/** In the order of validation (T-PIPE-01). No score makes up for one that fails (T-PIPE-02). */
function gatesOf(dossier: Dossier, level: Level): readonly Gate[] {
  const { method, chain } = dossier;
  const row = levels[level];
  const authority = chain?.authority ?? 'none';
  const isGoverned = !acceptsAuthority(level, 'commercial_ca');
  const isChainFree = level === 'basic' && (method === 'direct_exchange' || method === WEB);
  const gate = (name: string, requirement: string, passed: boolean, reason: string): Gate => ({
    gate: name,
    requirement,
    passed,
    reason,
  });
  return [
    gate(
      'method',
      'T-LVL-05',
      reaches(method, level, authority),
      `${method} reaches ${reachOf(method, authority)}`,
    ),
    gate('chain', 'T-REQ-07', isValid(dossier) || isChainFree, chainReason(dossier)),
    gate(
      'authority',
      isGoverned ? 'T-GOV-03' : 'T-LVL-04',
      (chain === null && isChainFree) || acceptsAuthority(level, authority),
      `${authority}; ${level} takes ${row.caTypes.join(', ')}`,
    ),
    gate(
      'keys',
      'T-LVL-04',
      (chain?.keys ?? []).every((key) => isStrong(level, key)),
      keysReason(level, chain?.keys ?? []),
    ),
    gate(
      'ocsp',
      'T-RESP-05',
      dossier.ocspGood || !row.ocsp,
      askedReason(row.ocsp, dossier.ocspGood),
    ),
    gate(
      'transparency',
      'T-RESP-06',
      dossier.transparencyProven || !row.certificateTransparency,
      askedReason(row.certificateTransparency, dossier.transparencyProven),
    ),
    gate('domain', 'T-RESP-04', isDomainProven(dossier), domainReason(dossier)),
    gate('standards', 'T-LVL-04', ...standardsGate(dossier, level)),
    gate('background check', 'T-LVL-04', ...backgroundGate(dossier, level)),
    gate(
      'hybrid link',
      'T-LVL-04',
      dossier.hybridLink || !needsHybrid(level),
      askedReason(needsHybrid(level), dossier.hybridLink),
    ),
    gate(
      'recommendations',
      'T-REC-03',
      method !== WEB || dossier.recommendationThousandths > 0,
      askedReason(method === WEB, dossier.recommendationThousandths > 0),
    ),
  ];
}

const WEB = 'web_of_trust';

function reachOf(method: string, authority: string): string {
  return levelNames.findLast((level) => reaches(method, level, authority)) ?? 'nothing';
}

function chainReason(dossier: Dossier): string {
  if (dossier.chain === null) return 'no chain that holds';
  return isValid(dossier) ? 'holds' : 'has expired';
}

function isStrong(level: Level, key: { algorithm: string; bits: number }): boolean {
  const allowed: readonly { algorithm: string; min_bits: number }[] = levels[level].chainAlgorithms;
  const name = key.algorithm === 'rsa' ? 'rsa_pss' : key.algorithm;
  return allowed.some(({ algorithm, min_bits: bits }) => algorithm === name && key.bits >= bits);
}

function keysReason(level: Level, keys: readonly { algorithm: string; bits: number }[]): string {
  const weak = keys.filter((key) => !isStrong(level, key));
  if (weak.length === 0) return 'strong enough';
  return `too weak: ${weak.map(({ algorithm, bits }) => `${algorithm} ${bits}`).join(', ')}`;
}

function askedReason(asked: boolean, there: boolean): string {
  if (!asked) return 'not asked';
  return there ? 'there' : 'missing';
}

function isDomainProven({ domainObservedAtSeconds: seen, at }: Dossier): boolean {
  return seen !== null && at - seconds(seen) <= seconds(limits.domainProofSeconds);
}

function domainReason(dossier: Dossier): string {
  if (dossier.domainObservedAtSeconds === null) return 'never observed';
  return isDomainProven(dossier) ? 'observed within 24 hours' : 'observed too long ago';
}

function standardsGate({ attestations, at }: Dossier, level: Level): [boolean, string] {
  const held = new Set(attestations.filter((one) => counts(one, at)).map((one) => one.standard));
  const missing = levels[level].complianceStandards.filter((name) => !held.has(name));
  if (levels[level].complianceStandards.length === 0) return [true, 'none asked'];
  return [
    missing.length === 0,
    missing.length === 0 ? 'attested' : `missing: ${missing.join(', ')}`,
  ];
}

/** By manual_verification the operator makes it. */
function backgroundGate({ clearance, method, at }: Dossier, level: Level): [boolean, string] {
  if (!needsBackgroundCheck(level)) return [true, 'not asked'];
  if (clearance === null && method === 'manual_verification') return [true, 'by the operator'];
  if (clearance === null) return [false, 'no clearance'];
  const needed = clearanceFor[level] ?? 'top_secret';
  const ladder: readonly string[] = securityClearances;
  if (ladder.indexOf(clearance.held) < ladder.indexOf(needed)) {
    return [false, `${clearance.held} is below ${needed}`];
  }
  const { clearanceSeconds } = defaultTrustPolicy.government;
  const isOver = isExpired(at, clearance.adjudicatedAtSeconds + clearanceSeconds);
  const isEarly = at < seconds(clearance.adjudicatedAtSeconds);
  if (isOver || isEarly)
    return [false, isOver ? 'adjudicated too long ago' : 'not adjudicated yet'];
  return [true, clearance.held];
}

// --- what would raise it -------------------------------------------------------------------------

function raiseTo({ level, gates, thresholdTenths }: LevelLine, factors: Factors): Raise {
  const short = Math.max(0, thresholdTenths - scoreTenths(factors));
  return {
    level,
    gates: gates.filter(({ passed }) => !passed),
    missingTenths: short,
    sets: short === 0 ? [] : smallestSets(factors, thresholdTenths),
  };
}

/** All subsets of six factors are 64: the smallest that are enough are found by trying them. */
function smallestSets(factors: Factors, thresholdTenths: number): Raise['sets'] {
  const open = weights.map(([factor]) => factor).filter((factor) => factors[factor] < FULL);
  const sets = subsetsOf(open)
    .map((chosen) => ({ factors: chosen, scoreTenths: scoreTenths(filled(factors, chosen)) }))
    .filter(({ scoreTenths: reached }) => reached >= thresholdTenths);
  const least = Math.min(...sets.map(({ factors: chosen }) => chosen.length));
  return sets.filter(({ factors: chosen }) => chosen.length === least);
}

function subsetsOf<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  const without = subsetsOf(rest);
  return [...without, ...without.map((subset) => [first, ...subset])];
}

function filled(factors: Factors, chosen: readonly Factor[]): Factors {
  const full = Object.fromEntries(chosen.map((factor) => [factor, FULL]));
  return { ...factors, ...full } as Factors;
}
