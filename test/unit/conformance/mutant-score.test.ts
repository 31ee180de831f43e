/** What a run of mutants counts as found out, and which reasons for survivors are no longer true. */
import { describe, expect, test } from 'vitest';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { defineCase } from '../../conformance/case.ts';
import { renderMatrix } from '../../mutant/matrix-page.ts';
import type { Mutant } from '../../mutant/mutant.ts';
import { matrixOf, scoreOf, staleReasons } from '../../mutant/score.ts';
import { type ClaimResult, claimsOf } from '../../mutant/trials.ts';
import { must, should } from './fake-ground.ts';

const theCase = defineCase({ id: 'wire/a', title: 'A case', verifies: [must], async run() {} });

const mutant = (name: string, ...breaks: RequirementId[]): Mutant => {
  return { name, title: name, breaks, change: () => ({}) };
};

function result(requirement: RequirementId, mutants: readonly Mutant[], foundOut: string[] = []) {
  const provenBy = foundOut[0] ?? null;
  const ending = provenBy ? 'fail' : 'pass';
  const claim = { case: theCase, requirement, mutants, tries: 'first' } as const;
  return { ...claim, foundOut, provenBy, ending } satisfies ClaimResult;
}

describe('the claims of a case', () => {
  const tampers = [mutant('does-it-wrong', must), mutant('does-else', should)];
  const mutantsOf = (parts: Partial<Parameters<typeof defineCase>[0]>, guards: string[]) => {
    const each = defineCase({ ...theCase, ...parts });
    return claimsOf([each], new Set(guards), tampers).flatMap(({ mutants }) =>
      mutants.map(({ name }) => name),
    );
  };

  test('of a refusal are borne out by the server without the guard', () => {
    expect(mutantsOf({}, [must])).toEqual([`without-${must}`, 'does-it-wrong']);
  });

  test('of what must be taken are borne out by the guard that refuses everything', () => {
    expect(mutantsOf({ accepts: [must] }, [must])[0]).toBe(`overdoes-${must}`);
  });

  test('of behaviour are borne out by the tampers that break it, guard or no guard', () => {
    expect(mutantsOf({ behaviour: [must] }, [must])).toEqual(['does-it-wrong']);
    expect(mutantsOf({}, [])).toEqual(['does-it-wrong']);
  });
});

describe('the score', () => {
  const [good, bad] = [mutant('good', must), mutant('bad', must)];

  test('counts each mutant once, found out by whichever case', () => {
    const results = [result(must, [good, bad], ['good']), result(must, [good, bad], ['good'])];
    const { mutants, claims, notFoundOut } = scoreOf(results, [good, bad]);
    expect(mutants).toEqual({ found: 1, of: 2, share: 0.5 });
    expect(claims).toEqual({ found: 2, of: 2, share: 1 });
    expect(notFoundOut).toEqual(['bad']);
  });

  test('counts a tamper that no case is about as not found out', () => {
    expect(scoreOf([result(must, [good], ['good'])], [good, bad]).notFoundOut).toEqual(['bad']);
  });

  test('of nothing is nothing', () => {
    expect(scoreOf([], []).claims).toEqual({ found: 0, of: 0, share: 0 });
  });

  test('has a matrix in the order of the requirements', () => {
    const [low, high] = [must, should].sort();
    const rows = matrixOf([result(high as RequirementId, []), result(low as RequirementId, [])]);
    expect(rows.map(({ requirement }) => requirement)).toEqual([low, high]);
  });
});

test('the matrix as a page says what was found out, and why something was not', () => {
  const results = [result(must, [], ['does-it-<wrong>']), result(should, [])];
  const page = renderMatrix(scoreOf(results, []), matrixOf(results), {
    [`wire/a ${should}`]: 'for a reason',
  });
  expect(page).toContain('1 of 2 claims');
  expect(page).toContain('does-it-&lt;wrong&gt;');
  expect(page).toContain('for a reason');
  expect(page).not.toContain('<script');
});

test('a reason for a survivor that is found out is stale, and one of a case not run is not', () => {
  const reasons = { [`wire/a ${must}`]: 'for a reason', [`wire/b ${must}`]: 'for another' };
  expect(staleReasons([result(must, [], ['a'])], reasons)).toEqual([`wire/a ${must}`]);
  expect(staleReasons([result(must, [])], reasons)).toEqual([]);
});
