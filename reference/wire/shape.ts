/**
 * Compiled JSON Schemas of the declarations, made when first needed and kept for the process: they
 * depend on nothing but the declaration. Two words of the vocabulary mean more than JSON Schema can
 * say, so their annotation `x-kind` is a keyword here: binary is canonical base64url (X-CAN-02) and
 * a decimal has one digit (X-CAN-06, L-S03).
 */
import { _, Ajv2020, type KeywordCxt, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Declaration } from '../../spec/message.ts';
import { type JsonSchema, tolerant } from '../../spec/schema.ts';
import { base64urlFault } from './base64url.ts';

/** `tolerant` at version 1.0, `strict` from 1.1 on (L-V12). */
export type Strictness = 'tolerant' | 'strict';
/** `first` stops at the first fault, whatever the size of the message; `all` finds every one. */
export type Thoroughness = 'first' | 'all';

export interface Shape {
  readonly schema: JsonSchema;
  readonly validate: ValidateFunction;
}

const shapes = new Map<string, Shape>();
const compilers = new Map<Thoroughness, Ajv2020>();

export function shapeOf(
  declaration: Declaration,
  strictness: Strictness,
  thoroughness: Thoroughness,
): Shape {
  const key = `${declaration.type} ${strictness} ${thoroughness}`;
  const known = shapes.get(key);
  if (known) return known;
  const schema = strictness === 'strict' ? declaration.json : tolerant(declaration.json);
  const shape = { schema, validate: compilerFor(thoroughness).compile(schema) };
  shapes.set(key, shape);
  return shape;
}

function compilerFor(thoroughness: Thoroughness): Ajv2020 {
  const known = compilers.get(thoroughness);
  if (known) return known;
  const allErrors = thoroughness === 'all';
  const strictness = { strict: true, strictRequired: false };
  // The schemas are ours and held against their meta-schema by tests, not at every start.
  const ajv = new Ajv2020({
    allErrors,
    verbose: true,
    ...strictness,
    validateSchema: false,
    code: { optimize: false },
  });
  ajv.addVocabulary(['x-unit', 'x-bytes', 'x-added', 'x-requirement']);
  ajv.addKeyword({ keyword: 'x-kind', schemaType: 'string', code: codeForKind });
  compilers.set(thoroughness, ajv);
  return ajv;
}

const BINARY_KINDS = new Set([
  'bytes',
  'public-key',
  'signature',
  'blake3',
  'sha256',
  'nonce',
  'blob',
  'ciphertext',
]);

function codeForKind(context: KeywordCxt): void {
  const { gen, data } = context;
  if (BINARY_KINDS.has(context.schema)) {
    const ref = gen.scopeValue('func', { ref: isBase64url });
    context.fail(_`typeof ${data} == "string" && !${ref}(${data})`);
  } else if (context.schema === 'decimal') {
    const ref = gen.scopeValue('func', { ref: hasOneDigit });
    context.fail(_`typeof ${data} == "number" && !${ref}(${data})`);
  }
}

function isBase64url(text: string): boolean {
  return base64urlFault(text) === null;
}

/** A multiple of 0.1, asked so that no rounding of binary fractions matters. */
function hasOneDigit(value: number): boolean {
  return Math.round(value * 10) / 10 === value;
}
