/**
 * One valid value of every schema, always the same, and others that differ from it by their number.
 * Optional members are left out. Faults are made from these where a message lacks the member.
 */
import type { Json, JsonSchema } from './schema.ts';

/** `nth` tells values apart where a list wants different ones; the same `nth`, the same value. */
export function exampleOf(json: JsonSchema, nth = 0): Json {
  if (json.const !== undefined) return json.const;
  if (json.enum) return json.enum[nth % json.enum.length] ?? null;
  if (json.anyOf) return exampleOf(json.anyOf[0] ?? {}, nth);
  switch (json.type) {
    case 'string':
      return exampleText(json, nth);
    case 'integer':
    case 'number':
      return Math.min(
        Math.max(json.minimum ?? 0, 1) + nth,
        json.maximum ?? Number.MAX_SAFE_INTEGER,
      );
    case 'boolean':
      return nth % 2 === 0;
    case 'array':
      return examples(json.items ?? {}, json.minItems ?? 0);
    default:
      return exampleObject(json, nth);
  }
}

/** `count` different values. */
export function examples(json: JsonSchema, count: number): Json[] {
  return Array.from({ length: count }, (_, nth) => exampleOf(json, nth));
}

/** A map with `count` entries. */
export function exampleMap(json: JsonSchema, count: number): { [name: string]: Json } {
  const value = typeof json.additionalProperties === 'object' ? json.additionalProperties : {};
  const keys = examples(json.propertyNames ?? { type: 'string' }, count);
  return Object.fromEntries(keys.map((key, nth) => [String(key), exampleOf(value, nth)]));
}

function exampleObject(json: JsonSchema, nth: number): Json {
  if (!json.properties) return exampleMap(json, json.minProperties ?? 0);
  const required = new Set(json.required);
  return Object.fromEntries(
    Object.entries(json.properties)
      .filter(([name]) => required.has(name))
      .map(([name, member]) => [name, exampleOf(member, nth)]),
  );
}

function exampleText(json: JsonSchema, nth: number): string {
  const hex = nth.toString(16);
  switch (json['x-kind']) {
    case 'uuid':
      return `00000000-0000-4000-8000-${hex.padStart(12, '0')}`;
    case 'server-id':
      return `s${nth}.example`;
    case 'user-id':
      return `u${nth}@acme.example`;
    case 'version':
      return `1.${nth}`;
    case 'hex':
      return hex.padStart(64, '0');
    case 'domain-proof-value':
      return `norc-trust-${exampleBytes(32, nth)}`;
    case 'ciphertext':
      return exampleBytes(512, nth);
    case 'blob':
      return exampleBytes(16, nth);
    default:
      if (json['x-bytes'] !== undefined) return exampleBytes(json['x-bytes'], nth);
      return `text-${nth}`.slice(0, json.maxLength);
  }
}

function exampleBytes(lengthBytes: number, nth: number): string {
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeUInt32BE(nth, Math.max(0, lengthBytes - 4));
  return bytes.toString('base64url');
}
