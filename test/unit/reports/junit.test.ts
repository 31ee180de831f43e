/**
 * JUnit: strict XML whatever a subject says, and in agreement with the verdicts and the exit code.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countsOf } from '../../../reports/counts.ts';
import { renderJunit } from '../../../reports/junit.ts';
import type { CaseResult, Results } from '../../../reports/results.ts';
import { hostileResults, sample } from './sample.ts';
import { type Element, elementsOf } from './well-formed.ts';

const plain: Results = { ...sample, baseline: { known: [], stale: [] } };

const named = (results: Results, name: string): readonly Element[] =>
  elementsOf(renderJunit(results), 'xml').filter((element) => element.name === name);

function casesOf(...changes: readonly Partial<CaseResult>[]): Results {
  const [first] = plain.cases;
  if (!first) throw new Error('the sample has no case');
  return { ...plain, cases: changes.map((change) => ({ ...first, ...change })) };
}

describe('JUnit', () => {
  test('is well formed for any text in any place', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const checks = [
          { requirement: 'X-AMC-01', holds: false, what: text, expected: text, got: text },
        ] as const;
        const hostile = { id: text, title: text, reason: text, rerun: text, checks };
        const results = casesOf({ ...hostile, verdict: 'fail' }, { ...hostile, verdict: 'warn' });
        expect(named(results, 'testcase')).toHaveLength(2);
      }),
    ));

  test('survives a subject that is hostile everywhere', () => {
    const results = hostileResults();
    expect(named(results, 'testcase')).toHaveLength(results.cases.length);
    expect(named(results, 'evil')).toEqual([]);
  });

  test('counts each case once, under the verdict that it has', () => {
    const counts = countsOf(plain.cases);
    const [all] = named(plain, 'testsuites');
    expect(all?.attributes).toMatchObject({
      tests: String(plain.cases.length),
      failures: String(counts.fail),
      errors: String(counts.error),
      skipped: String(counts.untestable + counts['not-applicable']),
    });
    expect(named(plain, 'failure')).toHaveLength(counts.fail);
    expect(named(plain, 'error')).toHaveLength(counts.error);
    expect(named(plain, 'skipped')).toHaveLength(counts.untestable + counts['not-applicable']);
  });

  test('has a suite for each layer, whose numbers add up to those of the whole', () => {
    const suites = named(plain, 'testsuite');
    expect(suites.map(({ attributes }) => attributes.name)).toEqual([
      'wire',
      'client',
      'federation',
      'trust',
    ]);
    const [all] = named(plain, 'testsuites');
    for (const number of ['tests', 'failures', 'errors', 'skipped']) {
      const sum = suites.reduce((total, each) => total + Number(each.attributes[number]), 0);
      expect(String(sum), number).toBe(all?.attributes[number]);
    }
  });

  test('says of a failure what was expected, what came and how to run it again', () => {
    const failed = plain.cases.find(({ verdict }) => verdict === 'fail');
    const [failure] = named({ ...plain, cases: failed ? [failed] : [] }, 'failure');
    expect(failure?.attributes.type).toBe(failed?.verifies[0]);
    expect(failure?.text).toContain('expected: {"type":"federation_error","error_code":5804}');
    expect(failure?.text).toContain('got:      {"type":"trust_decision"');
    expect(failure?.text).toContain(`rerun: ${failed?.rerun}`);
    expect(failure?.text).toMatch(/verifies: [XCFT]-[A-Z0-9]+-\d\d \(MUST/);
  });

  test('skips the untestable and the not applicable with their reason', () => {
    const results = casesOf(
      { verdict: 'untestable', reason: 'no restart' },
      { verdict: 'not-applicable', reason: 'no calls' },
    );
    expect(named(results, 'skipped').map(({ attributes }) => attributes.message)).toEqual([
      'untestable: no restart',
      'not-applicable: no calls',
    ]);
  });

  test('lets a warning pass and says so', () => {
    const results = casesOf({ verdict: 'warn', title: 'keeps time', reason: 'a second late' });
    expect(named(results, 'failure')).toEqual([]);
    expect(named(results, 'system-out')[0]?.text).toContain('warn: keeps time');
  });

  test('follows the baseline: a known failure is skipped, a stale entry fails', () => {
    const results: Results = {
      ...casesOf({ id: 'client/a', verdict: 'fail' }, { id: 'client/b', verdict: 'pass' }),
      baseline: { known: ['client/a', 'client/b'], stale: ['client/b'] },
    };
    expect(named(results, 'skipped')[0]?.attributes.message).toMatch(/^known failure: /);
    expect(named(results, 'failure')).toHaveLength(1);
    expect(named(results, 'testsuites')[0]?.attributes).toMatchObject({
      failures: '1',
      skipped: '1',
    });
  });

  test('is a document without tests when nothing was run', () => {
    expect(named({ ...plain, cases: [] }, 'testsuites')[0]?.attributes.tests).toBe('0');
  });
});
