/** Whether the fuzzer finds out a reference that lacks a guard, and shows it by a short plan. */
import type { InProcessParts } from '../conformance/grounds/in-process.ts';
import { type Arena, inProcessArena } from './arena.ts';
import { type FuzzOutcome, fuzz } from './fuzz.ts';
import type { LeakMutant } from './leaks.ts';
import type { GuardMutant } from './mutants.ts';
import { scripts } from './scripts/all.ts';

/** No attack needs more. */
const MOST_MUTATIONS = 2;

export function huntMutant(parts: InProcessParts, mutant: GuardMutant): Promise<FuzzOutcome> {
  const arena = inProcessArena(parts, { at: '2.0', off: new Set(mutant.off) });
  return hunt(arena, mutant);
}

const LEAK_SEED = 1;
/** Entries are counted once in these. */
const LEAK_RUNS = 120;

export function huntLeak(
  parts: InProcessParts,
  { script, bend }: LeakMutant,
): Promise<FuzzOutcome> {
  const arena = inProcessArena(parts, { at: '2.0', bend });
  return hunt(arena, { script, seed: LEAK_SEED, runs: LEAK_RUNS });
}

type Hunted = Pick<GuardMutant, 'script' | 'seed' | 'runs'>;

async function hunt(arena: Arena, { script: name, seed, runs }: Hunted): Promise<FuzzOutcome> {
  const script = scripts.find((each) => each.name === name);
  if (!script) throw new Error(`no script is called ${name}`);
  const { signal } = new AbortController();
  const timeMs = Number.POSITIVE_INFINITY;
  const outcome = await fuzz({ arena, script, seed, runs, timeMs, signal });
  await arena.close();
  return outcome;
}

/** What is wrong with how a mutant was found; null: nothing. */
export function shortcoming({ counterexample }: FuzzOutcome): string | null {
  if (!counterexample) return 'not found';
  const { length } = counterexample.plan;
  return length <= MOST_MUTATIONS ? null : `shown by ${length} mutations`;
}
