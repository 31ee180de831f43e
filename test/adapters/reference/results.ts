/** Answers, and functions that give them, as the files of this folder make them. */
import { InvariantError } from '../../../reference/assert.ts';
import type { Result } from '../../../reference/wire/result.ts';
import type { VectorValue } from '../../../vectors/vector-file.ts';
import type { Answer } from '../protocol/answer.ts';
import type { Input } from './input.ts';

export type CategoryFunction = (input: Input) => Answer;

export const output = (value: VectorValue): Answer => ({ kind: 'output', output: value });
export const rejected = (reason: string): Answer => ({ kind: 'rejected', reason });
export const unsupported: Answer = { kind: 'unsupported' };

export function answered<T>(result: Result<T>, tell: (value: T) => VectorValue): Answer {
  if (result.ok) return output(tell(result.value));
  return rejected(`${result.error.requirement}: ${result.error.detail}`);
}

/** A check that only says yes. */
export function allowed(isRight: boolean, reason: string): Answer {
  return isRight ? output({}) : rejected(reason);
}

/** A category of several functions, by the member `function` of the input. */
export function byFunction(
  functions: Readonly<Record<string, CategoryFunction>>,
): CategoryFunction {
  return (input) => {
    const name = input.text('function');
    const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
    return run ? run(input) : unsupported;
  };
}

/**
 * What the reference makes itself it makes of its own values, and one that does not fit is a defect
 * there: it throws. Asked for it from outside, that is how it refuses.
 */
export function unlessImpossible(make: () => Answer): Answer {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof InvariantError) return rejected(thrown.message);
    throw thrown;
  }
}
