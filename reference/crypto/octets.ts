/** The few ways in which the protocol puts bytes together. Total: shapes are judged elsewhere. */

const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * Exactly `lengthBytes` bytes: cut, or filled with zeros. A value of the right length is returned
 * as it is; any other gets here only in a build whose guard of the length is switched off.
 */
export function fitted(bytes: Uint8Array, lengthBytes: number): Uint8Array {
  if (bytes.length === lengthBytes) return bytes;
  const fit = new Uint8Array(lengthBytes);
  fit.set(bytes.subarray(0, lengthBytes));
  return fit;
}

/** u16 length ‖ UTF-8: what keeps two neighbouring texts apart (L-F09, L-T04). */
export function prefixed(text: string): Uint8Array {
  const bytes = utf8(text);
  return concat(Uint8Array.of((bytes.length >> 8) & 0xff, bytes.length & 0xff), bytes);
}

/** Whether `prefixed` can say the length of `text`. */
export const isPrefixable = (text: string): boolean => utf8(text).length <= 0xffff;

/** Big-endian; 0 for what is no unsigned integer. */
export function u64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const fits = Number.isSafeInteger(value) && value >= 0;
  new DataView(bytes.buffer).setBigUint64(0, BigInt(fits ? value : 0));
  return bytes;
}

const HEX_DIGITS = '0123456789abcdef';

/** The 32 hexadecimal digits of a UUID as 16 raw bytes (L-S09). */
export function uuidBytes(uuid: string): Uint8Array {
  const bytes = new Uint8Array(16);
  let digits = 0;
  let high = 0;
  for (let at = 0; at < uuid.length && digits < 32; at += 1) {
    const digit = HEX_DIGITS.indexOf(uuid.charAt(at));
    if (digit < 0) continue;
    if (digits % 2 === 1) bytes[digits >> 1] = high | digit;
    high = digit << 4;
    digits += 1;
  }
  return bytes;
}
