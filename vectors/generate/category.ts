/** How a category is written down: its functions with their shapes, its flags and its vectors. */
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type {
  Category,
  Expectation,
  Flag,
  Vector,
  VectorFile,
  VectorValue,
} from '../vector-file.ts';
import { type JsonSchema, type Members, objectOf } from './shape.ts';

export interface FunctionShape {
  /** What it does, in one sentence that an adapter's author needs. */
  readonly does: string;
  readonly input: Members;
  readonly output: Members;
}

/** What a vector hangs on. */
export interface Grounds {
  readonly requirements: readonly RequirementId[];
  readonly readings?: readonly ReadingId[];
  readonly flags: readonly string[];
}

export interface Draft extends Grounds {
  /** What it is, or what is wrong with it; never its place in a list: its id follows from it. */
  readonly name: string;
  readonly comment?: string;
  readonly input: VectorValue;
  readonly result: Expectation;
  readonly output?: VectorValue;
}

export interface CategorySource {
  readonly category: Category;
  readonly title: string;
  readonly description: string;
  readonly functions: Readonly<Record<string, FunctionShape>>;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly drafts: () => readonly Draft[];
}

export const valid = (
  grounds: Grounds,
  name: string,
  input: VectorValue,
  output: VectorValue = {},
): Draft => ({ ...grounds, name, input, result: 'valid', output });

export const invalid = (grounds: Grounds, name: string, input: VectorValue): Draft => ({
  ...grounds,
  name,
  input,
  result: 'invalid',
});

export const acceptable = (
  grounds: Grounds,
  name: string,
  input: VectorValue,
  output: VectorValue = {},
): Draft => ({ ...grounds, name, input, result: 'acceptable', output });

export function fileOf(source: CategorySource): VectorFile {
  const { category, title, flags, functions } = source;
  const lines = Object.entries(functions).map(([name, { does }]) => `${name}: ${does}`);
  return {
    category,
    title,
    description: [source.description, ...lines].join('\n'),
    schema: `schemas/${category}.schema.json`,
    flags,
    vectors: source.drafts().map((draft) => vectorOf(source, draft)),
  };
}

/** The id follows from category and name alone, so that no vector's coming or going moves another's. */
function vectorOf({ category, functions }: CategorySource, draft: Draft): Vector {
  const { name, comment, requirements, readings = [], flags, input, result, output } = draft;
  return {
    id: `${category}/${name}`,
    ...(comment === undefined ? {} : { comment }),
    requirements,
    readings,
    flags,
    input: Object.keys(functions).length > 1 ? input : withoutFunction(input),
    result,
    ...(output === undefined ? {} : { output }),
  };
}

/** A category of one function need not name it. */
function withoutFunction(input: VectorValue): VectorValue {
  if (input === null || typeof input !== 'object' || Array.isArray(input)) return input;
  return Object.fromEntries(Object.entries(input).filter(([member]) => member !== 'function'));
}

export function schemaOf(source: CategorySource): JsonSchema {
  const { category, functions } = source;
  const isSingle = Object.keys(functions).length === 1;
  const cases = Object.entries(functions).map(([name, shape]) => {
    const selector: Members = isSingle ? {} : { function: { const: name } };
    return {
      title: name,
      description: shape.does,
      type: 'object',
      properties: {
        input: objectOf({ ...selector, ...shape.input }),
        output: objectOf(shape.output),
      },
    };
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `Vectors of ${category}: ${source.title}`,
    type: 'object',
    additionalProperties: false,
    required: ['category', 'title', 'description', 'schema', 'flags', 'vectors'],
    properties: {
      category: { const: category },
      title: { type: 'string' },
      description: { type: 'string' },
      schema: { const: `schemas/${category}.schema.json` },
      flags: { type: 'object', additionalProperties: { $ref: '#/$defs/flag' } },
      vectors: { type: 'array', minItems: 1, items: { $ref: '#/$defs/vector' } },
    },
    $defs: { flag: flagSchema, vector: vectorSchema(category), case: { oneOf: cases } },
  };
}

const flagSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['bug', 'effect'],
  properties: { bug: { type: 'string', minLength: 1 }, effect: { type: 'string', minLength: 1 } },
};

function vectorSchema(category: string): JsonSchema {
  const names = { type: 'array', uniqueItems: true, items: { type: 'string' } };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['id', 'requirements', 'readings', 'flags', 'input', 'result'],
    properties: {
      id: { type: 'string', pattern: `^${category}/[a-z0-9]+([.-][a-z0-9]+)*$` },
      comment: { type: 'string', minLength: 1 },
      requirements: { ...names, minItems: 1 },
      readings: names,
      flags: { ...names, minItems: 1 },
      input: { type: 'object' },
      result: { enum: ['valid', 'invalid', 'acceptable'] },
      output: { type: 'object' },
    },
    allOf: [
      { $ref: '#/$defs/case' },
      {
        if: { properties: { result: { const: 'invalid' } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
        then: { not: { required: ['output'] } },
        else: { required: ['output'] },
      },
    ],
  };
}
