/** Both providers, for tests that every provider must pass. */
import { createMust, type Must } from '../../../reference/assert.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { Crypto } from '../../../reference/crypto/crypto.ts';
import { createNoblePrimitives } from '../../../reference/crypto/noble-primitives.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import type { Primitives } from '../../../reference/crypto/primitives.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';

export const noble: Primitives = createNoblePrimitives();
export const node: Primitives = await createNodePrimitives();
export const providers: readonly Primitives[] = [noble, node];

export const must: Must = createMust();
export const nobleCrypto: Crypto = createCrypto(noble, must);
export const nodeCrypto: Crypto = createCrypto(node, must);
export const cryptos: readonly (readonly [string, Crypto])[] = [
  ['noble', nobleCrypto],
  ['node', nodeCrypto],
];

/** The reference without some of its guards. */
export const mutant = (...off: RequirementId[]): Crypto =>
  createCrypto(node, createMust({ off: new Set(off) }));
