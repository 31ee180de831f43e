/**
 * The vocabulary in which messages are declared: each word gives a TypeScript type and a JSON Schema
 * (2020-12) at once. A record has three groups of members: `fields` (the documents require them),
 * `added` (the documents lack them; always produced, absence tolerated at 1.0 and an error from 1.1,
 * L-V12) and `optional`. Members not named are accepted and ignored (X-EXT-02) unless `closed`; those
 * `withdrawn` are in the published text and may not travel from 1.1 on.
 */
import type { RequirementId } from './emitted/requirement-ids.ts';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** JSON Schema with our annotations. `x-kind` names the word; generators and reports read it. */
export interface JsonSchema {
  type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  const?: Json;
  enum?: readonly Json[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  multipleOf?: number;
  items?: JsonSchema;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  propertyNames?: JsonSchema;
  maxProperties?: number;
  minProperties?: number;
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  not?: JsonSchema;
  description?: string;
  /** The word of this vocabulary that made the schema. */
  'x-kind'?: string;
  'x-unit'?: 'seconds' | 'microseconds' | 'milliseconds' | 'bytes';
  /** Length in bytes of the decoded value. */
  'x-bytes'?: number;
  /** Members whose absence is tolerated at version 1.0 (L-V12). */
  'x-added'?: string[];
  /** The requirement that a value of the wrong shape breaks. */
  'x-requirement'?: RequirementId;
}

declare const valueType: unique symbol;
export interface Schema<T> {
  readonly json: JsonSchema;
  readonly [valueType]?: T;
}
export type TypeOf<S> = S extends Schema<infer T> ? T : never;

type Members = Record<string, Schema<unknown>>;
type Simplify<T> = { [K in keyof T]: T[K] } & {};
export type RecordOf<F extends Members, A extends Members, O extends Members> = Simplify<
  { [K in keyof F]: TypeOf<F[K]> } & { [K in keyof A]?: TypeOf<A[K]> } & {
    [K in keyof O]?: TypeOf<O[K]>;
  }
>;

function schema<T>(json: JsonSchema): Schema<T> {
  return { json };
}

const breaks = (requirement?: RequirementId): JsonSchema =>
  requirement ? { 'x-requirement': requirement } : {};

// --- text ---------------------------------------------------------------------------------------

export const text = (maxLength = 1024): Schema<string> =>
  schema({ type: 'string', maxLength, 'x-kind': 'text' });

export const literal = <const T extends string | boolean | number>(
  value: T,
  requirement?: RequirementId,
): Schema<T> => schema({ const: value, 'x-kind': 'literal', ...breaks(requirement) });

export const oneOf = <const T extends readonly string[]>(
  values: T,
  requirement?: RequirementId,
): Schema<T[number]> =>
  schema({
    type: 'string',
    enum: values,
    'x-kind': 'one-of',
    ...breaks(requirement),
  });

/** Lowercase UUID version 4, 36 characters (X-CAN-13, L-S09). */
export const uuid = (): Schema<string> =>
  schema({
    type: 'string',
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
    'x-kind': 'uuid',
    'x-requirement': 'X-CAN-13',
  });

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** Lowercase A-label domain name of at most 253 characters (L-T33). */
export const serverId = (): Schema<string> =>
  schema({
    type: 'string',
    maxLength: 253,
    pattern: `^${LABEL}(?:\\.${LABEL})+$`,
    'x-kind': 'server-id',
  });

/** `local@server`, lowercase (L-T33). */
export const userId = (): Schema<string> =>
  schema({
    type: 'string',
    maxLength: 318,
    pattern: `^[a-z0-9._+-]{1,64}@${LABEL}(?:\\.${LABEL})+$`,
    'x-kind': 'user-id',
  });

/** `norc-trust-` and 32 bytes as base64url: what a domain challenge puts in a TXT record (L-T03). */
export const domainProofValue = (requirement?: RequirementId): Schema<string> =>
  schema({
    type: 'string',
    pattern: '^norc-trust-[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$',
    minLength: 54,
    maxLength: 54,
    'x-kind': 'domain-proof-value',
    ...breaks(requirement),
  });

/** A version as a peer may write it. Its grammar is judged when lists are compared (X-AMC-09). */
export const versionText = (): Schema<string> =>
  schema({ type: 'string', maxLength: 32, 'x-kind': 'version' });

/** Flat list of unique atoms (X-CAN-17). */
export const capabilities = (): Schema<string[]> =>
  schema({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: 64, 'x-kind': 'atom' },
    uniqueItems: true,
    maxItems: 64,
    'x-kind': 'capabilities',
    'x-requirement': 'X-CAN-17',
  });

