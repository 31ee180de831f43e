/** The facts of a JSON Schema of schemas/: members, bounds, values that are allowed. */
import type { Json, JsonSchema } from '../schema.ts';
import type { Facts, Kind } from './facts.ts';

/** One keyword, one fact. What is not named is an annotation. */
const keywords: { readonly [keyword in keyof JsonSchema]?: Kind } = {
  type: 'type',
  const: 'form',
  pattern: 'form',
  multipleOf: 'form',
  minLength: 'lower-bound',
  minimum: 'lower-bound',
  minItems: 'lower-bound',
  minProperties: 'lower-bound',
  maxLength: 'upper-bound',
  maximum: 'upper-bound',
  maxItems: 'upper-bound',
  maxProperties: 'upper-bound',
  'x-unit': 'unit',
};

/** `name` is the fact that the schema belongs to. */
export function addSchemaFacts(facts: Facts, name: string, schema: JsonSchema): void {
  for (const [keyword, kind] of Object.entries(keywords)) {
    const value = schema[keyword as keyof JsonSchema] as Json | undefined;
    if (value !== undefined) facts.set(`${name} ${keyword}`, { kind, value, within: name });
  }
  if (schema.uniqueItems) add(facts, name, 'uniqueItems', 'uniqueness');
  if (schema.additionalProperties === false) add(facts, name, 'closed', 'closedness');
  addListed(facts, name, schema.enum, ['enum', 'closed-list', 'enum-value']);
  addAlternatives(facts, name, schema.anyOf);
  addMembers(facts, name, schema);
  if (schema.items) addSchemaFacts(facts, inner(facts, name, '[]'), schema.items);
  if (schema.propertyNames)
    addSchemaFacts(facts, inner(facts, name, ' keys'), schema.propertyNames);
  const { additionalProperties: values } = schema;
  if (typeof values === 'object') addSchemaFacts(facts, inner(facts, name, '/*'), values);
}

function addMembers(facts: Facts, name: string, schema: JsonSchema): void {
  const required = new Set(schema.required ?? []);
  const kind = schema.additionalProperties === false ? 'closed-field' : 'field';
  for (const [member, own] of Object.entries(schema.properties ?? {})) {
    const isWithdrawn = own.not !== undefined && Object.keys(own.not).length === 0;
    const value = isWithdrawn ? 'withdrawn' : required.has(member) ? 'required' : 'optional';
    const path = `${name}/${member}`;
    facts.set(path, { kind, value, within: name });
    if (!isWithdrawn) addSchemaFacts(facts, path, own);
  }
}

function addListed(
  facts: Facts,
  name: string,
  values: readonly Json[] | undefined,
  [keyword, listKind, valueKind]: readonly [string, Kind, Kind],
): void {
  if (values === undefined) return;
  const list = `${name} ${keyword}`;
  facts.set(list, { kind: listKind, value: true, within: name });
  for (const value of values) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    facts.set(`${list} ${text}`, { kind: valueKind, value: true, within: list });
  }
}

/** By what tells them apart: the constant of their `type`, or the word that made them. */
function addAlternatives(
  facts: Facts,
  name: string,
  options: readonly JsonSchema[] | undefined,
): void {
  if (!options) return;
  const labels = options.map(labelOf);
  if (new Set(labels).size < labels.length) {
    return addListed(facts, name, options.map(bare), ['anyOf', 'alternatives', 'alternative']);
  }
  const list = `${name} anyOf`;
  facts.set(list, { kind: 'alternatives', value: true, within: name });
  for (const [at, option] of options.entries()) {
    const path = `${list} ${labels[at]}`;
    facts.set(path, { kind: 'alternative', value: true, within: list });
    addSchemaFacts(facts, path, option);
  }
}

const labelOf = (option: JsonSchema): string =>
  String(option.properties?.type?.const ?? option['x-kind'] ?? option.type);

function add(facts: Facts, name: string, what: string, kind: Kind): void {
  facts.set(`${name} ${what}`, { kind, value: true, within: name });
}

/** The elements of a list come and go with it. */
function inner(facts: Facts, name: string, suffix: string): string {
  const path = `${name}${suffix}`;
  facts.set(path, { kind: 'form', value: true, within: name });
  return path;
}

/** Without annotations, which tell two alternatives apart for nobody on the wire. */
function bare(schema: JsonSchema): Json {
  return JSON.parse(
    JSON.stringify(schema, (key, value) =>
      key.startsWith('x-') || key === 'description' ? undefined : value,
    ),
  );
}
