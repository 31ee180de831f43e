/** Fresh identifiers and challenges (X-KDF-10, T-CHAL-02). */
import type { Context } from '../core.ts';
import { encodeBase64url } from '../wire/base64url.ts';

/** Lowercase UUID version 4 (X-CAN-13). */
export function freshUuid(context: Context): string {
  return uuidOf(context.entropy(16));
}

/** With the version and the variant that X-CAN-13 asks for, whatever the 16 bytes are. */
export function uuidOf(given: Uint8Array): string {
  const bytes = Uint8Array.from(given);
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}

/** base64url of fresh bytes. */
export function freshBytes(context: Context, lengthBytes: number): string {
  return encodeBase64url(context.entropy(lengthBytes));
}