/** National and NATO labels (X-CLS-02, L-X01). `private` and `restricted` are not among them. */
export const classification = () =>
  oneOf(
    [
      'unclassified',
      'official_use_only',
      'confidential',
      'secret',
      'top_secret',
      'nato_unclassified',
      'nato_restricted',
      'nato_confidential',
      'nato_secret',
    ],
    'X-CLS-02',
  );

/** What the sealed content is (C-MSG-15, L-C11). */
export const messageType = () =>
  oneOf(['text', 'image', 'video', 'audio', 'file', 'system', 'call_invite'], 'C-MSG-15');

/** Category of an error code; each range of codes has one (X-ERR-02, L-X03). */
export const errorCategory = () =>
  oneOf(
    [
      'authentication',
      'authorization',
      'message',
      'key',
      'protocol',
      'crypto',
      'trust',
      'routing',
      'rate_limit',
      'federation',
      'server',
    ],
    'X-ERR-02',
  );

// --- binary, as base64url without padding (X-CAN-02, L-S07) ---------------------------------------

const BASE64URL = '^[A-Za-z0-9_-]*$';
/**
 * By the length in bytes modulo 3: the last character may carry no bits beyond the last byte, so that
 * a value has one text only. For values of free length a pattern that says so would exhaust the stack
 * of the expression engine at a few MiB, so there the decoder checks it.
 */
const BASE64URL_ENDING = [
  BASE64URL,
  '^[A-Za-z0-9_-]*[AQgw]$',
  '^[A-Za-z0-9_-]*[AEIMQUYcgkosw048]$',
] as const;

function base64url(kind: string, lengthBytes: number, requirement?: RequirementId): Schema<string> {
  const length = Math.ceil((lengthBytes * 8) / 6);
  return schema({
    type: 'string',
    pattern: BASE64URL_ENDING[lengthBytes % 3] ?? BASE64URL,
    minLength: length,
    maxLength: length,
    'x-kind': kind,
    'x-unit': 'bytes',
    'x-bytes': lengthBytes,
    ...breaks(requirement),
  });
}

/** Exactly `lengthBytes` bytes. */
export const bytes = (lengthBytes: number, requirement?: RequirementId): Schema<string> =>
  base64url('bytes', lengthBytes, requirement);
/** 32 raw bytes of a public key (X-CAN-16). */
export const publicKey = (): Schema<string> => base64url('public-key', 32, 'X-CAN-16');
/** 64 raw bytes of an Ed25519 signature. */
export const signature = (): Schema<string> => base64url('signature', 64, 'X-SIG-01');
/** 32 bytes of BLAKE3-256 (X-CAN-15). */
export const blake3Hash = (): Schema<string> => base64url('blake3', 32, 'X-CAN-15');
/** 32 bytes of SHA-256, where the documents' schema names it (L-S08). */
export const sha256Hash = (): Schema<string> => base64url('sha256', 32, 'X-CAN-15');
/** 32 bytes of SHA-256 in hexadecimal: only in the content of a file manifest (L-S07). */
export const hexHash = (): Schema<string> =>
  schema({ type: 'string', pattern: '^[0-9a-f]{64}$', 'x-kind': 'hex', ...breaks('X-CAN-15') });
/** 12 bytes of handshake nonce (X-TRN-06). */
export const handshakeNonce = (): Schema<string> => base64url('nonce', 12, 'X-TRN-06');
/** Any number of bytes up to `maxBytes`. */
export const blob = (maxBytes: number): Schema<string> =>
  schema({
    type: 'string',
    pattern: BASE64URL,
    maxLength: Math.ceil((maxBytes * 8) / 6),
    'x-kind': 'blob',
  });
/** AEAD output: at least its 16-byte tag. Senders pad it to a bucket (X-PAD-01, X-PAD-02). */
export const ciphertext = (maxBytes: number): Schema<string> =>
  schema({
    type: 'string',
    pattern: BASE64URL,
    minLength: 22,
    maxLength: Math.ceil((maxBytes * 8) / 6),
    'x-kind': 'ciphertext',
  });

// --- numbers and times (X-CAN-06, Part 5.3) -------------------------------------------------------

export const integer = (minimum = 0, maximum: number = Number.MAX_SAFE_INTEGER): Schema<number> =>
  schema({
    type: 'integer',
    minimum,
    maximum,
    'x-kind': 'integer',
    'x-requirement': 'X-CAN-06',
  });

/** Position in a chain; 0 means unsequenced and is never sent (X-SEQ-01, L-E13). */
export const sequenceNumber = (): Schema<number> =>
  schema({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    'x-kind': 'integer',
    'x-requirement': 'X-SEQ-01',
  });

