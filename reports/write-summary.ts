/**
 * Keeps the reference's own result in README.md, and its badge, current:
 *
 *   npx tsx reports/write-summary.ts reports/out/<run>/results.json [--check]
 *
 * The results must come from a whole in-process run. With --check nothing is written; the exit code
 * is 1 when a file is not what these results give. 2 means that the results cannot be used.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderBadge } from './badge.ts';
import type { Results } from './results.ts';
import { renderSummary } from './summary.ts';

const room = new URL('./', import.meta.url);
const BEGIN = '<!-- generated:begin -->';
const END = '<!-- generated:end -->';

/** A file of this room and what it must contain. */
export interface SummaryFile {
  readonly file: 'README.md' | 'badge.svg';
  readonly text: string;
}

export function summaryFiles(results: Results, readme: string): readonly SummaryFile[] {
  const badge = '![What the suite says of the reference](badge.svg)';
  const generated = `${badge}\n\n${renderSummary(results)}`;
  return [
    { file: 'README.md', text: replaceBetweenMarkers(readme, generated) },
    { file: 'badge.svg', text: renderBadge(results) },
  ];
}

/** Why a results file must not stand for the reference, or null. */
export function unusableBecause(results: Results): string | null {
  if (results.format !== 'norc-conformance-results/1') return 'it is no results file of norc test';
  if (results.run.ground !== 'in-process') return `its ground is ${results.run.ground}`;
  if (results.run.interrupted) return 'the run was stopped before its end';
  return results.cases.length === 0 ? 'no case was run' : null;
}

function replaceBetweenMarkers(readme: string, generated: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md lacks ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${generated}${readme.slice(end)}`;
}

function read(file: SummaryFile['file']): string {
  try {
    return readFileSync(new URL(file, room), 'utf8');
  } catch {
    return '';
  }
}

function main(words: readonly string[]): number {
  const path = words.find((word) => !word.startsWith('--'));
  if (!path) return complain('which results? write-summary.ts <results.json> [--check]', 2);
  const results = parsed(path);
  const because = results === null ? 'it is missing or not JSON' : unusableBecause(results);
  if (results === null || because) return complain(`${path} cannot be used: ${because}`, 2);
  const stale = summaryFiles(results, read('README.md')).filter(
    ({ file, text }) => read(file) !== text,
  );
  if (!words.includes('--check')) {
    for (const { file, text } of stale) writeFileSync(new URL(file, room), text);
    return 0;
  }
  const [first] = stale;
  if (!first) return 0;
  return complain(`reports/${first.file} is not current; run: npx tsx reports/write-summary.ts`, 1);
}

function parsed(path: string): Results | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Results;
  } catch {
    return null;
  }
}

function complain(what: string, exitCode: number): number {
  process.stderr.write(`${what}\n`);
  return exitCode;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
