/** `norc vectors check`, from its flags to its exit code. */
import { writeFileSync } from 'node:fs';
import { plainText } from '../../reports/characters.ts';
import { amount } from '../../reports/counts.ts';
import { type Adapter, AdapterFault } from '../../test/adapters/adapter.ts';
import { type Asked, type Checked, checkVectors, type Judged } from '../../test/adapters/check.ts';
import { startAdapter } from '../../test/adapters/process/process-adapter.ts';
import type { Identity } from '../../test/adapters/protocol/answer.ts';
import { createReferenceAdapter } from '../../test/adapters/reference/reference-adapter.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { progressText } from '../test-run/progress.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { knownFailures } from './baseline.ts';
import { type CheckFlags, conclude } from './conclude.ts';
import { filesIn, questionsOf, selectedFiles } from './selection.ts';

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
  const run = { flags, files, known, terminal, startedMs };
  let adapter: Adapter;
  try {
    adapter = await adapterOf(flags, answerMs, terminal);
  } catch (thrown) {
    if (!(thrown instanceof AdapterFault)) throw thrown;
    terminal.progress('');
    const checked = { judged: [], fault: thrown };
    const interrupted = signal.aborted;
    return conclude({ ...run, checked, interrupted, identity: unknownIdentity(flags) });
  }
  try {
    announce(terminal, adapter, questions);
    const checked = await watched(terminal, { adapter, questions, signal, startedMs });
    const { identity } = adapter;
    return conclude({ ...run, checked, interrupted: signal.aborted, identity });
  } finally {
    terminal.progress('');
    await adapter.close();
  }
}

/** Of an adapter that did not come to say who it is. */
const unknownIdentity = ({ adapter = '' }: CheckFlags): Identity => ({
  ...{ name: adapter, version: '', language: '' },
});

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
  const many = amount(categories, 'category', 'categories');
  const facts = [[name, version].join(' ').trim(), language].filter((fact) => fact !== '');
  terminal.print(`${terminal.paint('bold', 'NORC vectors')}  ${plainText(facts.join(', '))}`);
  terminal.print(terminal.paint('gray', `${amount(questions.length, 'vector')} of ${many}`));
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
