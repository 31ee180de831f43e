/** Which cases a run takes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Case } from '../../conformance/case.ts';
import { everything, type Selection, select } from '../../conformance/select.ts';
import { aCase, levelOf, may, must, should } from './fake-ground.ts';

const cases = [
  aCase('wire/frames/too-long', { verifies: [may] }),
  aCase('client/versions/highest-wins', { verifies: [must, should] }),
  aCase('client/versions/old', { verifies: [should] }),
  aCase('trust/challenge/late', { verifies: [must] }),
];

const idsOf = (chosen: readonly Case[]) => chosen.map(({ id }) => id);
const selected = (selection: Partial<Selection>) =>
  idsOf(select(cases, { ...everything, ...selection }, levelOf));

test('everything is all cases, in their order', () => {
  expect(selected({})).toEqual(idsOf(cases));
});

describe('globs', () => {
  test.each([
    ['trust/challenge/late', ['trust/challenge/late']],
    ['client/versions/*', ['client/versions/highest-wins', 'client/versions/old']],
    ['*/versions/old', ['client/versions/old']],
    ['client/**', ['client/versions/highest-wins', 'client/versions/old']],
    ['**/*l*', ['wire/frames/too-long', 'client/versions/old', 'trust/challenge/late']],
    ['client/versions/ol?', ['client/versions/old']],
    ['CLIENT/versions/OLD', ['client/versions/old']],
    ['T-CHAL-06', ['client/versions/highest-wins', 'client/versions/old']],
    ['T-CHAL-*', idsOf(cases)],
    ['client', []],
    ['client/*', []],
    ['.*', []],
    ['(client|trust)/**', []],
  ])('%s', (glob, ids) => {
    expect(selected({ only: [glob] })).toEqual(ids);
  });

  test('add to each other', () => {
    const only = ['client/versions/old', 'trust/**'];
    expect(selected({ only })).toEqual(['client/versions/old', 'trust/challenge/late']);
  });
});

test.each([
  ['must', ['client/versions/highest-wins', 'trust/challenge/late']],
  ['should', ['client/versions/highest-wins', 'client/versions/old', 'trust/challenge/late']],
  ['may', idsOf(cases)],
] as const)('the level %s keeps cases with a requirement as strong', (level, ids) => {
  expect(selected({ level })).toEqual(ids);
});

test('layers are the first segments, and narrow what else is asked', () => {
  expect(selected({ layers: ['wire', 'trust'] })).toEqual([
    'wire/frames/too-long',
    'trust/challenge/late',
  ]);
  expect(selected({ layers: ['trust'], only: ['client/**'] })).toEqual([]);
});

test('a case of no layer is a mistake', () => {
  const stray = aCase('elsewhere/one');
  expect(() => select([stray], { ...everything, layers: ['wire'] }, levelOf)).toThrow('elsewhere');
});

test('shares of a run are a partition of it, of sizes that differ by one at most', () =>
  fc.assert(
    fc.property(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 12 }), (count, of) => {
      const all = Array.from({ length: count }, (_, at) => aCase(`wire/case-${at}`));
      const shares = Array.from({ length: of }, (_, at) =>
        idsOf(select(all, { ...everything, shard: { index: at + 1, of } }, levelOf)),
      );
      expect(shares.flat().toSorted()).toEqual(idsOf(all).toSorted());
      const sizes = shares.map((share) => share.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  ));
