/** `norc sim run`: one scenario, its verdicts, and whether it repeats itself. */
import type { RunResult, RunStatus } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario/compile.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { exitCodes } from '../usage-error.ts';
import { type Checked, checkAgain } from './check.ts';
import { type LoadFlags, loadWithFiles } from './load-for.ts';
import { checkLines, resultDocument, resultLines } from './print-run.ts';
import { recordRun } from './recorded.ts';
import { createTraceFile } from './trace-file.ts';
import { createWish } from './wish.ts';

export interface SimRunFlags extends LoadFlags {
  readonly check?: boolean;
  readonly trace?: string;
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
  const { scenario, files } = loadWithFiles(given, flags);
  const wish = createWish();
  const file = flags.trace === undefined ? null : createTraceFile(flags.trace);
  const started = Date.now();
  const { result, trace, isWhole } = await recordRun(scenario, terminal, file, wish).catch(
    (thrown) => {
      file?.discard();
      throw thrown;
    },
  );
  file?.close(result.trace, { given, text: scenario.text, files, verdicts: result.verdicts });
  const checked =
    flags.check && isWhole ? await checkAgain(trace, repeated(given, flags), terminal) : null;
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

const repeated = (
  given: string,
  { seed, crypto, without = [] }: SimRunFlags,
): readonly string[] => [
  given,
  ...(crypto === undefined ? [] : ['--crypto', crypto]),
  ...(seed === undefined ? [] : ['--seed', seed]),
  ...without.flatMap((id) => ['--without', id]),
];
