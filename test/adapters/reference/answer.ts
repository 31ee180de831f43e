/** Every category of the plan as a function over the reference's own code, by its name. */
import type { VectorValue } from '../../../vectors/vector-file.ts';
import type { Answer } from '../protocol/answer.ts';
import { categoryFunctions } from './categories.ts';
import { inputOf } from './input.ts';

/** Throws when the input has not the members that the category's schema promises. */
export function answerOf(category: string, input: VectorValue): Answer {
  const run = Object.hasOwn(categoryFunctions, category) ? categoryFunctions[category] : undefined;
  return run ? run(inputOf(input)) : { kind: 'unsupported' };
}
