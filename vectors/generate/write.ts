/**
 * Writes vectors/*.json, vectors/schemas/ and the table in vectors/README.md. `npm run vectors` writes,
 * and says which vectors have come, gone or changed, for CHANGELOG.md beside them;
 * `npm run vectors -- --check` writes nothing and exits 1 at the first file that is not current.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VectorFile } from '../vector-file.ts';
import { sources } from './categories.ts';
import { fileOf, schemaOf } from './category.ts';
import { changesOf } from './changes.ts';
import { withCounts } from './counts.ts';

interface Artefact {
  /** Relative to vectors/. */
  readonly path: string;
  readonly text: string;
}

const room = new URL('../', import.meta.url);

export function artefacts(): Artefact[] {
  const files = sources.map(fileOf);
  return [
    ...files.map((file) => ({ path: `${file.category}.json`, text: fileText(file) })),
    ...sources.map((source) => ({
      path: `schemas/${source.category}.schema.json`,
      text: `${JSON.stringify(schemaOf(source), null, 2)}\n`,
    })),
    { path: 'README.md', text: withCounts(read('README.md') ?? '', files) },
  ];
}

/** One vector a line, so that a change of one is a difference of one. */
function fileText({ vectors, ...head }: VectorFile): string {
  const lines = vectors.map((vector) => JSON.stringify(vector)).join(',\n');
  const opening = JSON.stringify(head, null, 2).slice(0, -2);
  return `${opening},\n  "vectors": [\n${lines}\n  ]\n}\n`;
}

function read(path: string): string | null {
  try {
    return readFileSync(new URL(path, room), 'utf8');
  } catch {
    return null;
  }
}

/** Of vectors, not of schemas. */
const isFile = (path: string): boolean => /^[^/]+\.json$/.test(path);
const present = (): string[] => readdirSync(room).filter(isFile);

function leftOver(expected: readonly Artefact[]): string[] {
  const paths = new Set(expected.map(({ path }) => path));
  return readdirSync(room, { recursive: true })
    .map(String)
    .filter((path) => /^(schemas\/)?[^/]+\.json$/.test(path) && !paths.has(path));
}

function check(expected: readonly Artefact[]): void {
  const stale = [
    ...expected.filter(({ path, text }) => read(path) !== text).map(({ path }) => path),
  ];
  const [first] = [...stale, ...leftOver(expected)];
  if (first === undefined) return;
  console.error(`vectors/${first} is not current: npm run vectors`);
  process.exitCode = 1;
}

function write(expected: readonly Artefact[]): void {
  const before = present().map((path) => read(path) ?? '');
  const after = expected.filter(({ path }) => isFile(path)).map(({ text }) => text);
  for (const line of changesOf(before, after)) console.log(line);
  for (const path of leftOver(expected)) rmSync(new URL(path, room));
  for (const { path, text } of expected) {
    mkdirSync(dirname(fileURLToPath(new URL(path, room))), { recursive: true });
    writeFileSync(new URL(path, room), text);
  }
}

const expected = artefacts();
if (process.argv.includes('--check')) check(expected);
else write(expected);
