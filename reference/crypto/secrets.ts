/** What stands behind the opaque `secret` of a key: raw bytes, seen by this room only. */
import { invariant } from '../assert.ts';

export function secretBytes(handle: { readonly secret: unknown }): Uint8Array {
  invariant(handle.secret instanceof Uint8Array, 'the key was made by another provider');
  return handle.secret;
}

/** X-KDF-08: what has been used is overwritten, as far as a garbage-collected language lets one. */
export function erase(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}
