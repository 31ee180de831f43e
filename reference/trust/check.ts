/**
 * Checks in a fixed order, each naming the requirement it enforces and the code that a peer is told
 * (L-T09). The first that fails decides (T-PIPE-01, T-CERT-09).
 */
import type { ErrorCode } from '../../spec/emitted/registries.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Must } from '../assert.ts';

export interface Refusal {
  readonly requirement: RequirementId;
  readonly code: ErrorCode;
  /** For the local log; a peer never sees it (X-ERR-03). */
  readonly detail: string;
  /** `details.reason`, where a code has several causes. */
  readonly reason?: string;
}

export interface Check extends Refusal {
  /** Evaluated only when all checks before it have held. */
  readonly holds: () => unknown;
}

export function check(
  requirement: RequirementId,
  code: ErrorCode,
  detail: string,
  holds: () => unknown,
  reason?: string,
): Check {
  return { requirement, code, detail, holds, ...(reason !== undefined && { reason }) };
}

/** Null when all hold. */
export function firstBroken(must: Must, checks: readonly Check[]): Refusal | null {
  for (const { holds, ...refusal } of checks) {
    if (!must(refusal.requirement, holds())) return refusal;
  }
  return null;
}
