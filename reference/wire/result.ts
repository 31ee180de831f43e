/**
 * What judging a peer's input yields. A peer's mistake is a value that names the requirement it
 * breaks; only our own mistakes are thrown (InvariantError).
 */
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';

export interface Fault {
  readonly requirement: RequirementId;
  /** For local logs. Never sent to a peer (X-ERR-03). */
  readonly detail: string;
  /** JSON pointer to the value at fault. */
  readonly path?: string;
  /** Byte of the input at which the fault was met. */
  readonly offset?: number;
}

export type Result<T, E = Fault> = Accepted<T> | Refused<E>;
export interface Accepted<T> {
  readonly ok: true;
  readonly value: T;
}
export interface Refused<E = Fault> {
  readonly ok: false;
  readonly error: E;
}

export function accept<T>(value: T): Accepted<T> {
  return { ok: true, value };
}

export function refuse(
  requirement: RequirementId,
  detail: string,
  where: Pick<Fault, 'path' | 'offset'> = {},
): Refused {
  return { ok: false, error: { requirement, detail, ...where } };
}
