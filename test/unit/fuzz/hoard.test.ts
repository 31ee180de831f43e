/** What a subject keeps of attempts, counted: the reference keeps nothing, and a planted leak is found. */
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../../conformance/authority.ts';
import { type InProcessParts, prepareInProcess } from '../../conformance/grounds/in-process.ts';
import { inProcessArena } from '../../fuzz/arena.ts';
import { growthOver, hoarded } from '../../fuzz/hoard.ts';
import { leaks } from '../../fuzz/leaks.ts';
import { huntLeak } from '../../fuzz/prove.ts';
import { retainedIn } from '../../fuzz/retained.ts';
import { scripts } from '../../fuzz/scripts/all.ts';

let parts: InProcessParts;

beforeAll(async () => {
  parts = await prepareInProcess(await createAuthority());
});

const held = (table: unknown) => ({ client: {}, federation: { held: table }, trust: {} });

describe('what is held is counted', () => {
  test('in maps, sets and lists, to the bottom and once', () => {
    const shared = new Set([1, 2]);
    const table = new Map<string, unknown>([
      ['a', { list: [{ inner: shared }, shared] }],
      ['b', new Uint8Array(9)],
    ]);
    expect(retainedIn(held(table)).get('federation/held')).toEqual({ keys: 2, entries: 6 });
  });

  test('a table that grows by one with each attempt is told', () => {
    const rounds = [1, 2, 3, 4].map((size) => retainedIn(held(new Set(Array(size).keys()))));
    expect(hoarded(growthOver(rounds), new Map())?.got).toContain('1 more entries with each');
  });

  test('one that is filled and emptied is not', () => {
    const rounds = [3, 9, 5, 3].map((size) => retainedIn(held(new Set(Array(size).keys()))));
    expect(hoarded(growthOver(rounds), new Map())).toBeNull();
  });
});

describe('memory-bounded', () => {
  test.each(scripts)('an honest run of $name leaves no more than it may', async (script) => {
    const arena = inProcessArena(parts, { at: '2.0' });
    const { finding } = (await arena.hoard?.(script, [])) ?? {};
    await arena.close();
    expect(finding).toBeNull();
  });

  test.each(leaks)('$name is found', async (leak) => {
    const { counterexample } = await huntLeak(parts, leak);
    expect(counterexample?.finding.oracle).toBe('memory-bounded');
    expect(counterexample?.finding.expected).toContain(leak.table);
    expect(counterexample?.plan).toHaveLength(1);
  });
});