/** A score or metric: the only members that may carry a decimal, of one digit (L-S03). */
export const decimal = (minimum: number, maximum: number): Schema<number> =>
  schema({ type: 'number', minimum, maximum, 'x-kind': 'decimal', 'x-requirement': 'X-CAN-06' });

export const flag = (): Schema<boolean> => schema({ type: 'boolean', 'x-kind': 'flag' });

function time(unit: 'seconds' | 'microseconds' | 'milliseconds'): Schema<number> {
  return schema({
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    'x-kind': 'time',
    'x-unit': unit,
    'x-requirement': 'X-CAN-06',
  });
}
/** Unix time, or a duration, in seconds. */
export const seconds = (): Schema<number> => time('seconds');
/** Unix time in microseconds. */
export const micros = (): Schema<number> => time('microseconds');
export const millis = (): Schema<number> => time('milliseconds');

// --- structures -----------------------------------------------------------------------------------

export const list = <T>(
  item: Schema<T>,
  bounds: { min?: number; max?: number; unique?: boolean; requirement?: RequirementId } = {},
): Schema<T[]> =>
  schema({
    type: 'array',
    items: item.json,
    maxItems: bounds.max ?? 1000,
    ...(bounds.min !== undefined && { minItems: bounds.min }),
    ...(bounds.unique && { uniqueItems: true }),
    'x-kind': 'list',
    ...breaks(bounds.requirement),
  });

export const mapOf = <T>(
  key: Schema<string>,
  value: Schema<T>,
  bounds: { min?: number; max?: number; requirement?: RequirementId } = {},
): Schema<Record<string, T>> =>
  schema({
    type: 'object',
    propertyNames: key.json,
    additionalProperties: value.json,
    maxProperties: bounds.max ?? 1000,
    ...(bounds.min !== undefined && { minProperties: bounds.min }),
    'x-kind': 'map',
    ...breaks(bounds.requirement),
  });

export const anyOf = <T extends readonly Schema<unknown>[]>(
  ...options: T
): Schema<TypeOf<T[number]>> =>
  schema({ anyOf: options.map((option) => option.json), 'x-kind': 'any-of' });

/** An object whose members the documents leave open. */
export const openObject = (): Schema<{ [name: string]: Json }> =>
  schema({ type: 'object', maxProperties: 64, 'x-kind': 'open-object' });

/** Members of the published text that may not travel from 1.1 on, and what their presence breaks. */
export type Withdrawn = Readonly<Record<string, RequirementId>>;

export function record<
  F extends Members,
  A extends Members = Record<never, never>,
  O extends Members = Record<never, never>,
>(groups: {
  fields: F;
  added?: A;
  optional?: O;
  withdrawn?: Withdrawn;
  closed?: boolean;
  /** What a value of the wrong shape breaks, where no member names its own. */
  requirement?: RequirementId;
}): Schema<RecordOf<F, A, O>> {
  const { fields, added, optional, withdrawn, closed } = groups;
  const members: Members = { ...fields, ...added, ...optional };
  const properties: Record<string, JsonSchema> = {};
  for (const [name, member] of Object.entries(members)) properties[name] = member.json;
  for (const [name, requirement] of Object.entries(withdrawn ?? {})) {
    properties[name] = { not: {}, 'x-kind': 'withdrawn', 'x-requirement': requirement };
  }
  return schema({
    type: 'object',
    properties,
    required: [...Object.keys(fields), ...Object.keys(added ?? {})],
    ...(added && { 'x-added': Object.keys(added) }),
    ...(closed && { additionalProperties: false }),
    'x-kind': 'record',
    ...breaks(groups.requirement),
  });
}

/**
 * What a 1.0 peer may send: the same schema with the added members no longer required and the
 * withdrawn ones allowed (L-V12).
 */
export function tolerant(json: JsonSchema): JsonSchema {
  const added = new Set(json['x-added'] ?? []);
  const out: JsonSchema = { ...json };
  if (json.required) out.required = json.required.filter((name) => !added.has(name));
  if (json.properties) {
    out.properties = Object.fromEntries(
      Object.entries(json.properties)
        .filter(([, member]) => member['x-kind'] !== 'withdrawn')
        .map(([name, member]) => [name, tolerant(member)]),
    );
  }
  if (json.items) out.items = tolerant(json.items);
  if (json.anyOf) out.anyOf = json.anyOf.map(tolerant);
  if (typeof json.additionalProperties === 'object') {
    out.additionalProperties = tolerant(json.additionalProperties);
  }
  return out;
}
