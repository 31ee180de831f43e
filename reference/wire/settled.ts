/**
 * Values that a reader need not parse. `settle` gives what `parseStrict` would give back for the
 * canonical bytes of a value: members in their order, none of them null, numbers and depth within
 * what is read; and it is frozen at every depth, so that nobody can alter it on its way. Whatever a
 * reader would have something to say about is not settled, and travels as bytes. Only this file can
 * mark a value as settled, and it marks nothing but what it has made itself.
 */
import { limits } from '../../spec/limits.ts';
import type { Json, JsonObject } from './json.ts';

export interface Settled {
  readonly value: JsonObject;
  /** Of its canonical form. */
  readonly sizeBytes: number;
}

interface Part {
  readonly value: Json;
  readonly sizeBytes: number;
  /** Levels of objects and lists in it. */
  readonly height: number;
}

/** Everything that is settled. */
const settled = new WeakMap<object, Part>();

/** Null: it must be read. */
export function settle(value: JsonObject): Settled | null {
  return settlePart(value, 1) as Settled | null;
}

export function isSettled(value: object): boolean {
  return settled.has(value);
}

/** The same value in objects and lists of its own; what is settled is shared, as nobody can change it. */
export function copyOf(value: Json): Json {
  if (typeof value !== 'object' || value === null || settled.has(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf);
  // Assigned, it would be no member any more.
  if (Object.hasOwn(value, '__proto__')) return JSON.parse(JSON.stringify(value)) as Json;
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) copy[name] = copyOf(value[name] as Json);
  return copy;
}

/** Printable ASCII without quote and backslash: the text is its own JSON. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const encoder = new TextEncoder();

const TRUE: Part = { value: true, sizeBytes: 4, height: 0 };
const FALSE: Part = { value: false, sizeBytes: 5, height: 0 };
const NULL: Part = { value: null, sizeBytes: 4, height: 0 };

/** `depth`: the level at which it stands, from 1. */
function settlePart(value: Json, depth: number): Part | null {
  switch (typeof value) {
    case 'string': {
      const sizeBytes = sizeOfText(value);
      return sizeBytes < 0 ? null : { value, sizeBytes, height: 0 };
    }
    case 'number':
      // Negative zero is written as zero.
      if (Math.abs(value) > Number.MAX_SAFE_INTEGER || Number.isNaN(value)) return null;
      return { value: value === 0 ? 0 : value, sizeBytes: String(value).length, height: 0 };
    case 'boolean':
      return value ? TRUE : FALSE;
    case 'object':
      if (value === null) return NULL;
      return settleNested(value, depth);
    default:
      return null;
  }
}

function settleNested(value: Json[] | JsonObject, depth: number): Part | null {
  const known = settled.get(value);
  if (known) return depth + known.height - 1 > limits.jsonDepth ? null : known;
  if (depth > limits.jsonDepth) return null;
  const part = Array.isArray(value) ? settleList(value, depth) : settleObject(value, depth);
  if (part !== null) settled.set(Object.freeze(part.value as object), part);
  return part;
}

function settleList(items: readonly Json[], depth: number): Part | null {
  const value: Json[] = [];
  // Brackets, and a comma between items.
  let sizeBytes = 1 + Math.max(1, items.length);
  let height = 1;
  for (const item of items) {
    const part = settlePart(item, depth + 1);
    if (part === null) return null;
    value.push(part.value);
    sizeBytes += part.sizeBytes;
    height = Math.max(height, part.height + 1);
  }
  return { value, sizeBytes, height };
}

function settleObject(object: JsonObject, depth: number): Part | null {
  const value: JsonObject = {};
  let sizeBytes = 1;
  let height = 1;
  // The default order of sort is that of UTF-16 code units, which is the order of RFC 8785.
  for (const name of Object.keys(object).sort()) {
    const member = object[name];
    if (member === null || member === undefined) continue;
    const part = settlePart(member, depth + 1);
    const nameBytes = sizeOfText(name);
    if (part === null || nameBytes < 0 || name === '__proto__') return null;
    value[name] = part.value;
    // A colon, and a comma or the bracket.
    sizeBytes += nameBytes + part.sizeBytes + 2;
    height = Math.max(height, part.height + 1);
  }
  return { value, sizeBytes: Math.max(2, sizeBytes), height };
}

/** With its quotes; −1 where it has no canonical form. */
function sizeOfText(text: string): number {
  if (PLAIN.test(text)) return text.length + 2;
  return LONE_SURROGATE.test(text) ? -1 : encoder.encode(JSON.stringify(text)).length;
}
