/** Whether the fuzzer finds out a reference that lacks a guard, and shows it by a short plan. */
import type { InProcessParts } from '../conformance/grounds/in-process.ts';
import { inProcessArena } from './arena.ts';
import { type FuzzOutcome, fuzz } from './fuzz.ts';
import type { GuardMutant } from './mutants.ts';
import { scripts } from './scripts/all.ts';

/** No attack needs more. */
const MOST_MUTATIONS = 2;

export async function huntMutant(
  parts: InProcessParts,
  { off, script: name, seed, runs }: GuardMutant,
): Promise<FuzzOutcome> {
  const script = scripts.find((each) => each.name === name);
  if (!script) throw new Error(`no script is called ${name}`);
  const arena = inProcessArena(parts, { at: '2.0', off: new Set(off) });
  const { signal } = new AbortController();
  const outcome = await fuzz({
    arena,
    script,
    seed,
    runs,
    timeMs: Number.POSITIVE_INFINITY,
    signal,
  });
  await arena.close();
  return outcome;
}

/** What is wrong with how a mutant was found; null: nothing. */
export function shortcoming({ counterexample }: FuzzOutcome): string | null {
  if (!counterexample) return 'not found';
  const { length } = counterexample.plan;
  return length <= MOST_MUTATIONS ? null : `shown by ${length} mutations`;
}
