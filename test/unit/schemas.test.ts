/** Every JSON Schema of the project is one: validators are compiled without checking that again. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { resultsSchema } from '../../reports/results-schema.ts';
import { declarations } from '../../spec/messages.ts';
import { fileSchemas } from '../../spec/register-schema.ts';

const ajv = new Ajv2020({ strict: false });

test.each([
  ...declarations.map(({ type, json }) => [`of the message ${type}`, json] as const),
  ...Object.entries(fileSchemas).map(([family, json]) => [`of the ${family} files`, json] as const),
  ['of the results file', resultsSchema] as const,
])('the schema %s is a JSON Schema', (_, json) => {
  expect(ajv.validateSchema(json), JSON.stringify(ajv.errors)).toBe(true);
});

test('what is none is found out', () => {
  expect(ajv.validateSchema({ type: 'text' })).toBe(false);
});
