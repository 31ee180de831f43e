/** How crypto tests write bytes. */
import { encodeBase64url } from '../../../reference/wire/base64url.ts';

export const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

export const filled = (lengthBytes: number, byte: number): Uint8Array =>
  new Uint8Array(lengthBytes).fill(byte);

/** first, first + 1, … */
export const counting = (lengthBytes: number, first = 0): Uint8Array =>
  Uint8Array.from({ length: lengthBytes }, (_, index) => (first + index) & 0xff);

export const base64url = encodeBase64url;

/** Little-endian, as curve25519 writes its numbers. */
export const littleEndian = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));

/** The bytes with one bit turned over. */
export function flipped(bytes: Uint8Array, bit: number): Uint8Array {
  const at = (bit >> 3) % bytes.length;
  return bytes.map((byte, index) => (index === at ? byte ^ (1 << (bit & 7)) : byte));
}
