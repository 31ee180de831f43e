/**
 * What shows each requirement of the register: a verdict on the wire, a verdict in process, a test, or
 * a reason why nothing does. Every requirement has exactly one standing, and it comes from what runs
 * emitted.
 */
import type { Requirement } from '../spec/register-schema.ts';
import { countsOf, judgedOf } from './counts.ts';
import type { Proof, ProofKind } from './proofs.ts';
import type { RequirementResult, Results } from './results.ts';

/** Strongest first: a requirement has the first that is true of it. */
export const standings = [
  'wire',
  'in-process',
  'property',
  'vector',
  'scenario',
  'unit',
  'architecture',
  'none',
  'unbuilt',
  'unproven',
] as const;
export type Standing = (typeof standings)[number];

export const standingTitles: { readonly [standing in Standing]: string } = {
  wire: 'judged over sockets',
  'in-process': 'judged in process only',
  property: 'shown by a property test',
  vector: 'shown by a test vector',
  scenario: 'shown by a simulation',
  unit: 'shown by an example test',
  architecture: 'kept by the form of the code',
  none: 'not observable',
  unbuilt: 'not built yet',
  unproven: 'nothing shows it yet',
};

export interface CoverageRow {
  readonly requirement: Requirement;
  readonly standing: Standing;
  /** Titles of tests, or the register's reason; empty where cases judge it. */
  readonly by: readonly string[];
}

export interface Evidence {
  readonly sockets: Results;
  readonly inProcess: Results;
  readonly proofs: readonly Proof[];
}

export interface Coverage {
  readonly rows: readonly CoverageRow[];
  /** Rows that the register calls unbuilt although something shows them. */
  readonly stale: readonly string[];
}

export function coverageOf(register: readonly Requirement[], evidence: Evidence): Coverage {
  const onSockets = judgedIn(evidence.sockets.requirements);
  const inProcess = judgedIn(evidence.inProcess.requirements);
  const rows = register.map((requirement) => {
    if (onSockets.has(requirement.id)) return row(requirement, 'wire');
    if (inProcess.has(requirement.id)) return row(requirement, 'in-process');
    return provenRow(requirement, evidence.proofs) ?? unshownRow(requirement);
  });
  const stale = rows
    .filter(({ requirement, standing }) => requirement.unbuilt && standing !== 'unbuilt')
    .map(({ requirement }) => requirement.id);
  return { rows, stale };
}

function judgedIn(results: readonly RequirementResult[]): ReadonlySet<string> {
  return new Set(results.filter((each) => judgedOf(countsOf([each])) > 0).map(({ id }) => id));
}

/** By the strongest kind of test that shows it. */
function provenRow(requirement: Requirement, proofs: readonly Proof[]): CoverageRow | null {
  const own = proofs.filter((proof) => proof.requirement === requirement.id);
  for (const kind of standings.filter(isProofKind)) {
    const titles = own.filter((proof) => proof.kind === kind).map(({ title }) => title);
    if (titles.length > 0) return row(requirement, kind, titles);
  }
  return null;
}

function isProofKind(standing: Standing): standing is ProofKind & Standing {
  return ['property', 'vector', 'scenario', 'unit'].includes(standing);
}

function unshownRow(requirement: Requirement): CoverageRow {
  const { observe, reason, unbuilt } = requirement;
  if (observe === 'architecture' || observe === 'none') {
    return row(requirement, observe, [reason ?? '']);
  }
  return unbuilt ? row(requirement, 'unbuilt', [unbuilt]) : row(requirement, 'unproven');
}

function row(
  requirement: Requirement,
  standing: Standing,
  by: readonly string[] = [],
): CoverageRow {
  return { requirement, standing, by };
}
