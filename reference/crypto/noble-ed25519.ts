/**
 * Ed25519 in portable JavaScript. Signing is @noble/ed25519's. Verification is the cofactorless
 * equation written out over @noble/curves points: both libraries' own `verify` multiply by the
 * cofactor and so accept signatures under mixed-order keys that OpenSSL refuses.
 */
import { ed25519 as curve } from '@noble/curves/ed25519.js';
import { getPublicKey, hashes, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

// @noble/ed25519 carries no hash of its own for its synchronous form.
hashes.sha512 = sha512;

const { Point } = curve;
const ORDER = Point.Fn.ORDER;

export const ed25519PublicKey = (seed: Uint8Array): Uint8Array => getPublicKey(seed);

export const ed25519Sign = (seed: Uint8Array, message: Uint8Array): Uint8Array =>
  sign(message, seed);

/** RFC 8032 5.1.7 without the cofactor: encode([S]B − [k]A) equals R, byte for byte. */
export function ed25519Verify(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  if (s >= ORDER) return false;
  const negatedKey = decode(publicKey)?.negate();
  if (!negatedKey) return false;
  const challenge = sha512.create().update(r).update(publicKey).update(message).digest();
  const k = littleEndian(challenge) % ORDER;
  const expected = Point.BASE.multiplyUnsafe(s).add(negatedKey.multiplyUnsafe(k)).toBytes();
  return expected.every((byte, index) => byte === r[index]);
}

/** Whether the bytes decode to a point, canonical or not. */
export const isEd25519Point = (publicKey: Uint8Array): boolean => decode(publicKey) !== undefined;

function decode(encoded: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    // The lenient decoder (y ≥ p, x = 0 with a sign) is the one OpenSSL has as well.
    return Point.fromBytes(encoded, true);
  } catch {
    return undefined;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let hex = '';
  for (const byte of bytes) hex = byte.toString(16).padStart(2, '0') + hex;
  return BigInt(`0x${hex}`);
}
