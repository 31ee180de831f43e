/** The fuzzer against the reference, and against references that it must find out. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../conformance/authority.ts';
import { type InProcessParts, prepareInProcess } from '../conformance/grounds/in-process.ts';
import { inProcessArena } from '../fuzz/arena.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { mutants } from '../fuzz/mutants.ts';
import { huntMutant, shortcoming } from '../fuzz/prove.ts';
import { scripts } from '../fuzz/scripts/all.ts';

let parts: InProcessParts;

beforeAll(async () => {
  parts = await prepareInProcess(await createAuthority());
});

describe('the reference', () => {
  test.each(scripts)('stands what is done to its handshakes: $name', async (script) => {
    const arena = inProcessArena(parts, { at: '2.0' });
    const { signal } = new AbortController();
    const limits = { runs: 40, timeMs: Number.POSITIVE_INFINITY, signal };
    const outcome = await fuzz({ arena, script, seed: 20_251_101, ...limits });
    await arena.close();
    expect(outcome.counterexample).toBeNull();
    expect(outcome.runs).toBe(40);
  });
});

describe('a reference without a guard is found out', () => {
  const quick = mutants.filter(({ isQuick }) => isQuick);
  test.each(quick)('$off of $script', async (mutant) => {
    expect(shortcoming(await huntMutant(parts, mutant))).toBeNull();
  });
});
