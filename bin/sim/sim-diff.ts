/** `norc sim diff` and `norc sim replay`: where two runs part that may be expected to be one. */
import { type Divergence, firstDivergence } from '../../sim/trace/divergence.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { exitCodes } from '../usage-error.ts';
import type { LoadFlags } from './load-for.ts';
import { divergenceLines } from './print-run.ts';
import { recordRun, refuseFlags, type Seen, scenarioOf, seen } from './recorded.ts';
import { simRun } from './sim-run.ts';
import { isTraceFile, readTraceFile } from './trace-file.ts';

export interface SimDiffFlags extends LoadFlags {
  readonly json?: boolean;
}

export async function simDiff(
  given: readonly [string, string],
  flags: SimDiffFlags,
): Promise<number> {
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const sides: Seen[] = [];
  for (const one of given) {
    const side = await seen(one, flags, terminal);
    if (!side.isWhole) return exitCodes.interrupted;
    sides.push(side);
  }
  const [one, other] = sides as [Seen, Seen];
  const divergence = firstDivergence(one.trace, other.trace);
  for (const { name, trace } of sides) {
    terminal.print(`${name}: ${trace.index.hash} (${trace.index.rows} records)`);
  }
  for (const line of identityLines(one, other)) terminal.print(line);
  tell(divergence, { terminal, json: flags.json, names: given });
  return divergence === null ? exitCodes.passed : exitCodes.failed;
}

/** What was run may be something else, without a record that shows it. */
function identityLines({ trace: one }: Seen, { trace: other }: Seen): readonly string[] {
  const names = Object.keys(one.index.identity) as (keyof typeof one.index.identity)[];
  const differing = names.filter(
    (name) =>
      JSON.stringify(one.index.identity[name]) !== JSON.stringify(other.index.identity[name]),
  );
  return differing.length > 0 ? [`not the same run: ${differing.join(', ')} differ`] : [];
}

/** Runs again what a trace says it is of, and compares; a scenario is run as it is. */
export async function simReplay(given: string, flags: SimDiffFlags): Promise<number> {
  if (!isTraceFile(given)) return simRun(given, flags);
  refuseFlags(given, flags);
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const stored = readTraceFile(given);
  const { trace, isWhole, result } = await recordRun(scenarioOf(stored), terminal);
  if (!isWhole) return exitCodes.interrupted;
  const divergence = trace.index.hash === stored.index.hash ? null : firstDivergence(stored, trace);
  const isSame = trace.index.hash === stored.index.hash;
  terminal.print(`${given}: ${stored.index.hash} (${stored.index.rows} records)`);
  terminal.print(
    isSame
      ? terminal.paint(
          'green',
          `again: ${trace.index.hash}, the same; the run has ${result.status}`,
        )
      : terminal.paint(
          'red',
          `again: ${trace.index.hash}, not the same: the code has changed since`,
        ),
  );
  tell(divergence, { terminal, json: flags.json, names: ['then', 'now'] });
  return isSame ? exitCodes.passed : exitCodes.failed;
}

function tell(
  divergence: Divergence | null,
  {
    terminal,
    json,
    names,
  }: { terminal: Terminal; json?: boolean | undefined; names: readonly [string, string] },
): void {
  if (json)
    process.stdout.write(`${JSON.stringify({ isSame: !divergence, divergence }, null, 2)}\n`);
  if (divergence) for (const line of divergenceLines(divergence, names)) terminal.print(line);
  else terminal.print('every record is the same');
}
