/**
 * Reads JSON as a protocol must that signs what it reads (L-S06): order and white space are the
 * sender's own, but every input has one meaning or none. Refused are invalid UTF-8, byte order
 * marks and lone surrogates (X-CAN-07), duplicate names (X-CAN-05), numbers that are not exact
 * (X-CAN-06), and what is too large or too deep (X-FMT-03). One pass; it never throws.
 */
import { limits } from '../../spec/limits.ts';
import type { Json } from '../../spec/schema.ts';
import type { Must } from '../assert.ts';
import { type Cursor, isRefused, stopAt } from './cursor.ts';
import { readNumber } from './parse-number.ts';
import { readString } from './parse-string.ts';
import { accept, type Result, refuse } from './result.ts';
import { invalidUtf8At } from './utf8.ts';

export interface ParseOptions {
  readonly maxBytes: number;
  readonly must: Must;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const BOM = [0xef, 0xbb, 0xbf];

/** Depth that no switch lifts: what the call stack bears in everything that walks a value. */
const STACK_DEPTH = 500;

export function parseStrict(input: Uint8Array, { maxBytes, must }: ParseOptions): Result<Json> {
  // Before anything is read: a reader must not do work for what it will refuse.
  if (!must('X-FMT-03', input.length <= maxBytes)) {
    return refuse('X-FMT-03', `${input.length} bytes, at most ${maxBytes}`);
  }
  const hasBom = BOM.every((byte, at) => input[at] === byte);
  if (!must('X-CAN-07', !hasBom)) return refuse('X-CAN-07', 'a byte order mark', { offset: 0 });
  const invalid = invalidUtf8At(input);
  if (!must('X-CAN-07', invalid < 0)) return refuse('X-CAN-07', 'not UTF-8', { offset: invalid });

  const cursor: Cursor = { bytes: input, must, at: hasBom ? 3 : 0, depth: 0, fault: null };
  const value = readDocument(cursor);
  if (cursor.fault) return { ok: false, error: cursor.fault };
  // The guards of the single pass speak only where they are broken; here they are said to hold.
  must('X-CAN-01', true);
  must('X-CAN-05', true);
  must('X-CAN-06', true);
  return accept(value);
}

function readDocument(cursor: Cursor): Json {
  const value = readValue(cursor);
  if (cursor.fault) return null;
  skipSpace(cursor);
  if (cursor.at < cursor.bytes.length) isRefused(cursor, 'X-CAN-01', 'text after the value');
  return value;
}

function readValue(cursor: Cursor): Json {
  skipSpace(cursor);
  switch (cursor.bytes[cursor.at]) {
    case QUOTE:
      cursor.at += 1;
      return readString(cursor);
    case OPEN_OBJECT:
      return readObject(cursor);
    case OPEN_LIST:
      return readList(cursor);
    case 0x74:
      return readWord(cursor, 'true', true);
    case 0x66:
      return readWord(cursor, 'false', false);
    case 0x6e:
      return readWord(cursor, 'null', null);
    default:
      return readNumber(cursor);
  }
}

function readObject(cursor: Cursor): Json {
  const object: { [name: string]: Json } = {};
  if (!enter(cursor)) return null;
  skipSpace(cursor);
  if (takes(cursor, CLOSE_OBJECT)) return leave(cursor, object);
  do {
    readMember(cursor, object);
    if (cursor.fault) return null;
  } while (hasNext(cursor, CLOSE_OBJECT));
  return leave(cursor, object);
}

function readMember(cursor: Cursor, object: { [name: string]: Json }): void {
  skipSpace(cursor);
  const start = cursor.at;
  const name = readName(cursor);
  if (cursor.fault) return;
  const value = readValue(cursor);
  if (cursor.fault) return;
  // X-CAN-05: of two members with one name, one party may check the first, another obey the last.
  if (
    Object.hasOwn(object, name) &&
    isRefused(cursor, 'X-CAN-05', 'a second member of this name', start)
  ) {
    return;
  }
  setMember(object, name, value);
}

/** The name and its colon. */
function readName(cursor: Cursor): string {
  if (!takes(cursor, QUOTE)) {
    stopAt(cursor, 'a member name is missing');
    return '';
  }
  const name = readString(cursor);
  if (cursor.fault) return '';
  skipSpace(cursor);
  if (!takes(cursor, COLON)) stopAt(cursor, 'a colon is missing');
  return name;
}

/** `__proto__` is a name like any other; plain assignment would change the object's prototype. */
function setMember(object: { [name: string]: Json }, name: string, value: Json): void {
  if (name !== '__proto__') {
    object[name] = value;
    return;
  }
  const attributes = { configurable: true, enumerable: true, writable: true };
  Object.defineProperty(object, name, { ...attributes, value });
}

function readList(cursor: Cursor): Json {
  const values: Json[] = [];
  if (!enter(cursor)) return null;
  skipSpace(cursor);
  if (takes(cursor, CLOSE_LIST)) return leave(cursor, values);
  do {
    values.push(readValue(cursor));
    if (cursor.fault) return null;
  } while (hasNext(cursor, CLOSE_LIST));
  return leave(cursor, values);
}

/** Steps over the bracket and counts it (X-FMT-03). */
function enter(cursor: Cursor): boolean {
  cursor.depth += 1;
  const { depth } = cursor;
  if (depth > limits.jsonDepth && isRefused(cursor, 'X-FMT-03', `depth ${depth}`)) return false;
  if (depth > STACK_DEPTH) {
    cursor.fault = { requirement: 'X-FMT-03', detail: `depth ${depth}`, offset: cursor.at };
    return false;
  }
  cursor.at += 1;
  return true;
}

function leave(cursor: Cursor, value: Json): Json {
  cursor.depth -= 1;
  return value;
}

/** True when a comma promises another item; false at the closing bracket or a fault. */
function hasNext(cursor: Cursor, close: number): boolean {
  skipSpace(cursor);
  const comma = cursor.at;
  if (!takes(cursor, COMMA)) {
    if (!takes(cursor, close)) stopAt(cursor, 'neither a comma nor the closing bracket');
    return false;
  }
  skipSpace(cursor);
  if (cursor.bytes[cursor.at] !== close) return true;
  if (!isRefused(cursor, 'X-CAN-01', 'a comma before the closing bracket', comma)) cursor.at += 1;
  return false;
}

function readWord(cursor: Cursor, word: string, value: Json): Json {
  for (let index = 0; index < word.length; index += 1) {
    if (cursor.bytes[cursor.at + index] === word.charCodeAt(index)) continue;
    stopAt(cursor, `not ${word}`);
    return null;
  }
  cursor.at += word.length;
  return value;
}

/** Steps over `byte` when it is next. */
function takes(cursor: Cursor, byte: number): boolean {
  if (cursor.bytes[cursor.at] !== byte) return false;
  cursor.at += 1;
  return true;
}

/** Space, tab, line feed, carriage return (RFC 8259 section 2). */
function skipSpace(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    const isSpace = byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
    if (!isSpace) return;
    cursor.at += 1;
  }
}
