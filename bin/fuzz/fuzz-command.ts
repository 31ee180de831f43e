/** `norc fuzz`: attacks the handshakes of a subject and tells what it did not stand. */

import { plainText } from '../../reports/characters.ts';
import { SubjectUnreachable } from '../../test/conformance/ground.ts';
import type { Arena } from '../../test/fuzz/arena.ts';
import { type Counterexample, type FuzzOutcome, fuzz } from '../../test/fuzz/fuzz.ts';
import type { Script } from '../../test/fuzz/script.ts';
import { scripts, scriptsOfLayer } from '../../test/fuzz/scripts/all.ts';
import { quoted } from '../quoted.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { targetWords } from '../test-run/rerun-line.ts';
import { durationText } from '../text.ts';
import { exitCodes } from '../usage-error.ts';
import { prepareArena } from './arena.ts';
import { type Replay, readCounterexample, writeCounterexample } from './counterexample-file.ts';
import { DEFAULT_TIER, type FuzzFlags, type FuzzPlan, fuzzPlanOf } from './options.ts';
import { printCounterexample } from './print-counterexample.ts';

interface Conduct {
  readonly plan: FuzzPlan;
  readonly arena: Arena;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** One script, and how it went. */
interface Told extends FuzzOutcome {
  readonly script: string;
  readonly file: string | null;
  readonly replay: string | null;
}

/** Returns the exit code. */
export async function fuzzCommand(flags: FuzzFlags, target: string | undefined): Promise<number> {
  const plan = fuzzPlanOf(flags, target);
  const replay = plan.replay === null ? null : readCounterexample(plan.replay);
  const terminal = createTerminal(plan.json ? process.stderr : process.stdout);
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt);
  terminal.progress('  starting');
  const { arena, name } = await prepareArena(replay ? { ...plan, at: replay.at } : plan);
  const run: Conduct = { plan, arena, terminal, signal: stop.signal };
  try {
    announce(run, name);
    return replay ? await playAgain(run, replay) : await attack(run);
  } catch (thrown) {
    if (!(thrown instanceof SubjectUnreachable)) throw thrown;
    return reportUnreachable(terminal, thrown);
  } finally {
    process.removeListener('SIGINT', interrupt);
    terminal.progress('');
    await arena.close();
  }
}

function announce({ plan, terminal, arena }: Conduct, name: string): void {
  const { paint } = terminal;
  const seed = plan.replay === null ? `seed ${plan.seed}` : `replay of ${plan.replay}`;
  const ground = plan.ground === 'in-process' ? `in-process, crypto ${plan.crypto}` : plan.ground;
  const facts = [`at ${arena.at}`, ground, seed];
  terminal.print(`${paint('bold', 'NORC fuzzing')}  ${name}`);
  terminal.print(paint('gray', facts.join(' · ')));
  terminal.print();
}

async function attack(run: Conduct): Promise<number> {
  const { plan, signal } = run;
  const all = plan.layers.flatMap(scriptsOfLayer);
  const told: Told[] = [];
  for (const script of all) {
    if (!signal.aborted) told.push(await attackOne(run, script, plan.timeMs / all.length));
  }
  if (plan.json) console.log(JSON.stringify(documentOf(plan, told, signal.aborted), null, 2));
  if (told.some(({ counterexample }) => counterexample)) return exitCodes.failed;
  if (signal.aborted) return exitCodes.interrupted;
  return told.every(({ runs }) => runs > 0) ? exitCodes.passed : exitCodes.nothingTested;
}

/** A line a second is enough to see it move. */
const TICK_RUNS = 25;

async function attackOne(run: Conduct, script: Script, timeMs: number): Promise<Told> {
  const { plan, arena, terminal, signal } = run;
  const startedMs = performance.now();
  const outcome = await fuzz({
    ...{ arena, script, timeMs, signal, seed: plan.seed, runs: plan.runs },
    onRun(runs) {
      if (runs % TICK_RUNS !== 1) return;
      const spentMs = performance.now() - startedMs;
      terminal.progress(`  ${script.name}  ${runs} attempts  ${durationText(spentMs)}`);
    },
  });
  terminal.progress('');
  const file = outcome.counterexample && writeCounterexample(plan.out, outcome.counterexample);
  const told = { ...outcome, script: script.name, file, replay: file && replayLine(plan, file) };
  tell(terminal, told);
  return told;
}

const perSecond = (runs: number, ms: number): number => Math.round((runs * 1000) / Math.max(1, ms));

function tell(terminal: Terminal, told: Told): void {
  const { paint } = terminal;
  const { script, runs, durationMs, cpuMs, counterexample, foundAfter, replay } = told;
  const mark = counterexample ? paint('red', '✗') : paint('green', '✓');
  const rates = `${perSecond(runs, durationMs)} a second (${perSecond(runs, cpuMs)} of CPU)`;
  const speed = `${runs} attempts in ${durationText(durationMs)}, ${rates}`;
  const found = counterexample ? `, found after ${foundAfter}` : '';
  terminal.print(`${mark} ${script.padEnd(11)} ${speed}${found}`);
  if (!counterexample) return;
  terminal.print();
  printCounterexample(terminal, counterexample);
  terminal.print();
  terminal.print(`  again: ${replay}`);
  terminal.print();
}

function replayLine(plan: FuzzPlan, file: string): string {
  const ground = plan.subject.kind === 'reference' ? groundWords(plan) : [];
  const words = [...targetWords(plan.subject), ...ground, `--replay ${quoted(file)}`];
  return `npx norc fuzz ${words.join(' ')}`;
}

function groundWords({ ground, crypto }: FuzzPlan): readonly string[] {
  const tier = ground === 'in-process' && crypto !== DEFAULT_TIER ? [`--crypto ${crypto}`] : [];
  return [`--ground ${ground}`, ...tier];
}

function documentOf(
  { seed, at, ground, crypto }: FuzzPlan,
  told: readonly Told[],
  interrupted: boolean,
) {
  const rows = told.map((each) => ({
    ...each,
    attemptsPerSecond: perSecond(each.runs, each.durationMs),
    attemptsPerCpuSecond: perSecond(each.runs, each.cpuMs),
  }));
  return { seed, at, ground, crypto, interrupted, handshakes: rows };
}

async function playAgain(
  { arena, plan, terminal }: Conduct,
  { script: name, plan: mutations, finding: found }: Replay,
): Promise<number> {
  const script = scripts.find((each) => each.name === name);
  if (!script) throw new Error(`no script is called ${name}`);
  const wasCounted = found?.oracle === 'memory-bounded';
  const { play, hoard } = arena;
  const { finding, crossings } = await (wasCounted && hoard ? hoard : play)(script, mutations);
  terminal.progress('');
  const shown = { script: name, plan: mutations, crossings };
  if (plan.json) console.log(JSON.stringify({ ...shown, finding }, null, 2));
  if (!finding) {
    terminal.print(`${terminal.paint('green', '✓')} the subject stands it`);
    return exitCodes.passed;
  }
  const played: Omit<Counterexample, 'at' | 'seed'> = { ...shown, finding };
  printCounterexample(terminal, played);
  return exitCodes.failed;
}

function reportUnreachable(terminal: Terminal, { message, output }: SubjectUnreachable): number {
  terminal.progress('');
  terminal.print(
    `${terminal.paint('red', 'The subject cannot be attacked:')} ${plainText(message)}`,
  );
  for (const line of output.trim().split('\n').slice(-20)) {
    if (line) terminal.print(`  | ${plainText(line)}`);
  }
  return exitCodes.unreachable;
}
