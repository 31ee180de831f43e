/** Every file of vectors holds to its schema and to what vector-file.ts says. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { loadReadings, loadRequirements } from '../../spec/register.ts';
import { categories, type VectorFile } from '../../vectors/vector-file.ts';

const room = new URL('../../vectors/', import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, room), 'utf8'));
const fileOf = (category: string): VectorFile => read(`${category}.json`);
const repeated = (names: readonly string[]) => names.filter((name, at) => names.indexOf(name) < at);

describe.each(categories)('%s', (category) => {
  const file = fileOf(category);
  const { vectors } = file;

  test('is what its schema says', () => {
    const validate = new Ajv2020({ strict: false, allErrors: true }).compile(read(file.schema));
    validate(file);
    expect((validate.errors ?? []).slice(0, 5)).toEqual([]);
  });

  test('names each vector once', () => {
    expect(repeated(vectors.map(({ id }) => id))).toEqual([]);
  });

  test('asks nothing twice', () => {
    expect(repeated(vectors.map(({ input }) => JSON.stringify(input)))).toEqual([]);
  });

  test('explains every flag that it uses, and uses every flag that it explains', () => {
    const used = new Set(vectors.flatMap(({ flags }) => flags));
    expect([...used].sort()).toEqual(Object.keys(file.flags).sort());
  });

  test('holds something that is accepted and something that is not', () => {
    const results = new Set(vectors.map(({ result }) => result));
    expect(results).toContain('valid');
    expect(results).toContain('invalid');
  });
});

describe('all files', () => {
  const files = categories.map(fileOf);
  const vectors = files.flatMap((file) => file.vectors);

  test('hold at least two thousand vectors, more than half of them negative', () => {
    const negative = vectors.filter(({ result }) => result === 'invalid');
    expect(vectors.length).toBeGreaterThanOrEqual(2000);
    expect(negative.length * 2).toBeGreaterThan(vectors.length);
  });

  test('cite requirements and readings that exist', () => {
    const requirements = new Set<string>(loadRequirements().map(({ id }) => id));
    const readings = new Set<string>(loadReadings().map(({ id }) => id));
    const cited = vectors.flatMap((vector) => vector.requirements);
    expect(cited.filter((id) => !requirements.has(id))).toEqual([]);
    expect(vectors.flatMap((vector) => vector.readings).filter((id) => !readings.has(id))).toEqual(
      [],
    );
  });

  test('share no id, neither as it is written nor in another case of letters', () => {
    expect(repeated(vectors.map(({ id }) => id.toLowerCase()))).toEqual([]);
  });
});
