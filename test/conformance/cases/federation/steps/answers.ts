/**
 * What the subject makes of a request of ours, as a value that cases judge: answered, refused with
 * a code, or the link broken off (profile 2.2 row 14, F 11.2).
 */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { Answer, Link } from '../../../actors/peer.ts';
import type { Stage } from '../../../stage.ts';

/** Error code of a refusal; null when the answer is none. */
export function codeOf({ message }: Answer): number | null {
  if (message?.type === 'federation_error') return message.error_code;
  return message?.type === 'rate_limit_exceeded' ? (message.error_code ?? null) : null;
}

/** For reports. */
export function told(answer: Answer): unknown {
  const { status, message } = answer;
  if (status === 0) return 'the link was broken off';
  if (message === null) return `HTTP ${status} without a body`;
  const details = message.type === 'federation_error' ? (message.details ?? {}) : {};
  return { status, type: message.type, code: codeOf(answer), ...details };
}

export interface Expected {
  /** Codes that the profile names. Absent: it only says that this is refused. */
  readonly codes?: readonly number[];
  /** Whether the link may be broken off instead of an answer (a violation of 2.2 row 14). */
  readonly orBroken?: true;
  readonly what: string;
}

/** A refusal with one of the codes. */
export function checkRefused(
  stage: Stage,
  id: RequirementId,
  answer: Answer,
  { codes, orBroken, what }: Expected,
): void {
  const code = codeOf(answer);
  const isExpected = code !== null && (codes === undefined || codes.includes(code));
  stage.check(id, isExpected || (orBroken === true && answer.status === 0), {
    what,
    expected: codes ? { code: codes } : 'a refusal',
    got: told(answer),
  });
}

/** An answer of this type. */
export function checkAnswered(
  stage: Stage,
  id: RequirementId,
  answer: Answer,
  { type, what }: { type: string; what: string },
): void {
  stage.check(id, answer.message?.type === type, { what, expected: type, got: told(answer) });
}

/** Received and passed over: neither an answer nor a refusal. */
export function checkSilent(stage: Stage, id: RequirementId, answer: Answer, what: string): void {
  const isSilent = answer.message === null && answer.status >= 200 && answer.status < 300;
  stage.check(id, isSilent, { what, expected: 'an empty answer', got: told(answer) });
}

/** The link still answers. */
export async function checkAlive(
  stage: Stage,
  id: RequirementId,
  link: Link,
  after: string,
): Promise<void> {
  checkAnswered(stage, id, await link.trustStatus(), {
    type: 'trust_status_response',
    what: `trust_status on the same link after ${after}`,
  });
}
