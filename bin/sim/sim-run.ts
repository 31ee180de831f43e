/** `norc sim run`: one scenario, its verdicts, and whether it repeats itself. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { type Run, type RunResult, type RunStatus, startRun } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario/compile.ts';
import { ScenarioError } from '../../sim/scenario/fault.ts';
import { secondsText } from '../../sim/ticks.ts';
import { type CryptoTier, cryptoTiers } from '../../sim/world/world-spec.ts';
import { type RequirementId, requirementIds } from '../../spec/emitted/requirement-ids.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { type Checked, checkAgain } from './check.ts';
import { loadScenario } from './library.ts';
import { checkLines, resultDocument, resultLines } from './print-run.ts';
import { createTraceFile } from './trace-file.ts';

export interface SimRunFlags {
  readonly seed?: string;
  readonly crypto?: string;
  readonly check?: boolean;
  readonly trace?: string;
  readonly without?: readonly string[];
  readonly json?: boolean;
}

const exitCodeOf: { readonly [status in RunStatus]: number } = {
  passed: exitCodes.passed,
  failed: exitCodes.failed,
  erred: exitCodes.suiteError,
  unfinished: exitCodes.usage,
};

export async function simRun(given: string, flags: SimRunFlags): Promise<number> {
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const scenario = loadFor(given, flags);
  const file = flags.trace === undefined ? null : createTraceFile(flags.trace);
  const blocks: ArrayBuffer[] = [];
  const primitives = await createNodePrimitives();
  const started = Date.now();
  const run = withoutAmbient(() =>
    startRun(scenario, {
      primitives,
      sink(block) {
        file?.block(block);
        if (flags.check) blocks.push(block);
      },
    }),
  );
  const isWhole = await conduct(run, terminal);
  const result = withoutAmbient(() => run.result());
  file?.close(result.trace);
  const checked =
    flags.check && isWhole
      ? await checkAgain({ index: result.trace, blocks }, repeated(given, flags))
      : null;
  tell({ scenario, result, checked, isWhole, durationMs: Date.now() - started }, terminal, flags);
  if (!isWhole) return exitCodes.interrupted;
  return checked?.divergence ? exitCodes.suiteError : exitCodeOf[result.status];
}

export interface Told {
  readonly scenario: Scenario;
  readonly result: RunResult;
  readonly checked: Checked | null;
  /** False: it was interrupted. */
  readonly isWhole: boolean;
  readonly durationMs: number;
}

function tell(told: Told, terminal: Terminal, { json }: SimRunFlags): void {
  for (const line of resultLines(told, terminal)) terminal.print(line);
  for (const line of checkLines(told, terminal)) terminal.print(line);
  if (json) process.stdout.write(`${JSON.stringify(resultDocument(told), null, 2)}\n`);
}

/** With the seed and the guards that the user wants. */
export function loadFor(
  given: string,
  flags: Pick<SimRunFlags, 'seed' | 'crypto' | 'without'>,
): Scenario {
  const off = (flags.without ?? []).map(requirementIn);
  try {
    const { seed, crypto } = flags;
    return loadScenario(given, {
      off,
      ...(seed !== undefined && { seed: seedIn(seed) }),
      ...(crypto !== undefined && { crypto: tierIn(crypto) }),
    });
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    const count = thrown.faults.length;
    throw new UsageError(`${count} ${count === 1 ? 'fault' : 'faults'}:\n${thrown.message}`);
  }
}

export function requirementIn(id: string): RequirementId {
  const known = requirementIds.find((one) => one === id);
  if (known) return known;
  throw new UsageError(`--without ${id}: no requirement is called so`);
}

function tierIn(name: string): CryptoTier {
  const known = cryptoTiers.find((tier) => tier === name);
  if (known) return known;
  throw new UsageError(`--crypto ${name}: there are ${cryptoTiers.join(', ')}`);
}

function seedIn(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new UsageError(`--seed ${text}: a seed is a whole number from 0 to 2^53 - 1`);
}

const repeated = (
  given: string,
  { seed, crypto, without = [] }: SimRunFlags,
): readonly string[] => [
  given,
  ...(crypto === undefined ? [] : ['--crypto', crypto]),
  ...(seed === undefined ? [] : ['--seed', seed]),
  ...without.flatMap((id) => ['--without', id]),
];

/** Between two looks at what the user wants. */
const SLICE_EVENTS = 2000;

/** False when the user has had enough. */
async function conduct(run: Run, terminal: Terminal): Promise<boolean> {
  let isWanted = true;
  const stop = (): void => {
    isWanted = false;
  };
  process.once('SIGINT', stop);
  try {
    while (isWanted && withoutAmbient(() => run.advance(SLICE_EVENTS))) {
      terminal.progress(`${secondsText(run.now)} of ${secondsText(run.until)}`);
      await nextTurn();
    }
  } finally {
    process.removeListener('SIGINT', stop);
    terminal.progress('');
  }
  return isWanted;
}
