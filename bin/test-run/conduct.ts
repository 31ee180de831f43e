/**
 * Conducts one run: makes the ground, runs the cases, prints, writes the reports, and says with which
 * exit code the process shall end (architecture §5).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { renderHtml } from '../../reports/html.ts';
import { renderJunit } from '../../reports/junit.ts';
import type { CaseResult, Results, RunFacts } from '../../reports/results.ts';
import { resultsFault } from '../../reports/results-schema.ts';
import { createAuthority } from '../../test/conformance/authority.ts';
import type { Case } from '../../test/conformance/case.ts';
import { SubjectUnreachable } from '../../test/conformance/ground.ts';
import { assembleResults } from '../../test/conformance/results.ts';
import { type RunEvent, type RunOutcome, runCases } from '../../test/conformance/run.ts';
import type { Terminal } from '../terminal.ts';
import { exitCodes } from '../usage-error.ts';
import { prepareGround } from './ground.ts';
import type { Lore } from './lore.ts';
import type { TestPlan } from './options.ts';
import { printCase, printSummary, progressText } from './print.ts';
import { suiteVersion } from './version.ts';

export interface Conduct {
  readonly plan: TestPlan;
  readonly target: string | undefined;
  readonly command: string | undefined;
  readonly cases: readonly Case[];
  readonly lore: Lore;
  readonly terminal: Terminal;
}

export async function conduct(run: Conduct): Promise<number> {
  const startedMs = Date.now();
  const interruption = new AbortController();
  const onInterrupt = () => interruption.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const authority = await createAuthority();
  const prepared = await prepareGround(run, authority);
  try {
    if (run.plan.mode === 'dry-run') return await dryRun(run, prepared.ground);
    announce(run, prepared.name);
    const outcome = await runCases({
      ground: prepared.ground,
      cases: run.cases,
      at: run.plan.at,
      seed: run.plan.seed,
      jobs: run.plan.jobs,
      caseLimitMs: 30_000,
      authority,
      crypto: createCrypto(await createNodePrimitives(), createMust()),
      levelOf: run.lore.levelOf,
      rerun: (theCase) => rerunLine(run, theCase),
      onEvent: watcher(run, startedMs),
      signal: interruption.signal,
    });
    const results = resultsOf(run, outcome, { name: prepared.name, startedMs });
    return finish(run, results, outcome);
  } catch (thrown) {
    if (!(thrown instanceof SubjectUnreachable)) throw thrown;
    return reportUnreachable(run.terminal, thrown);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
    await prepared.ground.close();
  }
}

async function dryRun(
  { plan, cases, terminal }: Conduct,
  ground: Awaited<ReturnType<typeof prepareGround>>['ground'],
): Promise<number> {
  const subject = await ground.start({ policy: {}, versions: null });
  const { serverId, versions, capabilities } = subject.facts;
  await subject.close();
  terminal.print(
    `${serverId} starts, speaks ${versions.join(', ')}, offers ${capabilities.join(', ')}`,
  );
  terminal.print(`${cases.length} cases would run at ${plan.at} (norc test --list names them)`);
  return cases.length === 0 ? exitCodes.nothingTested : exitCodes.passed;
}

function announce({ plan, cases, terminal }: Conduct, name: string): void {
  const { paint } = terminal;
  const facts = [`${cases.length} cases`, `at ${plan.at}`, plan.ground, `seed ${plan.seed}`];
  terminal.print(
    `${paint('bold', 'NORC conformance')}  ${name}  ${paint('gray', facts.join(' · '))}`,
  );
  terminal.print();
}

function watcher({ cases, lore, terminal }: Conduct, startedMs: number): (event: RunEvent) => void {
  let done = 0;
  let failed = 0;
  const show = (latest: string) => {
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    terminal.progress(
      progressText(terminal, { done, total: cases.length, failed, seconds, latest }),
    );
  };
  return (event) => {
    if (event.type === 'case-ended') {
      done += 1;
      if (event.result.verdict === 'fail' || event.result.verdict === 'error') failed += 1;
      printCase(terminal, event.result, lore);
    }
    show(event.type === 'subject-started' ? event.facts.serverId : event.case.id);
  };
}

function rerunLine({ plan, target, command }: Conduct, theCase: Case): string {
  const words = ['npx norc test'];
  if (target) words.push(JSON.stringify(target));
  if (command) words.push(`--command ${JSON.stringify(command)}`);
  if (plan.ground !== 'sockets') words.push(`--ground ${plan.ground}`);
  if (plan.at !== '2.0') words.push(`--at ${plan.at}`);
  words.push(...plan.readings.map((reading) => `--reading ${reading}`));
  words.push(`--seed ${plan.seed}`, `--only ${theCase.id}`);
  return words.join(' ');
}

function resultsOf(
  { plan, lore }: Conduct,
  { cases, facts, interrupted }: RunOutcome,
  { name, startedMs }: { name: string; startedMs: number },
): Results {
  const startedAt = new Date(startedMs).toISOString();
  const run: RunFacts = {
    id: `${startedAt.replace(/[-:]/g, '').slice(0, 15)}-${plan.seed.slice(0, 6)}`,
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
    readings: plan.readings,
    interrupted,
    suiteVersion: suiteVersion(),
  };
  const results = assembleResults(run, cases, lore.register);
  return plan.baseline.length > 0 ? { ...results, baseline: baselineOf(plan, cases) } : results;
}

function baselineOf(
  { baseline }: TestPlan,
  cases: readonly CaseResult[],
): NonNullable<Results['baseline']> {
  const passed = new Set(cases.filter(({ verdict }) => verdict === 'pass').map(({ id }) => id));
  return { known: baseline, stale: baseline.filter((id) => passed.has(id)) };
}

function finish(run: Conduct, results: Results, outcome: RunOutcome): number {
  const { plan, terminal } = run;
  const folder = writeReports(plan.out, results, run.lore);
  if (plan.json) console.log(JSON.stringify(results, null, 2));
  printSummary(terminal, results);
  if (outcome.interrupted)
    terminal.print('  stopped before the end: the reports hold what was learnt');
  for (const id of results.baseline?.stale ?? []) {
    terminal.print(`  ${id} is listed in the baseline and passes: take it out`);
  }
  terminal.print(
    `  ${Math.round(results.run.durationMs / 100) / 10} s; open ${join(folder, 'report.html')}`,
  );
  if (outcome.unreachable) return reportUnreachable(terminal, outcome.unreachable);
  return outcome.interrupted ? exitCodes.interrupted : exitCodeOf(results);
}

function writeReports(out: string, results: Results, lore: Lore): string {
  const fault = resultsFault(results);
  if (fault) throw new Error(`the results do not keep to their own schema: ${fault}`);
  const folder = join(out, results.run.id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(folder, 'report.html'), renderHtml(results, lore.register));
  writeFileSync(join(folder, 'junit.xml'), renderJunit(results));
  return folder;
}

/** Nothing tested is never green; a known failure does not fail the run, a stale entry does. */
export function exitCodeOf({ cases, baseline }: Results): number {
  const known = new Set(baseline?.known ?? []);
  const has = (verdict: CaseResult['verdict']) =>
    cases.some((result) => result.verdict === verdict && !known.has(result.id));
  if (has('error')) return exitCodes.suiteError;
  if (has('fail')) return exitCodes.failed;
  if ((baseline?.stale.length ?? 0) > 0) return exitCodes.staleBaseline;
  const judged = cases.some(({ verdict }) => ['pass', 'fail', 'warn'].includes(verdict));
  return judged ? exitCodes.passed : exitCodes.nothingTested;
}

function reportUnreachable(terminal: Terminal, { message, output }: SubjectUnreachable): number {
  terminal.print(`${terminal.paint('red', 'The subject cannot be judged:')} ${message}`);
  if (output.trim()) {
    terminal.print('Its last output:');
    for (const line of output.trim().split('\n').slice(-20)) terminal.print(`  | ${line}`);
  }
  return exitCodes.unreachable;
}
