/** How a check ends: its reports, what it prints, and its exit code. */
import { writeFileSync } from 'node:fs';
import { plainText } from '../../reports/characters.ts';
import { amount } from '../../reports/counts.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { AdapterFault } from '../../test/adapters/adapter.ts';
import type { Checked, Judged } from '../../test/adapters/check.ts';
import type { Identity } from '../../test/adapters/protocol/answer.ts';
import type { VectorFile } from '../../vectors/vector-file.ts';
import type { Terminal } from '../terminal.ts';
import { exitCodeOf } from '../test-run/exit-code-of.ts';
import { createLore } from '../test-run/lore.ts';
import { exitCodes } from '../usage-error.ts';
import { baselineOf, writeBaseline } from './baseline.ts';
import { printJudged } from './print-judged.ts';
import { printBaseline, printTable } from './print-table.ts';
import { resultsOf } from './results-of.ts';
import type { SelectionFlags } from './selection.ts';

export interface CheckFlags extends SelectionFlags {
  readonly adapter?: string;
  readonly timeout: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly junit?: string;
  readonly json?: true;
  readonly verbose?: true;
}

export interface Ended {
  readonly flags: CheckFlags;
  readonly files: readonly VectorFile[];
  readonly known: readonly string[];
  readonly terminal: Terminal;
  readonly identity: Identity;
  readonly checked: Checked;
  readonly startedMs: number;
  readonly interrupted: boolean;
}

export function conclude(run: Ended): number {
  const { flags, known, terminal, interrupted } = run;
  const { judged, fault } = run.checked;
  const lore = createLore();
  const baseline = baselineOf(known, judged);
  const results = resultsOf({ ...run, lore, baseline, judged, fault, command: flags.adapter });
  if (flags.junit !== undefined) writeFileSync(flags.junit, renderJunit(results));
  if (flags.json) console.log(JSON.stringify(results, null, 1));
  printTable(terminal, judged);
  const teller = { terminal, lore, command: flags.adapter, files: run.files };
  const unlisted = judged.filter(({ vector }) => !known.includes(vector.id));
  printJudged(teller, unlisted, { all: flags.verbose === true });
  printBaseline(terminal, baseline, judged);
  if (fault) return reportFault(terminal, fault);
  if (interrupted) {
    terminal.print('  Stopped before the end: this is what was learnt.');
    return exitCodes.interrupted;
  }
  if (flags.writeBaseline !== undefined) writeBaseline(flags.writeBaseline, judged);
  terminal.print(`  ${lastWord(judged)}`);
  return exitCodeOf(results);
}

/** In a sentence, for whoever does not read the table. */
function lastWord(judged: readonly Judged[]): string {
  const count = (...outcomes: readonly string[]): number =>
    judged.filter(({ judgement }) => outcomes.includes(judgement.outcome)).length;
  const asked = amount(judged.length, 'vector');
  const answered = judged.length - count('unsupported');
  if (answered === 0) {
    return `Nothing was judged: the adapter supports none of ${asked}. An answer to one is a start.`;
  }
  const wrong = count('fail', 'error');
  const right = wrong === 0 ? 'all are right' : `${wrong} of them wrong`;
  return `${answered} of ${asked} answered, ${right}.`;
}

function reportFault(terminal: Terminal, { message, output }: AdapterFault): number {
  terminal.print(`${terminal.paint('red', 'The adapter cannot be judged:')} ${plainText(message)}`);
  if (output.trim() !== '') {
    terminal.print('Its last output on standard error:');
    for (const line of output.trim().split('\n').slice(-20)) {
      terminal.print(`  | ${plainText(line.slice(0, 1000))}`);
    }
  }
  return exitCodes.unreachable;
}
