/**
 * The faults of one word of the vocabulary: ways to spoil a valid value by breaking one rule. Faults
 * of members, items and entries are in faults.ts.
 */
import { exampleMap, examples } from './example.ts';
import type { Json, JsonSchema } from './schema.ts';

export interface Spoiled {
  readonly fault: string;
  /** Takes a valid value. */
  readonly make: (value: Json) => Json;
}

/** Faults larger than this are left out: what carries the value would be refused for its size. */
const largestBytes = 2 * 1024 * 1024;

export function* spoilt(json: JsonSchema): Generator<Spoiled> {
  if (json['x-kind'] === 'withdrawn') {
    yield to('withdrawn-member', 'text');
    return;
  }
  if (json.anyOf) return;
  if (json.const !== undefined) {
    yield to('other-value', otherThan(json.const));
    return;
  }
  yield to('wrong-type', wrongType[json.type ?? 'object']);
  if (json.enum) yield* ofEnum();
  else if (json.type === 'string') yield* ofText(json);
  else if (json.type === 'integer' || json.type === 'number') yield* ofNumber(json);
  else if (json.type === 'array') yield* ofList(json);
  else if (json.type === 'object') yield* ofObject(json);
}

const to = (fault: string, faulty: Json): Spoiled => ({ fault, make: () => faulty });

const spoil = (fault: string, make: (value: string) => Json): Spoiled => ({
  fault,
  make: (value) => make(String(value)),
});

/** Never `null`: that is an absent member (X-CAN-03). */
const wrongType: Readonly<Record<NonNullable<JsonSchema['type']>, Json>> = {
  string: 7,
  integer: 'seven',
  number: 'seven',
  boolean: 'true',
  array: {},
  object: [],
};

function otherThan(value: Json): Json {
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : `${String(value)}_`;
}

function* ofEnum(): Generator<Spoiled> {
  yield to('not-listed', 'no_such_value');
  yield spoil('uppercase', (value) => value.toUpperCase());
  yield spoil('trailing-space', (value) => `${value} `);
}

function* ofText(json: JsonSchema): Generator<Spoiled> {
  const faults = named[json['x-kind'] ?? ''];
  if (faults) yield* faults;
  else if (json.pattern) yield* ofBase64url(json);
  if (json['x-bytes'] !== undefined) return;
  const { minLength = 0, maxLength = 0 } = json;
  const filled = json.pattern ? zeros : letters;
  if (minLength > 0) yield to('too-short', filled(minLength, -1));
  if (maxLength > 0 && maxLength < largestBytes) yield to('too-long', filled(maxLength, 1));
}

const letters = (characters: number, change: 1 | -1): string => 'a'.repeat(characters + change);
/** Base64url of one byte more or less, so that nothing but the length is wrong. */
const zeros = (characters: number, change: 1 | -1): string =>
  Buffer.alloc(Math.floor((characters * 6) / 8) + change).toString('base64url');

/** Faults of words whose texts have a grammar. */
const named: Readonly<Record<string, readonly Spoiled[]>> = {
  uuid: [
    to('uppercase', 'F47AC10B-58CC-4372-A567-0E02B2C3D479'),
    to('version-1', 'c232ab00-9414-11ec-b3c8-9f6bdeced846'),
    to('wrong-variant', 'f47ac10b-58cc-4372-c567-0e02b2c3d479'),
    to('without-hyphens', 'f47ac10b58cc4372a5670e02b2c3d479'),
    to('in-braces', '{f47ac10b-58cc-4372-a567-0e02b2c3d479}'),
  ],
  'server-id': [
    to('uppercase', 'Acme.example'),
    to('trailing-dot', 'acme.example.'),
    to('single-label', 'localhost'),
    to('not-ascii', 'ácme.example'),
    to('with-port', 'acme.example:8843'),
  ],
  'user-id': [
    to('uppercase', 'Alice@acme.example'),
    to('without-server', 'alice'),
    to('without-name', '@acme.example'),
    to('two-servers', 'alice@acme.example@bravo.example'),
  ],
  'domain-proof-value': [
    to('without-prefix', 'A'.repeat(43)),
    to('one-byte-short', `norc-trust-${'A'.repeat(42)}`),
    to('one-byte-long', `norc-trust-${'A'.repeat(44)}`),
  ],
  hex: [
    to('uppercase', 'AB'.repeat(32)),
    to('one-byte-short', 'ab'.repeat(31)),
    to('one-byte-long', 'ab'.repeat(33)),
  ],
};

function* ofBase64url(json: JsonSchema): Generator<Spoiled> {
  const size = json['x-bytes'];
  yield spoil('padded', (value) => `${value}=`);
  yield spoil('standard-alphabet', (value) => `+/${value.slice(2)}`);
  yield spoil('line-break', (value) => `${value.slice(0, -1)}\n`);
  if (size === undefined) return;
  if (size % 3 !== 0) yield spoil('stray-bits', (value) => `${value.slice(0, -1)}_`);
  yield spoil('one-byte-short', (value) => resized(value, size - 1));
  yield spoil('one-byte-long', (value) => resized(value, size + 1));
  yield to('empty', '');
}

function resized(value: string, lengthBytes: number): string {
  const bytes = Buffer.alloc(lengthBytes);
  Buffer.from(value, 'base64url').copy(bytes);
  return bytes.toString('base64url');
}

function* ofNumber(json: JsonSchema): Generator<Spoiled> {
  const { minimum, maximum } = json;
  if (json.type === 'integer') {
    yield to('fraction', Math.max(minimum ?? 0, 1) + 0.5);
    yield to('unsafe-integer', 2 ** 53);
  }
  if (minimum !== undefined) yield to('below-minimum', minimum - 1);
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) {
    yield to('above-maximum', maximum + 1);
  }
}

function* ofList(json: JsonSchema): Generator<Spoiled> {
  const { items = {}, minItems = 0, maxItems, uniqueItems } = json;
  if (minItems > 0) yield to('too-few', examples(items, minItems - 1));
  if (uniqueItems) yield { fault: 'duplicate', make: (value) => twice(items, value) };
  if (json['x-kind'] === 'capabilities') {
    yield to('nested', [['messaging']]);
    yield to('empty-atom', ['']);
  }
  if (maxItems !== undefined && isBearable(items, maxItems)) {
    yield { fault: 'too-many', make: () => examples(items, maxItems + 1) };
  }
}

function twice(items: JsonSchema, value: Json): Json {
  const [first = examples(items, 1)[0] ?? null] = Array.isArray(value) ? value : [];
  return [first, first];
}

function* ofObject(json: JsonSchema): Generator<Spoiled> {
  if (json.properties) return;
  const { minProperties = 0, maxProperties } = json;
  const value = typeof json.additionalProperties === 'object' ? json.additionalProperties : {};
  if (minProperties > 0)
    yield { fault: 'too-few', make: () => exampleMap(json, minProperties - 1) };
  if (maxProperties !== undefined && isBearable(value, maxProperties)) {
    yield { fault: 'too-many', make: () => exampleMap(json, maxProperties + 1) };
  }
}

const isBearable = (json: JsonSchema, count: number): boolean =>
  JSON.stringify(examples(json, 1)).length * count < largestBytes;
