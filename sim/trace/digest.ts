/** FNV-1a of 32 bits: tells two runs apart, protects nothing. */
import { isSettled } from '../../reference/wire/settled.ts';
import type { Json } from '../../spec/schema.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** Before each part, so that two neighbouring texts do not run together. */
const LIST = 0x5b;
const MEMBER = 0x7b;

export function digestOfText(text: string, from = OFFSET): number {
  let hash = from;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    hash = Math.imul(hash ^ (unit & 0xff), PRIME);
    hash = Math.imul(hash ^ (unit >>> 8), PRIME);
  }
  return hash >>> 0;
}

export function digestOfBytes(bytes: Uint8Array, from = OFFSET): number {
  let hash = from;
  for (let at = 0; at < bytes.length; at += 1)
    hash = Math.imul(hash ^ (bytes[at] as number), PRIME);
  return hash >>> 0;
}

/** Objects that cannot change, which are met again and again inside others. */
const known = new WeakMap<object, number>();

/** Of every member, in the order in which the value has them. */
export function digestOfValue(value: Json, from = OFFSET): number {
  if (typeof value === 'string') return digestOfText(value, from);
  if (typeof value !== 'object' || value === null) return digestOfText(String(value), from);
  if (!isSettled(value)) return digestOfNested(value, from);
  let own = known.get(value);
  if (own === undefined) {
    own = digestOfNested(value, OFFSET);
    known.set(value, own);
  }
  return Math.imul(from ^ own, PRIME) >>> 0;
}

function digestOfNested(value: Json[] | { readonly [name: string]: Json }, from: number): number {
  let hash = from;
  if (Array.isArray(value)) {
    for (const item of value) hash = digestOfValue(item, Math.imul(hash ^ LIST, PRIME));
    return hash >>> 0;
  }
  for (const name in value) {
    hash = digestOfText(name, Math.imul(hash ^ MEMBER, PRIME));
    hash = digestOfValue(value[name] as Json, hash);
  }
  return hash >>> 0;
}
