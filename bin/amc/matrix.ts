/** `norc amc matrix`: all pairs of version sets, negotiated and held against the rule. */
import { writeFileSync } from 'node:fs';
import { disagreements } from '../../reports/amc/matrix.ts';
import { renderMatrixPage } from '../../reports/amc/page.ts';
import { amc } from '../../spec/emitted/versions.ts';
import { createBench, type MatrixLayer, runMatrix } from '../../test/conformance/amc/matrix.ts';
import { runSample } from '../../test/conformance/amc/sample.ts';
import { versionsUpTo } from '../../test/conformance/amc/version-sets.ts';
import { suiteVersion } from '../suite-version.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { matrixLines } from './matrix-lines.ts';

export interface MatrixFlags {
  readonly layer?: readonly string[];
  readonly ground: string;
  readonly majors: string;
  readonly versions?: string;
  readonly json?: true;
  readonly html?: string;
}

const layerNames = { c: 'client', f: 'federation', t: 'trust' } as const;
/** With seven versions a table has 127 rows and columns, and an hour is not enough for more. */
const MOST_VERSIONS = 7;

/** Returns the exit code. */
export async function matrix(flags: MatrixFlags): Promise<number> {
  const plan = { versions: versionsOf(flags), layers: layersOf(flags) };
  const isSample = isOnSockets(flags);
  // Before the work, not after it.
  if (flags.html !== undefined) writePage(flags.html, '');
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const progress = progressOn(terminal);
  const results = isSample
    ? await runSample(plan, progress)
    : runMatrix(await createBench(), plan, progress);
  terminal.progress('');
  if (flags.html !== undefined) writePage(flags.html, renderMatrixPage(results, suiteVersion()));
  const differing = disagreements(results);
  if (flags.json) console.log(JSON.stringify({ ...results, disagreements: differing }));
  else for (const line of matrixLines(results, terminal)) terminal.print(line);
  return differing.length === 0 ? exitCodes.passed : exitCodes.failed;
}

/** A line that a person sees move; elsewhere nothing. */
function progressOn(terminal: Terminal): (done: number, all: number) => void {
  let shown = -1;
  return (done, all) => {
    const percent = Math.floor((done * 100) / all);
    if (percent === shown) return;
    shown = percent;
    terminal.progress(`${percent} %, ${done} of ${all} negotiations`);
  };
}

function layersOf({ layer = ['c', 'f', 't'] }: MatrixFlags): readonly MatrixLayer[] {
  return [...new Set(layer)].map((letter) => {
    const name = Object.entries(layerNames).find(([key]) => key === letter.toLowerCase())?.[1];
    if (!name) throw new UsageError(`--layer ${letter}: no layer; give c, f or t`);
    return name;
  });
}

function isOnSockets({ ground }: MatrixFlags): boolean {
  if (ground !== 'sockets' && ground !== 'in-process') {
    throw new UsageError(`--ground ${ground}: no ground; give in-process or sockets`);
  }
  return ground === 'sockets';
}

function versionsOf({ versions, majors }: MatrixFlags): readonly string[] {
  const list = versions === undefined ? versionsUpTo(majorsOf(majors)) : listOf(versions);
  if (list.length > MOST_VERSIONS) {
    throw new UsageError(
      `${list.length} versions give ${2 ** list.length - 1} sets, too many; at most ${MOST_VERSIONS}`,
    );
  }
  return list;
}

function majorsOf(text: string): number {
  const majors = Number(text);
  if (Number.isInteger(majors) && majors >= 1 && majors < MOST_VERSIONS) return majors;
  throw new UsageError(`--majors ${text}: give a whole number from 1 to ${MOST_VERSIONS - 1}`);
}

function listOf(text: string): readonly string[] {
  const list = [...new Set(text.split(',').map((version) => version.trim()))];
  const wrong = list.find((version) => !new RegExp(amc.grammar).test(version));
  if (wrong === undefined) return list;
  throw new UsageError(`--versions: ${wrong} is not a version; give a list such as 1.9,1.10,2.0`);
}

function writePage(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (thrown) {
    const why = thrown instanceof Error && 'code' in thrown ? thrown.code : thrown;
    throw new UsageError(`--html ${file}: cannot be written (${why}); name a file of your own`);
  }
}
