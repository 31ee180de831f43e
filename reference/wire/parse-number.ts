/**
 * Reads a JSON number (X-CAN-06, L-S03): at most 2^53 − 1 either way, no negative zero, nothing
 * that is lost in a double. Where a decimal may stand is judged by the schema of the message.
 */
import { type Cursor, isRefused, stopAt } from './cursor.ts';

const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const LETTER_E = 0x65;
/** So many digits are exact in a double whatever they are. */
const EXACT_DIGITS = 15;

/** The cursor stands on a minus sign or a digit; afterwards behind the number. */
export function readNumber(cursor: Cursor): number {
  const { bytes } = cursor;
  const start = cursor.at;
  const first = bytes[start] === MINUS ? start + 1 : start;
  let at = first;
  let magnitude = 0;
  for (let digit = digitAt(bytes, at); digit >= 0; digit = digitAt(bytes, at)) {
    magnitude = magnitude * 10 + digit;
    at += 1;
  }
  const digits = at - first;
  if (digits === 0 || (digits > 1 && bytes[first] === ZERO)) {
    stopAt(cursor, digits === 0 ? 'a value is missing' : 'a leading zero');
    return 0;
  }
  cursor.at = at;
  const isPlain = digits <= EXACT_DIGITS && magnitude !== 0 && !hasTail(bytes[at]);
  if (isPlain) return first === start ? magnitude : -magnitude;
  return readUnusualNumber(cursor, start);
}

/** Zero, long integers, and numbers with a fraction or an exponent. */
function readUnusualNumber(cursor: Cursor, start: number): number {
  skipTail(cursor);
  if (cursor.fault) return 0;
  const written = asciiOf(cursor.bytes, start, cursor.at);
  const value = Number(written);
  if (isExact(value, written)) return value;
  if (isRefused(cursor, 'X-CAN-06', 'the number is out of range', start)) return 0;
  // As a careless reader has it, but finite: infinity could never be written again.
  return Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
}

/** Within ±(2^53 − 1), not −0, and not a small number that has become zero (1e-400). */
function isExact(value: number, written: string): boolean {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER || Object.is(value, -0)) return false;
  return value !== 0 || !/^[^e]*[1-9]/i.test(written);
}

/** Moves behind `.digits` and `e±digits`. */
function skipTail(cursor: Cursor): void {
  const { bytes } = cursor;
  if (bytes[cursor.at] === POINT) {
    cursor.at += 1;
    skipDigits(cursor);
  }
  if (cursor.fault || !isExponent(bytes[cursor.at])) return;
  cursor.at += 1;
  const sign = bytes[cursor.at];
  if (sign === MINUS || sign === PLUS) cursor.at += 1;
  skipDigits(cursor);
}

function skipDigits(cursor: Cursor): void {
  const start = cursor.at;
  while (digitAt(cursor.bytes, cursor.at) >= 0) cursor.at += 1;
  if (cursor.at === start) stopAt(cursor, 'a digit is missing');
}

function hasTail(byte: number | undefined): boolean {
  return byte === POINT || isExponent(byte);
}

function isExponent(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) === LETTER_E;
}

/** Value of the digit at `at`, or −1. */
function digitAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  return byte >= ZERO && byte <= 0x39 ? byte - ZERO : -1;
}

const ascii = new TextDecoder();

function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  return ascii.decode(bytes.subarray(start, end));
}
