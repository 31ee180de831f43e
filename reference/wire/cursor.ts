/**
 * Where a parser stands in its input, and how it stops. Functions that read through a cursor set
 * `fault` and return a value that nobody looks at; their callers return as soon as it is set. That
 * keeps the common path free of an allocation for each token.
 */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { Must } from '../assert.ts';
import type { Fault } from './result.ts';

export interface Cursor {
  /** UTF-8, checked. */
  readonly bytes: Uint8Array;
  readonly must: Must;
  at: number;
  /** Open brackets around `at`. */
  depth: number;
  fault: Fault | null;
}

/** True when reading must stop here: the requirement is broken and its guard is on. */
export function isRefused(
  cursor: Cursor,
  requirement: RequirementId,
  detail: string,
  offset = cursor.at,
): boolean {
  if (cursor.must(requirement, false)) return false;
  cursor.fault = { requirement, detail, offset };
  return true;
}

/**
 * Not JSON at all: it has no canonical form (X-CAN-01), and no reader could go on from here, so
 * this cannot be switched off. The guard still counts it.
 */
export function stopAt(cursor: Cursor, detail: string, offset = cursor.at): void {
  cursor.must('X-CAN-01', false);
  cursor.fault = { requirement: 'X-CAN-01', detail, offset };
}
