/** What spec/emit.ts prints: current, valid, and a faithful copy of the values it was given. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literal, type Plain } from '../../spec/emit/literal.ts';
import { artefacts, firstStale } from '../../spec/emit.ts';

const files = await artefacts();
const schemas = files.filter(({ path }) => path.startsWith('schemas/'));

test('a printed value evaluates to the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), fc.nat(40), (value, indent) => {
      const text = literal(value as Plain, indent);
      const back: unknown = new Function(`return (${text})`)();
      expect(JSON.stringify(back)).toBe(JSON.stringify(value));
    }),
  );
});

describe('the emitted files', () => {
  test('are those that the sources give', () => {
    expect(firstStale(files)).toBeNull();
  });

  test('are found stale when one differs, is missing or is left over', () => {
    const [first, ...rest] = files;
    if (!first) throw new Error('nothing is emitted');
    expect(firstStale([{ ...first, text: `${first.text} ` }, ...rest])).toBe(first.path);
    expect(firstStale([...files, { path: 'emitted/absent.ts', text: '' }])).toBe(
      'emitted/absent.ts',
    );
    expect(firstStale(rest)).toBe(first.path);
  });
});

describe('the schemas', () => {
  const parsed = schemas.map(({ path, text }) => ({ path, schema: JSON.parse(text) }));

  test('compile, each under its own id', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const { schema } of parsed) ajv.addSchema(schema);
    for (const { path, schema } of parsed) {
      const [, version, file] = path.split('/');
      expect(schema.$id).toBe(`urn:norc:schema:${version}:${file?.replace('.json', '')}`);
      expect(ajv.getSchema(schema.$id), path).toBeTypeOf('function');
    }
  });

  test('of 1.0 accept whatever those of 1.1 require less', () => {
    for (const { path, schema } of parsed.filter((one) => one.path.startsWith('schemas/1.0/'))) {
      const strict = parsed.find((one) => one.path === path.replace('1.0', '1.1'));
      expect(strict?.schema.required, path).toEqual(expect.arrayContaining(schema.required));
    }
  });
});
