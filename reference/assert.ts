/**
 * `must`: the one function through which every guard of the reference goes. It names the requirement
 * that the guard enforces, so that a refusal can say which one was broken, a run can report which
 * ones it exercised, and a mutant of the reference exists for every id: the same code with that one
 * guard switched off.
 */
import type { RequirementId } from '../spec/emitted/requirement-ids.ts';

type Falsy = undefined | null | false | 0 | '';

/**
 * True when `value` is truthy: the requirement holds. False: the caller refuses. Narrows `value`.
 * Arguments are evaluated before the call, so a guard must not rely on an earlier one for safety of
 * its own expression when the earlier one returns on failure.
 */
export type Must = <T>(id: RequirementId, value: T) => value is Exclude<T, Falsy>;

/** How often each requirement was checked, and how often it was found broken. */
export type Exercised = Map<RequirementId, { held: number; broken: number }>;

export interface MustOptions {
  /** Guards that are switched off: they always hold. */
  readonly off?: ReadonlySet<RequirementId>;
  /** Filled as guards run. */
  readonly exercised?: Exercised;
}

export function createMust({ off, exercised }: MustOptions = {}): Must {
  return <T>(id: RequirementId, value: T): value is Exclude<T, Falsy> => {
    const holds = Boolean(value);
    if (exercised) count(exercised, id, holds);
    return holds || off?.has(id) === true;
  };
}

function count(exercised: Exercised, id: RequirementId, holds: boolean): void {
  let entry = exercised.get(id);
  if (!entry) {
    entry = { held: 0, broken: 0 };
    exercised.set(id, entry);
  }
  if (holds) entry.held += 1;
  else entry.broken += 1;
}

/** A defect of ours. Never caught inside the cores. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) throw new InvariantError(what);
}

export function assertNever(value: never): never {
  throw new InvariantError(`unexpected ${JSON.stringify(value)}`);
}
