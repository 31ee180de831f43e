/** Runs the same again in a fresh process, and finds where the two part. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Divergence,
  firstDivergence,
  type RecordedTrace,
} from '../../sim/trace/divergence.ts';
import { exitCodes } from '../usage-error.ts';
import { readTraceFile } from './trace-file.ts';

export interface Checked {
  readonly hash: string;
  /** Null: the same. */
  readonly divergence: Divergence | null;
}

/** `args`: of `norc sim run`, without what is about output. */
export async function checkAgain(first: RecordedTrace, args: readonly string[]): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), 'norc-sim-'));
  try {
    const file = join(folder, 'trace');
    await runFresh([...args, '--json', '--trace', file]);
    const second = readTraceFile(file);
    const { hash } = second.index;
    const divergence = hash === first.index.hash ? null : firstDivergence(first, second);
    return { hash, divergence };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runFresh(args: readonly string[]): Promise<void> {
  const script = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, script, 'sim', 'run', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      // What it thinks of the run is no matter here; that it ran to its end is.
      const isRun = [exitCodes.passed, exitCodes.failed, exitCodes.suiteError].some(
        (known) => known === code,
      );
      if (isRun) resolve();
      else reject(new Error(`the second run ended with ${code}: ${said}`));
    });
  });
}
