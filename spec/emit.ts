/**
 * Emits what other rooms, other languages and people read of this one: emitted/*.ts, schemas/ and the
 * drawn machines. Everything is committed; `npm run emit` (bin/emit.ts) writes it and checks it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constant, type Plain } from './emit/literal.ts';
import { machinePage } from './emit/machine-diagrams.ts';
import { registriesSource } from './emit/registries.ts';
import { schemaFiles } from './emit/schemas.ts';
import { tables } from './emit/tables.ts';
import {
  loadFamilies,
  loadMachines,
  loadReadings,
  loadRequirements,
  loadVersions,
  RegisterError,
} from './register.ts';

/** A file relative to this room, and what it must contain. */
export interface Artefact {
  readonly path: string;
  readonly text: string;
}

const HEADER = '// Emitted from the YAML of spec/ by `npm run emit`. Do not edit.\n';
const room = new URL('./', import.meta.url);

/** Everything that is emitted, in a fixed order. */
export async function artefacts(): Promise<Artefact[]> {
  const drawn = { path: 'machines/README.md', text: machinePage(loadMachines()) };
  return [...emittedSources(), register(), drawn, ...(await schemaFiles()), ...(await tables())];
}

/** The first file that is missing, stale or left over, or null. */
export function firstStale(expected: readonly Artefact[]): string | null {
  const stale = expected.find(({ path, text }) => read(path) !== text);
  if (stale) return stale.path;
  const paths = new Set(expected.map(({ path }) => path));
  return present().find((path) => !paths.has(path)) ?? null;
}

function emittedSources(): Artefact[] {
  const sources: Record<string, string> = {
    'requirement-ids': list('requirementIds', 'RequirementId', loadRequirements()),
    'reading-ids': union('ReadingId', loadReadings()),
    registries: registriesSource(),
    machines: machinesSource(),
    versions: versionsSource(),
  };
  return Object.entries(sources).map(([name, text]) => ({
    path: `emitted/${name}.ts`,
    text: `${HEADER}${text}`,
  }));
}

/** One row a line, so that a change of one is a difference of one. */
function register(): Artefact {
  const tables = {
    families: loadFamilies(),
    requirements: loadRequirements(),
    readings: loadReadings(),
  };
  const members = Object.entries(tables).map(([name, rows]) => {
    const lines = rows.map((row) => JSON.stringify(row));
    return `"${name}": [\n${lines.join(',\n')}\n]`;
  });
  return { path: 'emitted/register.json', text: `{\n${members.join(',\n')}\n}\n` };
}

/** For what reads ids from files as well. */
function list(name: string, type: string, rows: readonly { readonly id: string }[]): string {
  const items = rows.map(({ id }) => `  '${id}',\n`).join('');
  return `export const ${name} = [\n${items}] as const;\n\nexport type ${type} = (typeof ${name})[number];\n`;
}

function union(type: string, rows: readonly { readonly id: string }[]): string {
  return `export type ${type} =\n${rows.map(({ id }) => `  | '${id}'`).join('\n')};\n`;
}

function machinesSource(): string {
  const table = Object.fromEntries(
    loadMachines().map(({ machine, ...rest }) => [machine, rest as unknown as Plain]),
  );
  return [
    constant('machines', 'The state machines of profile Part 2.', table),
    'export type MachineName = keyof typeof machines;',
    "export type StateOf<M extends MachineName> = (typeof machines)[M]['states'][number]['state'];\n",
  ].join('\n');
}

interface Versions {
  amc: { [name: string]: Plain };
  versions: { version: string }[];
  features: { feature: string; at: { [version: string]: Plain } }[];
}

function versionsSource(): string {
  const { amc, versions, features } = loadVersions<Versions>();
  const table = Object.fromEntries(
    features.map(({ feature, ...rest }) => [feature, rest as unknown as Plain]),
  );
  return [
    constant('amc', 'Adjacent-major compatibility.', amc),
    constant(
      'versionNames',
      'Protocol versions, ascending.',
      versions.map((v) => v.version),
    ),
    'export type ProtocolVersion = (typeof versionNames)[number];\n',
    constant('versions', 'What each version is.', versions),
    constant('features', 'What each version asks of a feature (L-V12).', table),
    'export type Feature = keyof typeof features;\n',
  ].join('\n');
}

function read(path: string): string | null {
  try {
    return readFileSync(new URL(path, room), 'utf8');
  } catch {
    return null;
  }
}

/** Files that only this program writes. */
function present(): string[] {
  return ['emitted', 'schemas'].flatMap((folder) =>
    readdirSync(new URL(folder, room), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file}`)
      .filter((path) => /\.(?:ts|json)$/.test(path))
      .sort(),
  );
}

function write(expected: readonly Artefact[]): void {
  for (const { path, text } of expected) {
    const url = new URL(path, room);
    mkdirSync(dirname(fileURLToPath(url)), { recursive: true });
    if (read(path) !== text) writeFileSync(url, text);
  }
  const paths = new Set(expected.map(({ path }) => path));
  for (const path of present()) if (!paths.has(path)) rmSync(new URL(path, room));
}

/** `check`: writes nothing, and sets the exit code where something is not current. */
export function emitSpec(check: boolean): Promise<void> {
  return emit(check).catch(report);
}

async function emit(check: boolean): Promise<void> {
  // Sources first: the message declarations import what they give.
  if (!check) write([...emittedSources(), ...present().filter(isSchema).map(kept)]);
  const expected = await artefacts();
  if (!check) return write(expected);
  const stale = firstStale(expected);
  if (!stale) return;
  process.stderr.write(`spec/${stale} is not current; run: npm run emit\n`);
  process.exitCode = 1;
}

const isSchema = (path: string): boolean => path.startsWith('schemas/');
const kept = (path: string): Artefact => ({ path, text: read(path) ?? '' });

/** A mistake in a YAML file is reported by its place; anything else is ours and keeps its stack. */
function report(error: unknown): void {
  if (!(error instanceof RegisterError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
