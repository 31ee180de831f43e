/**
 * Binary members in JSON: base64url without padding (X-CAN-02, L-S07). Decoding is strict down to
 * the unused bits of the last character, because a second spelling of the same bytes would be a
 * second message with the same meaning.
 */
import type { Must } from '../assert.ts';
import { accept, type Result, refuse } from './result.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Two characters for every 12 bits: halves the number of concatenations. */
const PAIRS = Array.from(
  { length: 4096 },
  (_, bits) => ALPHABET.charAt(bits >> 6) + ALPHABET.charAt(bits & 63),
);

const INVALID = 64;
/** Six bits by character code. */
const VALUES = tableOf(ALPHABET);
/** As above, with the characters of plain base64 for the lenient reader. */
const LENIENT_VALUES = tableOf(`${ALPHABET.slice(0, 62)}+/`, tableOf(ALPHABET));

/**
 * By the encoder of the platform where it has one: it is faster, and its text is of one piece, where
 * one that was put together keeps every step of that in memory.
 */
export const encodeBase64url: (bytes: Uint8Array) => string =
  typeof Buffer === 'function' ? encodeByPlatform : encodePortably;

function encodeByPlatform({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64url');
}

export function encodePortably(bytes: Uint8Array): string {
  let text = '';
  const whole = bytes.length - (bytes.length % 3);
  for (let at = 0; at < whole; at += 3) {
    const bits = (byteAt(bytes, at) << 16) | (byteAt(bytes, at + 1) << 8) | byteAt(bytes, at + 2);
    text += (PAIRS[bits >> 12] ?? '') + (PAIRS[bits & 4095] ?? '');
  }
  if (bytes.length - whole === 1) text += PAIRS[byteAt(bytes, whole) << 4] ?? '';
  if (bytes.length - whole === 2) {
    const bits = (byteAt(bytes, whole) << 10) | (byteAt(bytes, whole + 1) << 2);
    text += (PAIRS[bits >> 6] ?? '') + ALPHABET.charAt(bits & 63);
  }
  return text;
}

/** Decodes what a peer wrote. With X-CAN-02 switched off it reads like a careless decoder. */
export function decodeBase64url(text: string, must: Must): Result<Uint8Array> {
  const fault = base64urlFault(text);
  if (!must('X-CAN-02', fault === null)) return refuse('X-CAN-02', fault ?? '');
  return accept(bytesOf(text));
}

/** What keeps a text from being the base64url of any bytes, or null. */
export function base64urlFault(text: string): string | null {
  for (let at = 0; at < text.length; at += 1) {
    if (valueAt(VALUES, text, at) === INVALID) return `not a base64url character at ${at}`;
  }
  const rest = text.length % 4;
  if (rest === 1) return 'a single character is left over';
  if (rest === 0) return null;
  const unused = rest === 2 ? 15 : 3;
  const last = valueAt(VALUES, text, text.length - 1);
  return (last & unused) === 0 ? null : 'the unused bits of the last character are not zero';
}

/**
 * Bytes of a member that has been validated. Total: it reads plain base64 as well and skips what is
 * neither, so a build with X-CAN-02 switched off still computes with something.
 */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let length = 0;
  let bits = 0;
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = valueAt(LENIENT_VALUES, text, at);
    if (value === INVALID) continue;
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes[length] = bits >> count;
    length += 1;
  }
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

function tableOf(
  alphabet: string,
  base: Uint8Array = new Uint8Array(128).fill(INVALID),
): Uint8Array {
  for (let value = 0; value < alphabet.length; value += 1) {
    base[alphabet.charCodeAt(value)] = value;
  }
  return base;
}

function valueAt(table: Uint8Array, text: string, at: number): number {
  return table[text.charCodeAt(at)] ?? INVALID;
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
