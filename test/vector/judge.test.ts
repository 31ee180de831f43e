import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VectorValue } from '../../vectors/vector-file.ts';
import { differences } from '../adapters/difference.ts';
import { judge } from '../adapters/judge.ts';
import { vector } from './fake.ts';

const gives = (output: VectorValue) => ({ kind: 'output', output }) as const;
const rejects = { kind: 'rejected', reason: 'for a reason' } as const;
const cannot = { kind: 'unsupported' } as const;

describe('a verdict', () => {
  const rows = [
    { result: 'valid', output: 1, answer: gives(1), outcome: 'pass' },
    { result: 'valid', output: 1, answer: gives(2), outcome: 'fail' },
    { result: 'valid', output: 1, answer: rejects, outcome: 'fail' },
    { result: 'valid', output: 1, answer: cannot, outcome: 'unsupported' },
    { result: 'invalid', answer: rejects, outcome: 'pass' },
    { result: 'invalid', answer: gives(1), outcome: 'fail' },
    { result: 'invalid', answer: cannot, outcome: 'unsupported' },
    { result: 'acceptable', output: 1, answer: rejects, outcome: 'refused' },
    { result: 'acceptable', output: 1, answer: gives(1), outcome: 'accepted' },
    { result: 'acceptable', output: 1, answer: gives(2), outcome: 'fail' },
  ] as const;

  test.each(rows)('on $answer.kind of $result is $outcome', ({ answer, outcome, ...parts }) => {
    const judgement = judge(vector(parts), answer);
    expect(judgement.outcome).toBe(outcome);
    expect(judgement.reason === null).toBe(outcome !== 'fail');
  });

  test('names the first field that is wrong', () => {
    const judgement = judge(
      vector({ output: { a: { b: [1, 2] }, c: 0 } }),
      gives({ a: { b: [1, 3] } }),
    );
    expect(judgement.reason).toBe('the output at /a/b/1 and at 1 other places is wrong');
    expect(judgement.differences).toEqual([
      { path: '/a/b/1', expected: 2, got: 3 },
      { path: '/c', expected: 0, got: undefined },
    ]);
  });
});

const values = () => fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<VectorValue>;

describe('differences', () => {
  test('there are none between a value and itself, whatever the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(differences(value, reversed)).toEqual([]);
      }),
    );
  });

  test('there is one exactly where two values have different JSON', () => {
    const text = (value: VectorValue): string => JSON.stringify(sorted(value));
    fc.assert(
      fc.property(values(), values(), (a, b) => {
        expect(differences(a, b).length === 0).toBe(text(a) === text(b));
      }),
    );
  });

  test('an object is no list, and null is not nothing', () => {
    expect(differences({}, [])).toHaveLength(1);
    expect(differences({ a: null }, {})).toHaveLength(1);
    expect(differences({}, { constructor: 1 })).toHaveLength(1);
  });
});

/** Members in one order, so that equal values have equal texts. */
function sorted(value: VectorValue): VectorValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}
