/**
 * Canonical form (X-CAN-01, L-S01): RFC 8785 of a value after its null members are dropped (L-S04).
 * It is always recomputed from the parsed value, never taken from received text, so order and white
 * space of the sender do not matter, and unknown members stay under the signature (X-CAN-08,
 * L-S05).
 */
import type { Json } from '../../spec/schema.ts';
import { InvariantError, invariant } from '../assert.ts';

type JsonObject = { [name: string]: Json };

/** Printable ASCII without quote and backslash: the text is its own JSON. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

const encoder = new TextEncoder();

/** Throws InvariantError on lone surrogates and infinite numbers: parseStrict lets none in. */
export function canonicalText(value: Json): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'number':
      return canonicalNumber(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalList(value) : canonicalObject(value);
    default:
      throw new InvariantError(`${typeof value} has no canonical form`);
  }
}

/** The bytes that are hashed and signed. */
export function canonicalBytes(value: Json): Uint8Array {
  return encoder.encode(canonicalText(value));
}

/** The object without the member that holds the signature being made or verified (L-S11). */
export function without(value: JsonObject, member: string): JsonObject {
  const { [member]: _, ...rest } = value;
  return rest;
}

function canonicalObject(value: JsonObject): string {
  let text = '';
  // The default order of sort is that of UTF-16 code units, which is the order of RFC 8785.
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    // X-CAN-03: null is absent. Undefined cannot come from a wire; a builder may leave it.
    if (member === null || member === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalString(name)}:${canonicalText(member)}`;
  }
  return `{${text}}`;
}

function canonicalList(values: readonly Json[]): string {
  let text = '';
  for (const item of values) text += (text === '' ? '' : ',') + canonicalText(item);
  return `[${text}]`;
}

function canonicalString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  invariant(!LONE_SURROGATE.test(text), 'a lone surrogate has no canonical form');
  // ECMAScript escapes exactly what RFC 8785 escapes.
  return JSON.stringify(text);
}

function canonicalNumber(value: number): string {
  invariant(Number.isFinite(value), `${value} has no canonical form`);
  return String(value); // −0 becomes 0, as in RFC 8785
}
