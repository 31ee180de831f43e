/** With which exit code a run ends that came to its end (architecture §5). */
import type { CaseResult, Results } from '../../reports/results.ts';
import { exitCodes } from '../usage-error.ts';

/** Nothing tested is never green; a known failure does not fail the run, a stale entry does. */
export function exitCodeOf({ cases, baseline }: Results): number {
  const known = new Set(baseline?.known ?? []);
  const has = (verdict: CaseResult['verdict']) =>
    cases.some((result) => result.verdict === verdict && !known.has(result.id));
  if (has('error')) return exitCodes.suiteError;
  if (has('fail')) return exitCodes.failed;
  if ((baseline?.stale.length ?? 0) > 0) return exitCodes.staleBaseline;
  const judged = cases.some(({ verdict }) => ['pass', 'fail', 'warn'].includes(verdict));
  return judged ? exitCodes.passed : exitCodes.nothingTested;
}
