/** Identifiers and fixed values that both roles of NORC-C write (L-S09, L-T33, L-E16). */
import { limits } from '../../spec/limits.ts';
import { invariant } from '../assert.ts';
import { encodeBase64url } from '../wire/base64url.ts';

/** X-SEQ-10: what the first message of a chain names as its predecessor. */
export const ZERO_HASH = encodeBase64url(new Uint8Array(limits.hashBytes));

/** A version 4 UUID of 16 fresh bytes: unpredictable, as C-CONN-13 wants of a session id. */
export function uuidOf(entropy: Uint8Array): string {
  invariant(entropy.length === 16, 'a UUID takes 16 bytes');
  const octets = [...entropy].map((octet, at) => {
    if (at === 6) return (octet & 0x0f) | 0x40;
    if (at === 8) return (octet & 0x3f) | 0x80;
    return octet;
  });
  const hex = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The home server of a user: what follows the `@`. */
export function serverOf(userId: string): string {
  return userId.slice(userId.indexOf('@') + 1);
}
