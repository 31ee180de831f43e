/** `norc vectors check`, from its flags to its exit code. */
import { writeFileSync } from 'node:fs';
import { plainText } from '../../reports/characters.ts';
import { renderJunit } from '../../reports/junit.ts';
import { type Adapter, AdapterFault } from '../../test/adapters/adapter.ts';
import { type Asked, type Checked, checkVectors, type Judged } from '../../test/adapters/check.ts';
import { startAdapter } from '../../test/adapters/process/process-adapter.ts';
import { createReferenceAdapter } from '../../test/adapters/reference/reference-adapter.ts';
import type { VectorFile } from '../../vectors/vector-file.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { exitCodeOf } from '../test-run/exit-code-of.ts';
import { createLore } from '../test-run/lore.ts';
import { progressText } from '../test-run/progress.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { baselineOf, knownFailures, writeBaseline } from './baseline.ts';
import { printJudged } from './print-judged.ts';
import { printBaseline, printTable } from './print-table.ts';
import { resultsOf } from './results-of.ts';
import { filesIn, questionsOf, type SelectionFlags, selectedFiles } from './selection.ts';

export interface CheckFlags extends SelectionFlags {
  readonly adapter?: string;
  readonly timeout: string;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly junit?: string;
  readonly json?: true;
  readonly verbose?: true;
}

/** Some languages translate themselves first. */
const START_MS = 60_000;

export async function checkCommand(flags: CheckFlags): Promise<number> {
  const interruption = new AbortController();
  const onInterrupt = (): void => interruption.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    return await check(flags, interruption.signal);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

async function check(flags: CheckFlags, signal: AbortSignal): Promise<number> {
  const answerMs = secondsOf(flags.timeout) * 1000;
  const all = filesIn(flags.folder);
  const known = knownFailures(flags.baseline, all);
  const files = selectedFiles(flags, all);
  const questions = questionsOf(files);
  if (questions.length === 0) {
    console.error('norc: no vector is selected; norc vectors list names what there is');
    return exitCodes.nothingTested;
  }
  if (flags.junit !== undefined) refuseUnwritable('--junit', flags.junit, 'w');
  if (flags.writeBaseline !== undefined) {
    refuseUnwritable('--write-baseline', flags.writeBaseline, 'a');
  }
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const startedMs = Date.now();
  let adapter: Adapter;
  try {
    adapter = await adapterOf(flags, answerMs, terminal);
  } catch (thrown) {
    if (thrown instanceof AdapterFault) return reportFault(terminal, thrown);
    throw thrown;
  }
  try {
    announce(terminal, adapter, questions);
    const checked = await watched(terminal, { adapter, questions, signal, startedMs });
    const interrupted = signal.aborted;
    return finish({ flags, files, known, terminal, adapter, checked, startedMs, interrupted });
  } finally {
    terminal.progress('');
    await adapter.close();
  }
}

function adapterOf(flags: CheckFlags, answerMs: number, terminal: Terminal): Promise<Adapter> {
  const { adapter: command } = flags;
  if (command === undefined) return Promise.resolve(createReferenceAdapter());
  if (command.trim() === '') throw new UsageError('--adapter: say the command that starts it');
  terminal.progress('  starting the adapter');
  return startAdapter({ command, answerMs, startMs: Math.max(START_MS, answerMs) });
}

function announce(terminal: Terminal, adapter: Adapter, questions: readonly Asked[]): void {
  const { name, version, language } = adapter.identity;
  const categories = new Set(questions.map(({ category }) => category)).size;
  const facts = [[name, version].join(' ').trim(), language].filter((fact) => fact !== '');
  terminal.print(`${terminal.paint('bold', 'NORC vectors')}  ${plainText(facts.join(', '))}`);
  const amount = `${questions.length} vectors of ${categories} categories`;
  terminal.print(terminal.paint('gray', amount));
  terminal.print();
}

interface Watched {
  readonly adapter: Adapter;
  readonly questions: readonly Asked[];
  readonly signal: AbortSignal;
  readonly startedMs: number;
}

/** With a line at the bottom of a terminal while it goes on. */
async function watched(terminal: Terminal, run: Watched): Promise<Checked> {
  let failed = 0;
  const onJudged = ({ judgement, vector }: Judged, done: number): void => {
    failed += judgement.outcome === 'fail' || judgement.outcome === 'error' ? 1 : 0;
    const durationMs = Date.now() - run.startedMs;
    const progress = { done, total: run.questions.length, failed, durationMs, latest: vector.id };
    terminal.progress(progressText(terminal, progress));
  };
  const checked = await checkVectors({ ...run, onJudged });
  terminal.progress('');
  return checked;
}

interface Ended {
  readonly flags: CheckFlags;
  readonly files: readonly VectorFile[];
  readonly known: readonly string[];
  readonly terminal: Terminal;
  readonly adapter: Adapter;
  readonly checked: Checked;
  readonly startedMs: number;
  readonly interrupted: boolean;
}

function finish(run: Ended): number {
  const { flags, known, terminal, checked, interrupted } = run;
  const lore = createLore();
  const baseline = baselineOf(known, checked.judged);
  const told = { ...run, lore, baseline, judged: checked.judged, command: flags.adapter };
  const results = resultsOf(told);
  if (flags.junit !== undefined) writeFileSync(flags.junit, renderJunit(results));
  if (flags.json) console.log(JSON.stringify(results, null, 1));
  printTable(terminal, checked.judged);
  const teller = { terminal, lore, command: flags.adapter, files: run.files };
  const unlisted = checked.judged.filter(({ vector }) => !known.includes(vector.id));
  printJudged(teller, unlisted, { all: flags.verbose === true });
  printBaseline(terminal, baseline, checked.judged);
  if (checked.fault) return reportFault(terminal, checked.fault);
  if (interrupted) {
    terminal.print('  Stopped before the end: this is what was learnt.');
    return exitCodes.interrupted;
  }
  if (flags.writeBaseline !== undefined) writeBaseline(flags.writeBaseline, checked.judged);
  return exitCodeOf(results);
}

function reportFault(terminal: Terminal, { message, output }: AdapterFault): number {
  terminal.progress('');
  terminal.print(`${terminal.paint('red', 'The adapter cannot be judged:')} ${plainText(message)}`);
  if (output.trim() !== '') {
    terminal.print('Its last output on standard error:');
    for (const line of output.trim().split('\n').slice(-20)) {
      terminal.print(`  | ${plainText(line.slice(0, 1000))}`);
    }
  }
  return exitCodes.unreachable;
}

/** Before anything is judged, so that no run is lost in the end. `w` empties the file, `a` leaves it. */
function refuseUnwritable(flag: string, path: string, how: 'w' | 'a'): void {
  try {
    writeFileSync(path, '', { flag: how });
  } catch (thrown) {
    throw new UsageError(`${flag} ${path}: ${(thrown as Error).message}`);
  }
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new UsageError(`--timeout ${text}: say seconds, more than 0 and at most 3600`);
}
