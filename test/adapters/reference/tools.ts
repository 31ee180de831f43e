/** The reference's parts with all guards on, as the functions of this folder use them. */
import { createMust } from '../../../reference/assert.ts';
import type { Context } from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import { createNoblePrimitives } from '../../../reference/crypto/noble-primitives.ts';
import { createSignatures } from '../../../reference/crypto/signatures.ts';
import type { Micros } from '../../../reference/time.ts';
import { bytesOf, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { hexBytes, hexOf } from './input.ts';

export const must = createMust();
export const primitives = createNoblePrimitives();
export const crypto = createCrypto(primitives, must);
export const signatures = createSignatures(primitives, must);

/** Vectors have hex where the reference has the wire form. */
export const wireOf = (hex: string): string => encodeBase64url(hexBytes(hex));
export const hexOfWire = (text: string): string => hexOf(bytesOf(text));

/** Where only the time, the guards and cryptography are asked of it, as by all that is called here. */
export function contextAt(now: Micros, emit: Context['emit'] = () => {}): Context {
  const asked = { now, must, crypto, emit };
  return asked as unknown as Context;
}
