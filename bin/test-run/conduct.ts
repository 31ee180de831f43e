/**
 * Conducts one run on a prepared ground: runs the cases, prints, writes the reports, and says with
 * which exit code the process shall end (architecture §5).
 */
import { availableParallelism } from 'node:os';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import { plainText } from '../../reports/characters.ts';
import type { CaseResult, Results, RunFacts } from '../../reports/results.ts';
import type { Authority } from '../../test/conformance/authority.ts';
import type { Case } from '../../test/conformance/case.ts';
import { type Ground, SubjectUnreachable } from '../../test/conformance/ground.ts';
import { assembleResults } from '../../test/conformance/results.ts';
import { type RunOptions, type RunOutcome, runCases } from '../../test/conformance/run.ts';
import { runOnThreads } from '../../test/conformance/run-on-threads.ts';
import { runShared } from '../../test/conformance/run-shared.ts';
import { suiteVersion } from '../suite-version.ts';
import type { Terminal } from '../terminal.ts';
import { exitCodes } from '../usage-error.ts';
import { dryRun } from './dry-run.ts';
import { exitCodeOf } from './exit-code-of.ts';
import type { Lore } from './lore.ts';
import type { TestPlan } from './options.ts';
import { printSummary } from './print-summary.ts';
import { rerunLine } from './rerun-line.ts';
import { watch } from './watch.ts';
import { writeReports } from './write-reports.ts';

export interface Conduct {
  readonly plan: TestPlan;
  readonly cases: readonly Case[];
  readonly lore: Lore;
  readonly terminal: Terminal;
  readonly ground: Ground;
  readonly authority: Authority;
  readonly crypto: Crypto;
  /** Of the subject, in words. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly startedMs: number;
}

/** A case that has not ended by then is an error of ours. */
const CASE_LIMIT_MS = 60_000;
/** Where waiting is virtual only work takes time, and a busy machine takes long for it. */
const VIRTUAL_CASE_LIMIT_MS = 300_000;
/** Over sockets: two threads keep two cores busy together with their subjects. */
const MOST_SHARES = 2;
/** To start a thread with a subject of its own takes as long as so many cases. */
const LEAST_SHARE = 100;

export async function conduct(run: Conduct): Promise<number> {
  const { plan, lore, ground, cases, authority, crypto, signal } = run;
  try {
    if (plan.mode === 'dry-run') return await dryRun(run);
    announce(run);
    const watcher = watch(run);
    const options: RunOptions = {
      ...{ ground, cases, authority, crypto, signal, onEvent: watcher.onEvent },
      ...{ at: plan.at, seed: plan.seed, jobs: plan.jobs, readings: plan.readings },
      caseLimitMs: ground.virtualTime ? VIRTUAL_CASE_LIMIT_MS : CASE_LIMIT_MS,
      levelOf: lore.levelOf,
      rerun: (theCase) => rerunLine(plan, theCase),
    };
    const outcome = await play(options, plan).finally(watcher.close);
    return finish(run, outcome);
  } catch (thrown) {
    if (!(thrown instanceof SubjectUnreachable)) throw thrown;
    return reportUnreachable(run.terminal, thrown);
  }
}

function play(options: RunOptions, { jobs, subject }: TestPlan): Promise<RunOutcome> {
  const { ground, cases } = options;
  const cores = Math.min(jobs, availableParallelism());
  if (ground.virtualTime) return runOnThreads(options, cores);
  const threads = Math.min(cores, MOST_SHARES, Math.floor(cases.length / LEAST_SHARE));
  if (!ground.several || threads < 2) return runCases(options);
  return runShared(options, { entry: 'bin/test-run/share-worker.ts', subject, threads });
}

function announce({ plan, cases, terminal, name }: Conduct): void {
  const { paint } = terminal;
  const facts = [`${cases.length} cases`, `at ${plan.at}`, plan.ground, `seed ${plan.seed}`];
  terminal.print(`${paint('bold', 'NORC conformance')}  ${name}`);
  terminal.print(paint('gray', facts.join(' · ')));
  terminal.print();
}

function finish(run: Conduct, outcome: RunOutcome): number {
  const { plan, terminal, lore } = run;
  const results = resultsOf(run, outcome);
  const folder = writeReports(plan.out, results, lore.register);
  if (plan.json) console.log(JSON.stringify(results, null, 2));
  const unasked = [...plan.readings].filter(([id]) => !outcome.consulted.has(id));
  printSummary(terminal, {
    results,
    folder,
    unasked: unasked.map(([id, key]) => `${id}=${key}`),
    isReference: plan.subject.kind === 'reference',
  });
  if (outcome.unreachable) return reportUnreachable(terminal, outcome.unreachable);
  return outcome.interrupted ? exitCodes.interrupted : exitCodeOf(results);
}

function resultsOf(run: Conduct, { cases, facts, interrupted }: RunOutcome): Results {
  const { plan, lore, name, startedMs } = run;
  const startedAt = new Date(startedMs).toISOString();
  const runFacts: RunFacts = {
    // To the millisecond: shares of one run may start in the same second with the same seed.
    id: `${startedAt.replace(/[-:.Z]/g, '')}-${plan.seed.slice(0, 6).replaceAll(/[^\w-]/g, '_')}`,
    seed: plan.seed,
    startedAt,
    durationMs: Date.now() - startedMs,
    ground: plan.ground,
    at: plan.at,
    subject: {
      name,
      serverId: facts?.serverId ?? 'never reached',
      versions: facts?.versions ?? [],
      capabilities: facts?.capabilities ?? [],
    },
    readings: [...plan.readings].map(([id, key]) => `${id}=${key}`),
    interrupted,
    suiteVersion: suiteVersion(),
  };
  const results = assembleResults(runFacts, cases, lore.register);
  return plan.baseline.length > 0 ? { ...results, baseline: baselineOf(plan, cases) } : results;
}

function baselineOf(
  { baseline }: TestPlan,
  cases: readonly CaseResult[],
): NonNullable<Results['baseline']> {
  const passed = new Set(cases.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id));
  return { known: baseline, stale: baseline.filter((id) => passed.has(id)) };
}

function reportUnreachable(terminal: Terminal, { message, output }: SubjectUnreachable): number {
  terminal.print();
  terminal.print(`${terminal.paint('red', 'The subject cannot be judged:')} ${plainText(message)}`);
  if (output.trim()) {
    terminal.print('Its last output:');
    for (const line of output.trim().split('\n').slice(-20))
      terminal.print(`  | ${plainText(line)}`);
  }
  return exitCodes.unreachable;
}
