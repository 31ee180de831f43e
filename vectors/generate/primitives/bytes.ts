/** Octets: hex, text and big-endian integers. */
import { blake3 } from '@noble/hashes/blake3.js';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textHex = (text: string): string => hex(utf8(text));
export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
export const fromBase64url = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text, 'base64url'));
export const filled = (length: number, byte: number): Uint8Array =>
  new Uint8Array(length).fill(byte);

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** `width` bytes, big-endian. */
export function integer(value: number | bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(width);
  let rest = BigInt(value);
  for (let at = width - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** UTF-8 behind its length in two bytes. */
export function prefixed(text: string): Uint8Array {
  const bytes = utf8(text);
  return concat(integer(bytes.length, 2), bytes);
}

/** The 16 bytes of a UUID. */
export const uuidBytes = (uuid: string): Uint8Array => fromHex(uuid.replaceAll('-', ''));

/** The same bytes with one bit turned over; bit 0 is the lowest of byte 0. */
export function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

/** Bytes that look random and hang on nothing but their name. */
export function seeded(name: string, length: number): Uint8Array {
  return blake3(utf8(`norc vectors ${name}`), { dkLen: length });
}

/** A version 4 UUID from a name. */
export function seededUuid(name: string): string {
  const bytes = seeded(name, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
