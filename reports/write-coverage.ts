/**
 * `npm run coverage`: keeps coverage.md current and watches that no requirement is forgotten.
 *
 *   npx tsx reports/write-coverage.ts <folder> [--check]
 *
 * The folder holds `sockets.json` and `reference.json`, whole runs of the reference, and
 * `tests.json`, the test runner's report of all tests. Exit code 1: something claims too much, more
 * requirements than before have nothing that shows them, or with --check the page is not current.
 * 2: a file cannot be used.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requirementRows } from '../spec/rows.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { renderCoverage } from './coverage-page.ts';
import { type ReadProofs, readProofs, type TestReport } from './proofs.ts';
import type { Results } from './results.ts';

/** Requirements that nothing shows and nothing excuses. */
const unprovenAtMost = 0;

const page = new URL('coverage.md', import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));

/** What keeps the coverage from being true, a line each. */
export function objections({ rows, stale }: Coverage, { unknown }: ReadProofs): readonly string[] {
  const unproven = rows.filter(({ standing }) => standing === 'unproven');
  const ids = unproven.map(({ requirement }) => requirement.id).join(' ');
  return [
    ...unknown.map((id) => `a test claims ${id}, which the register does not have`),
    ...stale.map((id) => `${id} is shown now: take 'unbuilt' out of its row in the register`),
    ...(unproven.length > unprovenAtMost
      ? [
          `${unproven.length} requirements are shown by nothing, at most ${unprovenAtMost} may: ${ids}`,
        ]
      : []),
  ];
}

/** Test files that the report does not have: it is of a part of the tests. */
export function missingFiles(onDisk: readonly string[], reported: readonly string[]): string[] {
  return onDisk.filter((file) => !reported.includes(file));
}

function main(words: readonly string[]): number {
  const folder = words.find((word) => !word.startsWith('--'));
  if (!folder) return complain(2, ['which folder? write-coverage.ts <folder> [--check]']);
  const register = requirementRows();
  const read = readProofs(json<TestReport>(folder, 'tests.json'), new Set(register.map(idOf)));
  const missing = missingFiles(testFiles(), read.files);
  if (missing.length > 0) return complain(2, [`tests.json lacks ${missing.join(', ')}`]);
  const coverage = coverageOf(register, {
    sockets: json<Results>(folder, 'sockets.json'),
    inProcess: json<Results>(folder, 'reference.json'),
    proofs: read.proofs,
  });
  const found = objections(coverage, read);
  const text = renderCoverage(coverage);
  const isCurrent = current() === text;
  if (!words.includes('--check') && !isCurrent) writeFileSync(page, text);
  if (found.length > 0) return complain(1, found);
  if (words.includes('--check') && !isCurrent)
    return complain(1, ['coverage.md is not current; run: npm run coverage']);
  return 0;
}

/** As the test runner is told to find them. */
function testFiles(): readonly string[] {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return files
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => /^test\/(?:unit|property|vector|scenario)\/.*\.test\.ts$/.test(file));
}

const idOf = ({ id }: { readonly id: string }): string => id;

function json<T>(folder: string, file: string): T {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
}

function current(): string {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return '';
  }
}

function complain(exitCode: number, lines: readonly string[]): number {
  for (const line of lines) process.stderr.write(`coverage: ${line}\n`);
  return exitCode;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (thrown) {
    process.exitCode = complain(2, [(thrown as Error).message]);
  }
}
