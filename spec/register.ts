/**
 * Typed loading of the YAML of this room, for what emits and what checks it. Everything else reads
 * what was emitted: cores emitted/*.ts, the command line, runner and reports rows.ts. Every mistake in a file is reported as `file:line: what`, and nothing is
 * returned unless all files of the family are right.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { type Document, LineCounter, parseDocument } from 'yaml';
import {
  type Family,
  type FileFamily,
  fileSchemas,
  type Machine,
  type Reading,
  type Requirement,
} from './register-schema.ts';

export type { Machine, Reading, Requirement } from './register-schema.ts';

/** A mistake in a YAML file of this room, with the place to mend it. */
export class RegisterError extends Error {
  override readonly name = 'RegisterError';
}

const room = new URL('./', import.meta.url);

/** All requirements, in the order of registries/families.yaml and of their numbers. */
export function loadRequirements(): Requirement[] {
  const files = loadFamilies().map(({ family }) => `requirements/${family.toLowerCase()}.yaml`);
  refuseStrays('requirements', files);
  return loadRows<Requirement>('requirements', files);
}

/** All entries of the ledger, in its order. */
export function loadReadings(): Reading[] {
  return loadRows<Reading>('readings', ['readings.yaml']);
}

/** All state machines, by name. */
export function loadMachines(): Machine[] {
  return yamlFiles('machines').map((file) => loadFile<Machine>('machine', file));
}

/** The families of requirements, in the order in which a reader meets them. */
export function loadFamilies(): readonly Family[] {
  return loadRegistry<{ families: Family[] }>('families').families;
}

/** A file of registries/, checked. The caller names its type. */
export function loadRegistry<T>(name: FileFamily): T {
  return loadFile<T>(name, `registries/${name}.yaml`);
}

/** versions.yaml, checked. */
export function loadVersions<T>(): T {
  return loadFile<T>('versions', 'versions.yaml');
}

/** Parses one text as a file of `family`. Throws RegisterError at the first mistake. */
export function parseRegister<T>(family: FileFamily, file: string, text: string): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const broken = document.errors[0];
  if (broken) {
    const what = broken.message.split('\n')[0]?.replace(/ at line .*$/, '') ?? 'not YAML';
    throw new RegisterError(`${file}:${lines.linePos(broken.pos[0]).line}: ${what}`);
  }
  const value: unknown = document.toJS();
  const validate = validatorOf(family);
  if (validate(value)) return value as T;
  const error = validate.errors?.[0];
  throw new RegisterError(`${file}:${lineOf(document, lines, error)}: ${explain(error)}`);
}

function loadFile<T>(family: FileFamily, file: string): T {
  return parseRegister<T>(family, `spec/${file}`, readFileSync(new URL(file, room), 'utf8'));
}

function loadRows<T extends { readonly id: string }>(family: FileFamily, files: string[]): T[] {
  const home = new Map<string, string>();
  return files.flatMap((file) => {
    const rows = loadFile<T[]>(family, file);
    for (const { id } of rows) {
      const first = home.get(id);
      if (first) throw new RegisterError(`${placeOf(file, id)}: ${id} is already in ${first}`);
      home.set(id, `spec/${file}`);
    }
    return rows;
  });
}

/** The line of the last row with this id: of the two, the one that came second. */
function placeOf(file: string, id: string): string {
  const lines = readFileSync(new URL(file, room), 'utf8').split('\n');
  return `spec/${file}:${lines.lastIndexOf(`- id: ${id}`) + 1}`;
}

function refuseStrays(folder: string, expected: string[]): void {
  const stray = yamlFiles(folder).find((file) => !expected.includes(file));
  if (stray) throw new RegisterError(`spec/${stray}:1: no family of this name in families.yaml`);
}

function yamlFiles(folder: string): string[] {
  return readdirSync(new URL(folder, room))
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => `${folder}/${file}`);
}

type Validator = ReturnType<Ajv2020['compile']>;
/** The schemas are ours and tested; checking them each time would take longer than the files. */
const ajv = new Ajv2020({ strict: false, validateSchema: false });
const validators = new Map<FileFamily, Validator>();

function validatorOf(family: FileFamily): Validator {
  const known = validators.get(family);
  if (known) return known;
  const validate = ajv.compile(fileSchemas[family]);
  validators.set(family, validate);
  return validate;
}

function lineOf(document: Document, lines: LineCounter, error: ErrorObject | undefined): number {
  const path = (error?.instancePath ?? '').split('/').slice(1).map(stepOf);
  const node = document.getIn(path, true);
  const range = isNode(node) ? node.range : undefined;
  return lines.linePos(range?.[0] ?? 0).line;
}

const stepOf = (step: string): string | number => (/^\d+$/.test(step) ? Number(step) : step);

function isNode(value: unknown): value is { range?: [number, number, number] } {
  return typeof value === 'object' && value !== null;
}

function explain(error: ErrorObject | undefined): string {
  if (!error) return 'not of the shape of its family';
  const { additionalProperty, allowedValues } = error.params;
  if (additionalProperty) return `unknown key ${additionalProperty}`;
  const where = error.instancePath.split('/').at(-1) ?? '';
  const allowed = allowedValues ? ` (${allowedValues.join(', ')})` : '';
  return `${where} ${error.message}${allowed}`.trim();
}
