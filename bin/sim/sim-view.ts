/** `norc sim view`: a run, or two side by side, as one page. */
import { renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { firstDivergence, rowText } from '../../sim/trace/divergence.ts';
import { gather } from '../../sim/view/gather.ts';
import { pictureOf } from '../../sim/view/picture.ts';
import { createTerminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import type { LoadFlags } from './load-for.ts';
import { type Seen, seen } from './recorded.ts';
import { type Parting, runPage } from './view/page.ts';

export interface SimViewFlags extends LoadFlags {
  readonly output?: string;
}

export async function simView(given: readonly string[], flags: SimViewFlags): Promise<number> {
  const terminal = createTerminal();
  if (given.length > 2) throw new UsageError('a page shows one run, or two side by side');
  const runs: Seen[] = [];
  for (const one of given) runs.push(await seen(one, flags, terminal));
  const output = flags.output ?? `${given.map(stem).join('-')}.html`;
  const shown = runs.map((run) => ({
    picture: pictureOf({ ...run, index: run.trace.index }),
    columns: gather(run.trace),
  }));
  const page = await runPage(shown, partingOf(runs));
  writeWhole(output, page);
  const size = (Buffer.byteLength(page) / 1_000_000).toFixed(2);
  const rows = runs.reduce((sum, { trace }) => sum + trace.index.rows, 0);
  terminal.print(`${output}: ${rows} records, ${size} MB; open it in a browser`);
  return runs.every(({ isWhole }) => isWhole) ? exitCodes.passed : exitCodes.interrupted;
}

const stem = (given: string): string => basename(given).replace(/\.\w+$/, '');

function partingOf([one, other]: readonly Seen[]): Parting | null {
  if (!one || !other) return null;
  const divergence = firstDivergence(one.trace, other.trace);
  if (!divergence) return null;
  const { row, fields, first, second } = divergence;
  const text = (side: typeof first) => (side ? rowText(side) : 'has ended');
  return { row, fields, first: text(first), second: text(second) };
}

function writeWhole(file: string, text: string): void {
  try {
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new UsageError(`--output ${file}: cannot be written to (${code}); name another file`);
  }
}
