/**
 * The validator of this room, made once for each `must` it is used with: it compiles schemas as it
 * meets them, and a layer meets one `must` in all its life.
 */
import type { Must } from '../assert.ts';
import { createValidator, type Validate } from '../wire/validate.ts';

export interface Validation {
  under(must: Must): Validate;
}

export function createValidation(): Validation {
  let made: { readonly must: Must; readonly validate: Validate } | null = null;
  return {
    under(must) {
      if (made?.must !== must) made = { must, validate: createValidator({ must }) };
      return made.validate;
    },
  };
}
