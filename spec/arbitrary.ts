/**
 * Generators of valid values, from the declarations alone. What is generated has the form in which it
 * would be received: JSON, binary as canonical base64url, never `null` for an absent member.
 */
import fc from 'fast-check';
import type { Declaration, Defined } from './message.ts';
import type { Json, JsonSchema } from './schema.ts';

export interface ArbitraryOptions {
  /** At 1.0 the members that the published documents lack may be absent (L-V12). Default 1.1. */
  readonly version?: '1.0' | '1.1' | '2.0';
}

/** Valid values of `json`. Sizes stay far below the bounds; the bounds are the faults' business. */
export function arbitraryOf(json: JsonSchema, options: ArbitraryOptions = {}): fc.Arbitrary<Json> {
  const word = words[json['x-kind'] ?? ''];
  if (!word) throw new TypeError(`no generator for the schema word ${json['x-kind']}`);
  return word(json, options);
}

/** Valid messages of one type. */
export function arbitraryMessage<Type extends string, Body>(
  declaration: Defined<Type, Body>,
  options: ArbitraryOptions = {},
): fc.Arbitrary<Body & { type: Type }> {
  return arbitraryOf(declaration.json, options) as fc.Arbitrary<Body & { type: Type }>;
}

/** The same where only the declaration's row is known. */
export function arbitraryDeclared(
  declaration: Declaration,
  options: ArbitraryOptions = {},
): fc.Arbitrary<{ [name: string]: Json }> {
  return arbitraryOf(declaration.json, options) as fc.Arbitrary<{ [name: string]: Json }>;
}

type Word = (json: JsonSchema, options: ArbitraryOptions) => fc.Arbitrary<Json>;

/** A generator for each word of schema.ts, by its `x-kind`. */
const words: Readonly<Record<string, Word>> = {
  text: ({ maxLength }) => text(maxLength ?? 24),
  literal: ({ const: value }) => fc.constant(value ?? null),
  'one-of': ({ enum: values }) => fc.constantFrom(...(values ?? [])),
  uuid: () => fc.uuid({ version: 4 }),
  'server-id': () => serverIds,
  'user-id': () =>
    fc.tuple(fc.stringMatching(/^[a-z0-9._+-]{1,12}$/), serverIds).map((parts) => parts.join('@')),
  version: () => fc.tuple(fc.nat(3), fc.nat(12)).map((parts) => parts.join('.')),
  atom: () => atoms,
  capabilities: () => fc.uniqueArray(atoms, { maxLength: 5 }),
  'domain-proof-value': () => base64url(32, 32).map((value) => `norc-trust-${value}`),
  hex: () => bytes(32, 32).map((value) => Buffer.from(value).toString('hex')),
  blob: ({ maxLength }) => base64url(0, Math.min(48, decodedBytes(maxLength ?? 64))),
  // Senders pad to a bucket (X-PAD-01).
  ciphertext: () => fc.constantFrom(512, 512, 1024).chain((size) => base64url(size, size)),
  integer: ({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }) =>
    fc.oneof(
      fc.integer({ min: minimum, max: maximum }),
      fc.integer({ min: minimum, max: Math.min(maximum, minimum + 100) }),
    ),
  time: ({ 'x-unit': unit }) =>
    fc.integer({ min: 0, max: 4_000_000_000 }).map((time) => time * perSecond(unit)),
  decimal: ({ minimum = 0, maximum = 100 }) =>
    fc
      .integer({ min: Math.ceil(minimum * 10), max: Math.floor(maximum * 10) })
      .map((tenths) => tenths / 10),
  flag: () => fc.boolean(),
  list,
  map,
  'any-of': (json, options) =>
    fc.oneof(...(json.anyOf ?? []).map((option) => arbitraryOf(option, options))),
  'open-object': () =>
    fc.dictionary(fc.stringMatching(/^[a-z][a-z_]{0,11}$/), fc.oneof(text(24), fc.integer()), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  record,
  // Fixed lengths of bytes differ in name only.
  ...Object.fromEntries(
    ['bytes', 'public-key', 'signature', 'blake3', 'sha256', 'nonce'].map((kind) => [
      kind,
      (json: JsonSchema) => base64url(json['x-bytes'] ?? 0, json['x-bytes'] ?? 0),
    ]),
  ),
};

const texts = new Map<number, fc.Arbitrary<string>>();

/** Whole code points: lone surrogates are not text (X-CAN-07). Each length is made once: it is slow. */
function text(maxLength: number): fc.Arbitrary<string> {
  const known = texts.get(maxLength);
  if (known) return known;
  const fresh = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: Math.min(24, maxLength) }),
    fc.string({ unit: 'binary', maxLength: Math.min(8, maxLength) }),
  );
  texts.set(maxLength, fresh);
  return fresh;
}

const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,6}[a-z0-9])?$/);
const serverIds = fc.array(label, { minLength: 2, maxLength: 3 }).map((labels) => labels.join('.'));

const atoms = fc.stringMatching(/^[a-z][a-z0-9_.]{0,15}$/);

const bytes = (minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength, size: 'max' });

const base64url = (minBytes: number, maxBytes: number): fc.Arbitrary<string> =>
  bytes(minBytes, maxBytes).map((value) => Buffer.from(value).toString('base64url'));

/** Bytes that a text of base64url of this length can hold at most. */
const decodedBytes = (characters: number): number => Math.floor((characters * 6) / 8);

function perSecond(unit: JsonSchema['x-unit']): number {
  if (unit === 'microseconds') return 1_000_000;
  return unit === 'milliseconds' ? 1000 : 1;
}

function list(json: JsonSchema, options: ArbitraryOptions): fc.Arbitrary<Json> {
  const item = arbitraryOf(json.items ?? {}, options);
  const minLength = json.minItems ?? 0;
  const bounds = { minLength, maxLength: Math.min(json.maxItems ?? 3, minLength + 3) };
  if (!json.uniqueItems) return fc.array(item, bounds);
  return fc.uniqueArray(item, { ...bounds, selector: (value) => JSON.stringify(value) });
}

function map(json: JsonSchema, options: ArbitraryOptions): fc.Arbitrary<Json> {
  const { propertyNames, additionalProperties: value, minProperties: minKeys = 0 } = json;
  if (!propertyNames || typeof value !== 'object')
    throw new TypeError('a map without key or value');
  const keys = arbitraryOf(propertyNames, options) as fc.Arbitrary<string>;
  const maxKeys = Math.min(json.maxProperties ?? 3, minKeys + 2);
  return fc.dictionary(keys, arbitraryOf(value, options), {
    minKeys,
    maxKeys,
    noNullPrototype: true,
  });
}

function record(json: JsonSchema, options: ArbitraryOptions): fc.Arbitrary<Json> {
  const model: Record<string, fc.Arbitrary<Json>> = {};
  for (const [name, member] of Object.entries(json.properties ?? {})) {
    if (member['x-kind'] !== 'withdrawn') model[name] = arbitraryOf(member, options);
  }
  const absent = new Set(options.version === '1.0' ? json['x-added'] : []);
  const requiredKeys = (json.required ?? []).filter((name) => !absent.has(name));
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}
