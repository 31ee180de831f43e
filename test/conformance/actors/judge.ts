/**
 * Judging the subject. What a case checks is counted; what the actors take for granted (a signature
 * that must verify, a message that must have its shape) is recorded only when it does not hold, so
 * a case cannot pass on checks that it did not make itself.
 */
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { CheckFailed } from '../case.ts';

interface Detail {
  readonly expected: unknown;
  readonly got: unknown;
  readonly what?: string;
}

/** As results.json has it. */
interface JudgedCheck {
  readonly requirement: RequirementId;
  readonly holds: boolean;
  readonly what: string;
  /** As JSON text. */
  readonly expected: string;
  readonly got: string;
}

export interface Judge {
  readonly checks: readonly JudgedCheck[];
  /** How often the case has judged each requirement. */
  readonly counts: ReadonlyMap<RequirementId, number>;
  check(id: RequirementId, holds: boolean, detail: Detail): void;
  /** For the actors: like `check`, but silent while it holds. */
  demand(id: RequirementId, holds: boolean, detail: Detail): void;
  /** Records the broken check; to be thrown. */
  broken(id: RequirementId, detail: Detail): CheckFailed;
}

export function createJudge(): Judge {
  const checks: JudgedCheck[] = [];
  const counts = new Map<RequirementId, number>();

  function record(requirement: RequirementId, holds: boolean, detail: Detail): void {
    const { expected, got } = detail;
    const what = whatOf(requirement, detail);
    checks.push({ requirement, holds, what, expected: jsonText(expected), got: jsonText(got) });
    counts.set(requirement, (counts.get(requirement) ?? 0) + 1);
  }

  function broken(id: RequirementId, detail: Detail): CheckFailed {
    record(id, false, detail);
    return new CheckFailed(id, whatOf(id, detail), detail.expected, detail.got);
  }

  return {
    checks,
    counts,
    broken,
    check(id, holds, detail) {
      if (!holds) throw broken(id, detail);
      record(id, true, detail);
    },
    demand(id, holds, detail) {
      if (!holds) throw broken(id, detail);
    },
  };
}

const whatOf = (id: RequirementId, { what, expected, got }: Detail): string =>
  what ?? `${id}: expected ${excerpt(jsonText(expected))}, got ${excerpt(jsonText(got))}`;

/** Cases may compare what JSON has no words for. */
function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

const excerpt = (text: string): string => (text.length > 160 ? `${text.slice(0, 160)}…` : text);
