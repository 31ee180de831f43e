/** The schema that editors use: current, taken by a validator, and as strict as the simulator. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { editorSchema } from '../../../sim/scenario/editor-schema.ts';
import { drawScenario } from '../../../sim/swarm/draw-scenario.ts';

const read = (path: string) =>
  readFileSync(new URL(`../../../sim/${path}`, import.meta.url), 'utf8');
const schema = JSON.parse(read('scenario/scenario.schema.json'));
const isValid = new Ajv({ allErrors: true, strict: false }).compile(schema);
const library = readdirSync(new URL('../../../sim/scenarios/', import.meta.url)).filter((file) =>
  file.endsWith('.yaml'),
);

test('the file in git is what the sources give', () => {
  expect(schema).toEqual(editorSchema());
});

test.each(library)('%s is valid', (file) => {
  expect(isValid(parse(read(`scenarios/${file}`))), JSON.stringify(isValid.errors)).toBe(true);
});

test('scenarios drawn from seeds are valid', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const drawn = JSON.parse(JSON.stringify(drawScenario(seed)));
    expect(isValid(drawn), JSON.stringify(isValid.errors)).toBe(true);
  }
});

test.each([
  ['a member that nobody knows', (text: string) => `${text}\ncolour: red\n`],
  ['a shape that nobody knows', (text: string) => text.replace('shape: star', 'shape: stra')],
  ['an expectation that nobody knows', (text: string) => `${text}  - { never: luck }\n`],
  ['a requirement that nobody knows', (text: string) => text.replace('[T-', '[Z-')],
  [
    'a fault without what it needs',
    (text: string) => `${text}timeline: [{ at: 1s, slow: [hub, leaf] }]\n`,
  ],
])('%s is not', (_, change) => {
  const text = read('scenarios/star-basic.yaml');
  expect(change(text)).not.toBe(text);
  expect(isValid(parse(change(text)))).toBe(false);
});
