/**
 * Reads a JSON string from checked UTF-8. A string without escapes is found by one scan and decoded
 * at once. Strings are copies: a slice of the message text would keep the whole message alive for
 * as long as an identifier taken from it is kept.
 */
import { type Cursor, isRefused, stopAt } from './cursor.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
const LETTER_U = 0x75;
const REPLACEMENT = '\ufffd';
/** Up to this length a call of the decoder costs more than reading byte by byte. */
const SHORT_BYTES = 16;

/** What the letter after a backslash stands for (RFC 8259 section 7). */
const ESCAPES: { readonly [letter: number]: string } = {
  34: '"',
  47: '/',
  92: '\\',
  98: '\b',
  102: '\f',
  110: '\n',
  114: '\r',
  116: '\t',
};

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The cursor stands behind the opening quote; afterwards behind the closing one. */
export function readString(cursor: Cursor): string {
  const { bytes } = cursor;
  const start = cursor.at;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) {
      cursor.at = at + 1;
      return textOf(bytes, start, at);
    }
    if (byte === BACKSLASH || byte < FIRST_PRINTABLE) return readEscapedString(cursor, start, at);
  }
  stopAt(cursor, 'the string has no end', start);
  return '';
}

/** The same, from the first byte that does not stand for itself. */
function readEscapedString(cursor: Cursor, start: number, first: number): string {
  const { bytes } = cursor;
  let text = '';
  let run = start; // start of the bytes that are not yet in text
  cursor.at = first;
  while (cursor.at < bytes.length) {
    const byte = bytes[cursor.at] ?? 0;
    if (byte === QUOTE) {
      text += textOf(bytes, run, cursor.at);
      cursor.at += 1;
      return text;
    }
    if (byte === BACKSLASH) {
      text += textOf(bytes, run, cursor.at) + readEscape(cursor);
      if (cursor.fault) return '';
      run = cursor.at;
      continue;
    }
    if (byte < FIRST_PRINTABLE && isRefused(cursor, 'X-CAN-01', 'a bare control character'))
      return '';
    cursor.at += 1;
  }
  stopAt(cursor, 'the string has no end', start);
  return '';
}

/** The cursor stands on a backslash. */
function readEscape(cursor: Cursor): string {
  const letter = cursor.bytes[cursor.at + 1] ?? 0;
  if (letter === LETTER_U) return readUnicodeEscape(cursor);
  const character = ESCAPES[letter];
  if (character === undefined) {
    stopAt(cursor, 'no such escape');
    return '';
  }
  cursor.at += 2;
  return character;
}

/** X-CAN-07: two escapes make a character beyond U+FFFF; half of such a pair makes none. */
function readUnicodeEscape(cursor: Cursor): string {
  const unit = hexUnitAt(cursor.bytes, cursor.at);
  if (unit < 0) {
    stopAt(cursor, 'four hexadecimal digits follow \\u');
    return '';
  }
  if (unit < 0xd800 || unit > 0xdfff) {
    cursor.at += 6;
    return String.fromCharCode(unit);
  }
  const low = unit <= 0xdbff ? hexUnitAt(cursor.bytes, cursor.at + 6) : -1;
  if (low >= 0xdc00 && low <= 0xdfff) {
    cursor.at += 12;
    return String.fromCharCode(unit, low);
  }
  if (isRefused(cursor, 'X-CAN-07', 'a lone surrogate')) return '';
  cursor.at += 6;
  return REPLACEMENT; // as a careless reader has it; a lone surrogate could never be written again
}

/** The code unit of the `\uXXXX` at `at`, or −1. */
function hexUnitAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return -1;
  let unit = 0;
  for (let digit = at + 2; digit < at + 6; digit += 1) {
    const value = hexValue(bytes[digit] ?? 0);
    if (value < 0) return -1;
    unit = unit * 16 + value;
  }
  return unit;
}

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20; // lowercase
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  if (end - start > SHORT_BYTES) return decoder.decode(bytes.subarray(start, end));
  let text = '';
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte > 0x7f) return decoder.decode(bytes.subarray(start, end));
    text += String.fromCharCode(byte);
  }
  return text;
}
