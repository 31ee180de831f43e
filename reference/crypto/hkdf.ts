/**
 * HKDF (RFC 5869) over HMAC-BLAKE3 (L-H05): HMAC with BLAKE3's 64-byte block and 32-byte output,
 * not BLAKE3's own keyed mode, which could not take the 24-byte salt. Argument order is salt, ikm,
 * info, length everywhere (L-H06).
 */
import { invariant } from '../assert.ts';
import { utf8 } from './octets.ts';
import type { Primitives } from './primitives.ts';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

/** Every label there is (profile 5.5). X-KDF-05: an unprefixed or unknown one aborts. */
export const hkdfLabels = [
  'norc:ms:v1',
  'norc:tk:c2s:v1',
  'norc:tk:s2c:v1',
  'norc:fin:s2c:v1',
  'norc:wrap:v1',
  'norc:session:v1',
  'norc:media:rekey:v1',
] as const;
export type HkdfLabel = (typeof hkdfLabels)[number];

export interface Derivation {
  /** Empty means a block of zeros, as in RFC 5869. */
  readonly salt: Uint8Array;
  readonly ikm: Uint8Array;
  readonly label: HkdfLabel;
  /** What follows the label in `info`. */
  readonly context: readonly Uint8Array[];
  readonly lengthBytes: number;
}

export function hkdf(primitives: Primitives, derivation: Derivation): Uint8Array {
  const { salt, ikm, label, context, lengthBytes } = derivation;
  invariant(hkdfLabels.includes(label), `X-KDF-05: ${label} is no label of the protocol`);
  invariant(lengthBytes > 0 && lengthBytes <= 255 * HASH_BYTES, 'HKDF gives 1 to 8160 bytes');
  const pseudorandomKey = hmacBlake3(primitives, salt, ikm);
  return expand(primitives, pseudorandomKey, [utf8(label), ...context], lengthBytes);
}

function expand(
  primitives: Primitives,
  key: Uint8Array,
  info: readonly Uint8Array[],
  lengthBytes: number,
): Uint8Array {
  const output = new Uint8Array(lengthBytes);
  let block: Uint8Array = new Uint8Array(0);
  for (let done = 0, round = 1; done < lengthBytes; done += HASH_BYTES, round += 1) {
    block = hmacBlake3(primitives, key, block, ...info, Uint8Array.of(round));
    output.set(block.subarray(0, lengthBytes - done), done);
  }
  return output;
}

/** RFC 2104 over BLAKE3-256. */
export function hmacBlake3(
  primitives: Primitives,
  key: Uint8Array,
  ...message: readonly Uint8Array[]
): Uint8Array {
  const inner = new Uint8Array(BLOCK_BYTES).fill(0x36);
  const outer = new Uint8Array(BLOCK_BYTES).fill(0x5c);
  const blockKey = key.length > BLOCK_BYTES ? primitives.blake3(key) : key;
  for (const [index, byte] of blockKey.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return primitives.blake3(outer, primitives.blake3(inner, ...message));
}
