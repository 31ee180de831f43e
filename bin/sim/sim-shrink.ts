/** `norc sim shrink`: the smallest scenario that fails as the given one does, as a file of its own. */
import { existsSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { memoPrimitives } from '../../reference/crypto/memo-primitives.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { runScenario } from '../../sim/run.ts';
import type { Scenario, ScenarioText } from '../../sim/scenario/compile.ts';
import {
  type Failure,
  failureOf,
  isSameFailure,
  type ShrunkScenario,
  shrinkScenario,
} from '../../sim/shrink/shrink.ts';
import { quoted } from '../quoted.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { durationText } from '../text.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { runFresh } from './fresh-run.ts';
import { loadFor } from './load-for.ts';
import { createWish } from './wish.ts';

export interface SimShrinkFlags {
  readonly seed?: string;
  readonly without?: readonly string[];
  readonly out?: string;
  readonly budget: string;
  readonly json?: boolean;
}

export async function simShrink(given: string, flags: SimShrinkFlags): Promise<number> {
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const budget = budgetIn(flags.budget);
  const scenario = loadFor(given, flags);
  const file = flags.out ?? besides(given);
  const started = Date.now();
  const shrunk = await shrink(scenario, budget, terminal);
  writeFileSync(file, fileText(scenario, shrunk, flags));
  const isRepeated = await failsAfresh(file, flags, shrunk.failure);
  const told = { ...sizesOf(scenario, shrunk.text), ...shrunk, file, isRepeated };
  if (flags.json) process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  for (const line of linesOf(told, Date.now() - started, flags)) terminal.print(line);
  if (!isRepeated) return exitCodes.suiteError;
  return shrunk.isStopped ? exitCodes.interrupted : exitCodes.passed;
}

/** Whatever is there already may be what somebody works on. */
function besides(given: string): string {
  const file = `${given.replace(/^.*\//, '').replace(/\.ya?ml$/, '')}-shrunk.yaml`;
  if (existsSync(file)) throw new UsageError(`${file} is there already: name another with --out`);
  return file;
}

async function shrink(
  scenario: Scenario,
  budget: number,
  terminal: Terminal,
): Promise<ShrunkScenario> {
  // Runs of one scenario compute the same again and again.
  const primitives = memoPrimitives(await createNodePrimitives());
  const wish = createWish();
  try {
    return await shrinkScenario(scenario, {
      budget,
      run: (candidate) => withoutAmbient(() => runScenario(candidate, { primitives })),
      isStopped: async () => !(await wish.isWanted()),
      onFailure: (failure) => terminal.print(`fails: ${failureText(failure)}; making it smaller`),
      onTrial: (stage, trials, { timeline = [] }) =>
        terminal.progress(`${stage}: run ${trials} of at most ${budget}, ${timeline.length} items`),
    });
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new UsageError(
      `${thrown.message}, so there is nothing to make smaller; norc sim run shows what it does`,
    );
  } finally {
    wish.close();
    terminal.progress('');
  }
}

function budgetIn(text: string): number {
  const budget = Number(text);
  if (Number.isInteger(budget) && budget > 0) return budget;
  throw new UsageError(`--budget ${text}: how many runs? A whole number from 1`);
}

function fileText(
  { title }: Scenario,
  { text, failure, trials, isMinimal }: ShrunkScenario,
  { without = [] }: SimShrinkFlags,
): string {
  const off = without.length > 0 ? ` without ${without.join(', ')}` : '';
  const head = [
    `Shrunk from: ${title}`,
    `It fails${off}: ${failureText(failure)}`,
    `${trials} runs${isMinimal ? '; no single thing can be left out' : ', and not to the end'}`,
  ];
  return `${head.map((line) => `# ${line}\n`).join('')}${stringify(text, { flowCollectionPadding: true })}`;
}

const failureText = (failure: Failure): string =>
  failure.kind === 'broken' ? failure.expectation : `a node throws during ${failure.what}`;

function sizesOf({ world, plan, loads }: Scenario, text: ScenarioText) {
  const servers = Object.values(text.servers).map(
    ({ count = 1, absent = [] }) => count - absent.length,
  );
  return {
    before: { servers: world.servers.length, timeline: plan.length, workload: loads.length },
    after: {
      servers: servers.reduce((sum, count) => sum + count, 0),
      timeline: text.timeline?.length ?? 0,
      workload: text.workload?.length ?? 0,
    },
  };
}

interface Told extends ShrunkScenario, ReturnType<typeof sizesOf> {
  readonly file: string;
  readonly isRepeated: boolean;
}

function linesOf(
  { before, after, trials, isMinimal, isStopped, file, isRepeated }: Told,
  durationMs: number,
  flags: SimShrinkFlags,
): readonly string[] {
  const from = (what: keyof typeof before) => `${what} ${before[what]} → ${after[what]}`;
  return [
    [from('servers'), from('timeline'), from('workload')].join('   '),
    `${trials} runs in ${durationText(durationMs)}${endText({ isMinimal, isStopped })}`,
    isRepeated
      ? 'again in a fresh process: it fails in the same way'
      : 'again in a fresh process: it does NOT fail in this way; that is a defect of the simulator',
    `again: ${rerunLine(file, flags)}`,
  ];
}

function endText({ isMinimal, isStopped }: Pick<Told, 'isMinimal' | 'isStopped'>): string {
  if (isStopped) return '; interrupted: this is the smallest until then';
  return isMinimal ? '' : '; not to the end: give --budget more';
}

const withoutWords = ({ without = [] }: SimShrinkFlags): readonly string[] =>
  without.flatMap((id) => ['--without', id]);

const rerunLine = (file: string, flags: SimShrinkFlags): string =>
  ['npx norc sim run', quoted(file), ...withoutWords(flags)].join(' ');

/** The file, run by a process that knows nothing of this one. */
async function failsAfresh(
  file: string,
  flags: SimShrinkFlags,
  failure: Failure,
): Promise<boolean> {
  const { verdicts, thrown } = JSON.parse(await runFresh([file, ...withoutWords(flags)]));
  return isSameFailure(failure, failureOf({ verdicts, thrown }));
}
