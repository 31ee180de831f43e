/**
 * The adapters in other languages, made ready: their packages installed or compiled into a cache,
 * once for what they pin. A language that is not installed is no fault; one that is there and
 * cannot be made ready is.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Readiness =
  | { readonly kind: 'ready'; readonly command: readonly string[] }
  /** Its language is not on this machine: which program is missing. */
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'broken'; readonly reason: string };

export interface LanguageAdapter {
  readonly name: string;
  prepare(): Readiness;
}

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/norc-adapters/', import.meta.url));
const INSTALL_MS = 600_000;

const isWindows = process.platform === 'win32';
const requirements = ['python/requirements.txt', 'checker/requirements.txt'];

/** Recomputes every vector: what confirms them. */
export const checker: LanguageAdapter = {
  name: 'the second implementation (Python)',
  prepare: () => python('checker/main.py'),
};

export const languageAdapters: readonly LanguageAdapter[] = [
  { name: 'Python libraries', prepare: () => python('python/adapter.py') },
  { name: 'Go libraries', prepare: go },
  { name: 'Java libraries', prepare: java },
  checker,
];

function python(script: string): Readiness {
  const program = ['python3', 'python'].find((name) => answers([name, '--version']));
  if (!program) return { kind: 'absent', reason: 'python3 is not installed' };
  const folder = join(cache, `python-${keyOf(requirements)}`);
  const interpreter = join(folder, isWindows ? 'Scripts/python.exe' : 'bin/python');
  const fault = once(folder, () => {
    const files = requirements.flatMap((file) => ['-r', join(here, file)]);
    return (
      faultOf([program, '-m', 'venv', folder]) ??
      faultOf([interpreter, '-m', 'pip', 'install', '--quiet', '--no-input', ...files])
    );
  });
  return readyOr(fault, [interpreter, join(here, script)]);
}

function go(): Readiness {
  if (!answers(['go', 'version'])) return { kind: 'absent', reason: 'go is not installed' };
  const sources = ['go/main.go', 'go/library.go', 'go/go.mod', 'go/go.sum'];
  const folder = join(cache, `go-${keyOf(sources)}`);
  const program = join(folder, isWindows ? 'adapter.exe' : 'adapter');
  const fault = once(folder, () => faultOf(['go', 'build', '-o', program, '.'], join(here, 'go')));
  return readyOr(fault, [program]);
}

function java(): Readiness {
  if (!answers(['javac', '-version'])) return { kind: 'absent', reason: 'javac is not installed' };
  const sources = ['Adapter.java', 'Json.java', 'Library.java'].map((name) => `java/${name}`);
  const folder = join(cache, `java-${keyOf(sources)}`);
  const fault = once(folder, () => faultOf(['javac', '-d', folder, ...sources]));
  return readyOr(fault, ['java', '-cp', folder, 'Adapter']);
}

function readyOr(fault: string | null, command: readonly string[]): Readiness {
  return fault === null ? { kind: 'ready', command } : { kind: 'broken', reason: fault };
}

/**
 * Makes what belongs into `folder`, unless it has been made to its end before. A virtual
 * environment knows its own path, so it is made in place and a mark beside it says that it is
 * whole.
 */
function once(folder: string, make: () => string | null): string | null {
  const mark = `${folder}.ready`;
  if (existsSync(mark)) return null;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const fault = make();
  if (fault === null) {
    mkdirSync(`${mark}.draft`, { recursive: true });
    renameSync(`${mark}.draft`, mark);
  }
  return fault;
}

const answers = ([program = '', ...words]: readonly string[]): boolean =>
  spawnSync(program, words, { stdio: 'ignore' }).status === 0;

/** What the command said when it did not do its work, or null. */
function faultOf([program = '', ...words]: readonly string[], cwd = here): string | null {
  const { status, error, stderr, stdout } = spawnSync(program, words, {
    ...{ cwd, encoding: 'utf8', timeout: INSTALL_MS },
  });
  if (status === 0) return null;
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-5).join('\n');
  return `${[program, ...words].join(' ')}: ${error?.message ?? said}`;
}

/** By what they pin. */
function keyOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex').slice(0, 16);
}
