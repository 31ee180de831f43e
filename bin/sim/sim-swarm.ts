/** `norc sim swarm`: scenario after scenario, each drawn from its seed, until one fails. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { type RunResult, runScenario } from '../../sim/run.ts';
import { compileScenario, type Scenario } from '../../sim/scenario/compile.ts';
import { failureOf } from '../../sim/shrink/shrink.ts';
import { drawScenario } from '../../sim/swarm/draw-scenario.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import { quoted } from '../quoted.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { durationText } from '../text.ts';
import { exitCodes, UsageError } from '../usage-error.ts';
import { requirementIn } from './load-for.ts';
import { simShrink } from './sim-shrink.ts';
import { createWish } from './wish.ts';

export interface SimSwarmFlags {
  readonly seeds: string;
  readonly without?: readonly string[];
  readonly out: string;
  readonly budget: string;
  readonly json?: boolean;
}

interface Failing {
  readonly seed: number;
  /** False: nothing was broken, but something never came. */
  readonly canShrink: boolean;
}

interface Tally {
  seeds: number;
  messages: number;
  timers: number;
  readonly exercised: Set<string>;
  readonly refusing: Set<string>;
}

export async function simSwarm(flags: SimSwarmFlags): Promise<number> {
  const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
  const { first, last } = seedsIn(flags.seeds);
  const off = (flags.without ?? []).map(requirementIn);
  const primitives = await createNodePrimitives();
  const tally: Tally = {
    ...{ seeds: 0, messages: 0, timers: 0, exercised: new Set(), refusing: new Set() },
  };
  const started = Date.now();
  const wish = createWish();
  terminal.print(`seeds ${first} to ${last}, one after the other, until one fails`);
  let isWanted = true;
  let failing: Failing | null = null;
  for (let seed = first; seed <= last && isWanted && failing === null; seed += 1) {
    terminal.progress(`seed ${seed} of ${first}..${last}, ${tally.messages} messages so far`);
    const scenario = drawn(seed, off);
    const result = withoutAmbient(() => runScenario(scenario, { primitives }));
    count(tally, result);
    // One that did not come to its end, or to what it waits for, has shown nothing.
    if (result.status !== 'passed') failing = { seed, canShrink: failureOf(result) !== null };
    isWanted = await wish.isWanted();
  }
  wish.close();
  terminal.progress('');
  if (!isWanted) terminal.print('interrupted: this is what was learnt until then');
  tell(terminal, tally, { ...flags, failing, durationMs: Date.now() - started });
  if (failing !== null) return hand(failing, flags, terminal);
  return isWanted ? exitCodes.passed : exitCodes.interrupted;
}

const drawn = (seed: number, off: readonly RequirementId[]): Scenario =>
  compileScenario(`seed ${seed}`, JSON.stringify(drawScenario(seed)), { off });

function count(tally: Tally, { counts, exercised, refusing }: RunResult): void {
  tally.seeds += 1;
  tally.messages += counts.delivered;
  tally.timers += counts.timers;
  for (const id of exercised) tally.exercised.add(id);
  for (const id of refusing) tally.refusing.add(id);
}

function tell(
  terminal: Terminal,
  { exercised, refusing, ...counts }: Tally,
  ended: SimSwarmFlags & { readonly failing: Failing | null; readonly durationMs: number },
): void {
  const { failing, durationMs, json } = ended;
  const ids = { exercised: [...exercised].sort(), refusing: [...refusing].sort() };
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ ...counts, ...ids, failing, durationMs }, null, 2)}\n`,
    );
  }
  terminal.print(
    `${counts.seeds} seeds in ${durationText(durationMs)}: ${counts.messages} messages, ` +
      `${counts.timers} timers; ${exercised.size} guards ran, ${refusing.size} refused something`,
  );
  terminal.print(failing === null ? 'nothing was broken' : `seed ${failing.seed} fails`);
}

/** Writes the failing scenario, and the smallest that fails in the same way. */
async function hand(
  { seed, canShrink }: Failing,
  flags: SimSwarmFlags,
  terminal: Terminal,
): Promise<number> {
  mkdirSync(flags.out, { recursive: true });
  const whole = join(flags.out, `seed-${seed}.yaml`);
  writeFileSync(whole, stringify(drawScenario(seed)));
  terminal.print(`as drawn: ${quoted(whole)}${canShrink ? '; making it smaller' : ''}`);
  if (!canShrink) return exitCodes.failed;
  const out = join(flags.out, `seed-${seed}-shrunk.yaml`);
  const { without, budget } = flags;
  const code = await simShrink(whole, { budget, out, ...(without && { without }) });
  return code === exitCodes.suiteError ? code : exitCodes.failed;
}

function seedsIn(text: string): { readonly first: number; readonly last: number } {
  const [, first = '', last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (first !== '' && range.last >= range.first && Number.isSafeInteger(range.last)) return range;
  throw new UsageError(`--seeds ${text}: a seed or a range, such as 1..1000`);
}
