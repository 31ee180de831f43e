/** The reference's parts with all guards on, as the functions of this folder use them. */
import { createMust } from '../../../reference/assert.ts';
import { createNoblePrimitives } from '../../../reference/crypto/noble-primitives.ts';

export const must = createMust();
export const primitives = createNoblePrimitives();
