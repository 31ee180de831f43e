/** Identifiers and fixed values that both roles of NORC-C write (L-S09, L-T33, L-E16). */
import { limits } from '../../spec/limits.ts';
import { encodeBase64url } from '../wire/base64url.ts';

/** X-SEQ-10: what the first message of a chain names as its predecessor. */
export const ZERO_HASH = encodeBase64url(new Uint8Array(limits.hashBytes));

/** The home server of a user: what follows the `@`. */
export function serverOf(userId: string): string {
  return userId.slice(userId.indexOf('@') + 1);
}
