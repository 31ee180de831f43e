/** Puts a run's outcome and the register together into the results document. */

import type { CaseResult, RequirementResult, Results, RunFacts } from '../../reports/results.ts';
import type { Requirement } from '../../spec/register-schema.ts';
import { worst } from './verdict.ts';

export function assembleResults(
  run: RunFacts,
  cases: readonly CaseResult[],
  register: readonly Requirement[],
): Results {
  return {
    format: 'norc-conformance-results/1',
    run,
    requirements: register.map((row) => requirementResult(row, cases)),
    cases,
  };
}

const layerNames = {
  X: 'cross-cutting',
  C: 'client',
  F: 'federation',
  T: 'trust',
} as const;

function requirementResult(row: Requirement, cases: readonly CaseResult[]): RequirementResult {
  const verifying = cases.filter((result) => result.verifies.includes(row.id));
  const verdict = worst(verifying.map((result) => verdictFor(row, result)));
  return {
    id: row.id,
    layer: layerNames[row.id[0] as keyof typeof layerNames],
    level: row.level,
    assigned: row.assigned,
    statement: row.statement,
    source: row.source,
    observe: row.observe,
    readings: row.readings,
    verdict,
    reason: reasonOf(row, verifying, verdict),
    cases: verifying.map((result) => result.id),
  };
}

/**
 * A case that failed on one requirement may have judged another before and found it kept: only the
 * requirement that broke, and those left unjudged, share its failure.
 */
function verdictFor(row: Requirement, result: CaseResult): CaseResult['verdict'] {
  if (result.verdict !== 'fail' && result.verdict !== 'warn') return result.verdict;
  const own = result.checks.filter((check) => check.requirement === row.id);
  if (own.some((check) => !check.holds)) return result.verdict;
  const broken = result.checks.some((check) => !check.holds);
  if (broken && own.length > 0) return 'pass';
  return broken ? 'untestable' : result.verdict;
}

function reasonOf(
  row: Requirement,
  verifying: readonly CaseResult[],
  verdict: RequirementResult['verdict'],
): string | null {
  if (verdict === 'pass') return null;
  const decisive = verifying.find((result) => verdictFor(row, result) === verdict);
  if (decisive) return decisive.reason ?? `a check before it failed in ${decisive.id}`;
  if (row.reason) return row.reason;
  if (row.unbuilt) return `not built yet: ${row.unbuilt}`;
  return unjudged[row.observe] ?? null;
}

const unjudged: { readonly [observe in Requirement['observe']]: string } = {
  wire: 'no case of this run judges it: not built yet, or not selected',
  vector: 'judged by test vectors, which this run does not play',
  simulation: 'judged in the simulator, which this run does not play',
  property: 'judged by property tests of an implementation, not by a peer',
  architecture: 'holds by construction or does not: nothing to send shows it',
  none: 'nothing shows it',
};
