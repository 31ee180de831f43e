/** Canonical form (X-CAN-01, L-S01, L-S04): RFC 8785 without null members. */
import type { VectorValue } from '../../vector-file.ts';
import { utf8 } from './bytes.ts';

export type JsonObject = { readonly [name: string]: VectorValue };

export function canonicalText(value: VectorValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== null);
  // By UTF-16 code units, as RFC 8785 has it.
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`);
  return `{${texts.join(',')}}`;
}

export const canonicalBytes = (value: VectorValue): Uint8Array => utf8(canonicalText(value));

export function without(value: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
