/** A run with its trace: made now from a scenario, or read from the file that an earlier one left. */
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import type { Verdict } from '../../sim/monitors/monitor.ts';
import { type RunResult, startRun } from '../../sim/run.ts';
import { compileScenario, type Scenario } from '../../sim/scenario/compile.ts';
import type { RecordedTrace } from '../../sim/trace/divergence.ts';
import type { CryptoTier } from '../../sim/world/world-spec.ts';
import { type RequirementId, requirementIds } from '../../spec/emitted/requirement-ids.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { conduct } from './conduct.ts';
import { type LoadFlags, loadFor } from './load-for.ts';
import { isTraceFile, readTraceFile, type StoredTrace, type TraceFile } from './trace-file.ts';
import { createWish, type Wish } from './wish.ts';

export interface RecordedRun {
  readonly result: RunResult;
  readonly trace: RecordedTrace;
  /** False: it was interrupted. */
  readonly isWhole: boolean;
}

/** `file` takes the trace as well, and is left to be closed; `wish` is from before it was opened. */
export async function recordRun(
  scenario: Scenario,
  terminal: Terminal,
  file: TraceFile | null = null,
  wish: Wish = createWish(),
): Promise<RecordedRun> {
  const blocks: ArrayBuffer[] = [];
  const primitives = await createNodePrimitives();
  const sink = (block: ArrayBuffer): void => {
    file?.block(block);
    blocks.push(block);
  };
  const run = withoutAmbient(() => startRun(scenario, { primitives, sink }));
  const isWhole = await conduct(run, terminal, wish);
  const result = withoutAmbient(() => run.result());
  return { result, trace: { index: result.trace, blocks }, isWhole };
}

/** What may be looked at: an old run or a new one. */
export interface Seen {
  readonly name: string;
  readonly scenario: Scenario;
  readonly trace: RecordedTrace;
  readonly verdicts: readonly Verdict[];
  readonly isWhole: boolean;
}

/** `given`: a trace, a scenario file or a name of the library; `name@7` is with seed 7. */
export async function seen(given: string, flags: LoadFlags, terminal: Terminal): Promise<Seen> {
  if (isTraceFile(given)) {
    refuseFlags(given, flags);
    const stored = readTraceFile(given);
    const { verdicts } = stored.origin;
    return { name: given, scenario: scenarioOf(stored), trace: stored, verdicts, isWhole: true };
  }
  const scenario = loadFor(given, flags);
  const { result, trace, isWhole } = await recordRun(scenario, terminal);
  return { name: given, scenario, trace, verdicts: result.verdicts, isWhole };
}

/** What was run is written in the trace. */
export function refuseFlags(given: string, { seed, crypto, without }: LoadFlags): void {
  if (seed === undefined && crypto === undefined && without === undefined) return;
  throw new UsageError(
    `${given} is a trace: --seed, --crypto and --without say what is run, and it has run`,
  );
}

const known: ReadonlySet<string> = new Set(requirementIds);

/** As it was when it ran; the code may be another. */
export function scenarioOf({ index: { identity }, origin }: StoredTrace): Scenario {
  return compileScenario(origin.given, JSON.stringify(origin.text), {
    seed: identity.seed,
    crypto: identity.crypto as CryptoTier,
    off: identity.off.filter((id): id is RequirementId => known.has(id)),
    readFile: (path) => origin.files[path] ?? '',
  });
}
