/** Fresh identifiers and challenges (X-KDF-10, T-CHAL-02). */
import type { Context } from '../core.ts';
import { encodeBase64url } from '../wire/base64url.ts';
import { uuidOf } from '../wire/uuid.ts';

/** Lowercase UUID version 4 (X-CAN-13). */
export function freshUuid(context: Context): string {
  return uuidOf(context.entropy(16));
}

/** base64url of fresh bytes. */
export function freshBytes(context: Context, lengthBytes: number): string {
  return encodeBase64url(context.entropy(lengthBytes));
}
