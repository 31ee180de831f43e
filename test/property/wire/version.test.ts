/** X-AMC-01 to 05, 10, 13, 14: version choice against an oracle, over every pair of short lists. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { chooseTrustVersion, chooseVersion } from '../../../reference/wire/version.ts';
import { shuffled } from './json-values.ts';

const must = createMust();
const universe = ['1.0', '1.2', '1.10', '2.0', '2.1', '3.0', '4.0'];

interface Pair {
  readonly major: number;
  readonly minor: number;
}
const read = (text: string): Pair => {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  return { major, minor };
};
const rank = (text: string) => read(text).major * 100_000 + read(text).minor;
const topMajor = (list: readonly string[]) => Math.max(...list.map((text) => read(text).major));

/** The rules as the profile states them, by search over all versions there are. */
function oracle(own: readonly string[], offered: readonly string[], link?: number) {
  const [a, b] = [topMajor(own), topMajor(offered)];
  if (Math.abs(a - b) > 1) return null;
  let best: string | null = null;
  for (const version of universe) {
    const { major } = read(version);
    const spoken = own.includes(version) && offered.includes(version);
    const trimmed = a - major > 1 || b - major > 1;
    const far = link !== undefined && Math.abs(major - link) > 1;
    if (spoken && !trimmed && !far && (best === null || rank(version) > rank(best))) best = version;
  }
  return best && { version: best, compatibilityMode: read(best).major < Math.max(a, b) };
}

function outcome(result: ReturnType<typeof chooseVersion>) {
  return result.ok ? result.value : null;
}

const subsets = Array.from({ length: 2 ** universe.length - 1 }, (_, bits) =>
  universe.filter((_version, at) => ((bits + 1) >> at) & 1),
);

describe('version choice', () => {
  test('agrees with the oracle on every pair of lists', () => {
    for (const own of subsets) {
      for (const offered of subsets) {
        const context = `${own} × ${offered}`;
        expect(outcome(chooseVersion(own, offered, { must })), context).toEqual(
          oracle(own, offered),
        );
      }
    }
  });
  const lists = fc.shuffledSubarray(universe, { minLength: 1 });
  const noise = fc.array(
    fc.constantFrom('', 'v2.0', '2', '2.0.1', '02.0', '1.', '.1', 'x', ' 1.0'),
  );
  test('is the same for both sides, in any order, with noise and repetition', () =>
    fc.assert(
      fc.property(
        fc
          .tuple(lists, lists, noise)
          .chain(([own, offered, junk]) =>
            fc.tuple(
              fc.constant(own),
              fc.constant(offered),
              shuffled([...offered, ...offered, ...junk]),
            ),
          ),
        fc.option(fc.constantFrom(...universe), { nil: undefined }),
        ([own, offered, noisy], preferred) => {
          const plain = outcome(chooseVersion(own, offered, { must }));
          const options = preferred === undefined ? { must } : { must, preferred };
          expect(outcome(chooseVersion(own, noisy, options))).toEqual(plain);
          expect(outcome(chooseVersion(offered, own, options))).toEqual(plain);
        },
      ),
    ));
  test('never joins builds whose majors are more than one apart', () =>
    fc.assert(
      fc.property(lists, lists, (own, offered) => {
        const choice = outcome(chooseVersion(own, offered, { must }));
        if (choice) expect(Math.abs(topMajor(own) - topMajor(offered))).toBeLessThanOrEqual(1);
      }),
    ));
  test('for NORC-T agrees with the oracle beside every link', () =>
    fc.assert(
      fc.property(
        lists,
        lists,
        fc.constantFrom('1.0', '2.1', '3.0', '5.0'),
        (own, offered, link) => {
          const choice = outcome(chooseTrustVersion(own, offered, link, { must }));
          expect(choice).toEqual(oracle(own, offered, read(link).major));
        },
      ),
      { numRuns: 2000 },
    ));
  test('never throws on what a peer lists', () =>
    fc.assert(
      fc.property(fc.array(fc.string()), (offered) => {
        for (const off of [new Set<never>(), new Set(['X-AMC-09', 'X-AMC-03'] as const)]) {
          chooseVersion(['1.0'], offered, { must: createMust({ off }) });
        }
      }),
    ));
});
