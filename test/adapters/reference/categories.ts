/** The functions of the plan, over the reference. One that is missing is answered `unsupported`. */
import type { Answer } from '../protocol/answer.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Input } from './input.ts';

export type CategoryFunction = (input: Input) => Answer;

export const categoryFunctions: { readonly [category: string]: CategoryFunction } = {
  'canonical-json': canonicalJson,
};
