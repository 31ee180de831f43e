/**
 * How a case's end becomes a verdict (architecture §5). Severity comes from the register: a broken MUST
 * is a `fail`, a broken SHOULD or MAY a `warn`. Whatever is not about the subject is an `error` of ours.
 */

import type { CheckResult, Verdict } from '../../reports/results.ts';
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { type Case, CheckFailed, SubjectMisbehaved, Untestable } from './case.ts';
import { LinkBroken } from './ground.ts';

export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'MAY';
export type LevelOf = (id: RequirementId) => Level;

export interface Ending {
  readonly verdict: Verdict;
  /** A sentence, unless passed. */
  readonly reason: string | null;
}

/** What a case did on its stage, as far as the verdict depends on it. */
export interface Deeds {
  readonly checks: readonly CheckResult[];
  /** Ledger entries that it asked about. */
  readonly consulted: ReadonlySet<ReadingId>;
}

/**
 * Of a case that ran to its end: it must have judged everything that it says it verifies, and have
 * said of every reading it asked about that it hangs on it.
 */
export function endingOf(theCase: Case, { checks, consulted }: Deeds): Ending {
  const judged = new Set(checks.map((check) => check.requirement));
  const unjudged = theCase.verifies.filter((id) => !judged.has(id));
  if (theCase.verifies.length === 0) {
    return { verdict: 'error', reason: 'the case verifies nothing' };
  }
  if (unjudged.length > 0) {
    return { verdict: 'error', reason: `the case ended without judging ${unjudged.join(', ')}` };
  }
  const undeclared = [...consulted].filter((id) => !theCase.readings.includes(id));
  if (undeclared.length > 0) {
    const reason = `the case asks about ${undeclared.join(', ')} without naming it in its readings`;
    return { verdict: 'error', reason };
  }
  return { verdict: 'pass', reason: null };
}

/** Of a case that was ended by `thrown`. */
export function endingByThrow(theCase: Case, thrown: unknown, levelOf: LevelOf): Ending {
  if (thrown instanceof CheckFailed) {
    return { verdict: severity(levelOf(thrown.requirement)), reason: thrown.message };
  }
  if (thrown instanceof Untestable) return { verdict: 'untestable', reason: thrown.message };
  if (thrown instanceof SubjectMisbehaved || thrown instanceof LinkBroken) {
    const worst = theCase.verifies.some((id) => severity(levelOf(id)) === 'fail');
    return { verdict: worst ? 'fail' : 'warn', reason: thrown.message };
  }
  return { verdict: 'error', reason: describe(thrown) };
}

export function severity(level: Level): 'fail' | 'warn' {
  return level === 'MUST' || level === 'MUST NOT' ? 'fail' : 'warn';
}

function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `the suite erred: ${String(thrown)}`;
  const where = thrown.stack?.split('\n').find((line) => line.includes('/test/conformance/'));
  return `the suite erred: ${thrown.message}${where ? ` (${where.trim()})` : ''}`;
}

const order: readonly Verdict[] = ['error', 'fail', 'warn', 'pass', 'untestable', 'not-applicable'];

/** The verdict of a requirement with these cases: a failure anywhere outweighs passes. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'untestable';
}
