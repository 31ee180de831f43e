/** Hashes and derivations: HKDF is RFC 5869 over HMAC-BLAKE3 (L-H05), salt first (L-H06). */
import { blake3 as nobleBlake3 } from '@noble/hashes/blake3.js';
import { hkdf as nobleHkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { concat } from './bytes.ts';

export const blake3 = (...parts: readonly Uint8Array[]): Uint8Array =>
  nobleBlake3(concat(...parts));
export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  nobleSha256(concat(...parts));
export const hmacBlake3 = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  hmac(nobleBlake3, key, message);
/** Over SHA-256 for links of suite 0002 (L-H10). */
export const hkdfSha256 = (
  salt: Uint8Array,
  secret: Uint8Array,
  info: Uint8Array,
  length = 32,
): Uint8Array => nobleHkdf(nobleSha256, secret, salt, info, length);
export const hkdf = (
  salt: Uint8Array,
  secret: Uint8Array,
  info: Uint8Array,
  length = 32,
): Uint8Array => nobleHkdf(nobleBlake3, secret, salt, info, length);
