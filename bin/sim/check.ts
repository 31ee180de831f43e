/** Runs the same again in a fresh process, and finds where the two part. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Divergence,
  firstDivergence,
  type RecordedTrace,
} from '../../sim/trace/divergence.ts';
import type { Terminal } from '../terminal.ts';
import { runFresh } from './fresh-run.ts';
import { readTraceFile } from './trace-file.ts';

export interface Checked {
  readonly hash: string;
  /** Null: the same. */
  readonly divergence: Divergence | null;
}

/** `args`: of `norc sim run`, without what is about output. */
export async function checkAgain(
  first: RecordedTrace,
  args: readonly string[],
  terminal: Terminal,
): Promise<Checked> {
  terminal.progress('again in a fresh process');
  const folder = mkdtempSync(join(tmpdir(), 'norc-sim-'));
  try {
    const file = join(folder, 'trace');
    await runFresh([...args, '--trace', file]);
    const second = readTraceFile(file);
    const { hash } = second.index;
    const divergence = hash === first.index.hash ? null : firstDivergence(first, second);
    return { hash, divergence };
  } finally {
    terminal.progress('');
    rmSync(folder, { recursive: true, force: true });
  }
}
