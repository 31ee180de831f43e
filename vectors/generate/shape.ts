/** The few JSON Schemas that inputs and outputs are made of. */
export type JsonSchema = { readonly [keyword: string]: unknown };
export type Members = Readonly<Record<string, JsonSchema>>;

const bytesPattern = (count: string): JsonSchema => ({
  type: 'string',
  pattern: `^(?:[0-9a-f]{2})${count}$`,
});

/** Lower-case hex of any number of bytes. */
export const octets = bytesPattern('*');
/** Of exactly so many. */
export const octetsOf = (bytes: number): JsonSchema => bytesPattern(`{${bytes}}`);
export const text: JsonSchema = { type: 'string' };
export const flag: JsonSchema = { type: 'boolean' };
/** A whole number of any sign within ±(2^53 − 1). */
export const whole: JsonSchema = {
  type: 'integer',
  minimum: -Number.MAX_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
};
export const from = (minimum: number, maximum = Number.MAX_SAFE_INTEGER): JsonSchema => ({
  type: 'integer',
  minimum,
  maximum,
});
/** A whole number as text, where it may be above 2^53 − 1. */
export const decimal: JsonSchema = { type: 'string', pattern: '^(?:0|[1-9][0-9]*)$' };
export const oneOf = (...values: readonly (string | number)[]): JsonSchema => ({ enum: values });
export const listOf = (items: JsonSchema): JsonSchema => ({ type: 'array', items });
/** A message of the protocol; its members are the protocol's business, not the file's. */
export const message: JsonSchema = { type: 'object' };
export const mapOf = (values: JsonSchema): JsonSchema => ({
  type: 'object',
  additionalProperties: values,
});
/** What an object may lack. */
export const optional = (schema: JsonSchema): JsonSchema => ({ ...schema, 'x-optional': true });

/** Exactly these members, the optional ones excepted. */
export function objectOf(members: Members): JsonSchema {
  const required = Object.keys(members).filter((name) => !members[name]?.['x-optional']);
  const properties = Object.fromEntries(
    Object.entries(members).map(([name, { 'x-optional': _, ...schema }]) => [name, schema]),
  );
  return { type: 'object', additionalProperties: false, required, properties };
}
