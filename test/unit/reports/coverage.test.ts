/** Every requirement has one standing, the strongest that is true of it, from what runs emitted. */
import { describe, expect, test } from 'vitest';
import { type Coverage, coverageOf } from '../../../reports/coverage.ts';
import { renderCoverage } from '../../../reports/coverage-page.ts';
import { readProofs, type TestReport } from '../../../reports/proofs.ts';
import type { Results, Verdict } from '../../../reports/results.ts';
import { missingFiles, objections } from '../../../reports/write-coverage.ts';
import type { Requirement } from '../../../spec/register-schema.ts';
import { register, sample } from './sample.ts';

const known = new Set<string>(register.map(({ id }) => id));

/** Results in which these requirements ended so, and nothing was judged beside them. */
function verdictsOf(verdicts: { readonly [id: string]: Verdict }): Results {
  const requirements = sample.requirements.map((row) => {
    return { ...row, verdict: verdicts[row.id] ?? ('untestable' as const) };
  });
  return { ...sample, requirements };
}

const nothing = verdictsOf({});

function reportOf(file: string, ...tests: readonly (readonly [string, string])[]): TestReport {
  const assertionResults = tests.map(([title, status]) => ({ title, fullName: title, status }));
  return { testResults: [{ name: `/somewhere/test/${file}`, assertionResults }] };
}

const standingOf = ({ rows }: Coverage, id: string): string | undefined =>
  rows.find(({ requirement }) => requirement.id === id)?.standing;

describe('a test proves', () => {
  const titles = ({ testResults }: TestReport) => readProofs({ testResults }, known).proofs;

  test('what its title begins with, one requirement or more', () => {
    const report = reportOf(
      'property/a.test.ts',
      ['T-PATH-03: finds the shortest', 'passed'],
      ['T-PATH-03, T-PATH-04: breaks ties', 'passed'],
    );
    expect(titles(report)).toEqual([
      { requirement: 'T-PATH-03', kind: 'property', title: 'finds the shortest' },
      { requirement: 'T-PATH-03', kind: 'property', title: 'breaks ties' },
      { requirement: 'T-PATH-04', kind: 'property', title: 'breaks ties' },
    ]);
  });

  test('nothing when it failed, was left out, or names the requirement elsewhere', () => {
    const report = reportOf(
      'unit/a.test.ts',
      ['T-PATH-03: finds the shortest', 'failed'],
      ['T-PATH-04: breaks ties', 'skipped'],
      ['finds the shortest (T-PATH-03)', 'passed'],
    );
    expect(titles(report)).toEqual([]);
  });

  test('nothing under an id that the register does not have, and that is told', () => {
    const report = reportOf('unit/a.test.ts', ['T-NONE-01: is none', 'passed']);
    expect(readProofs(report, known)).toMatchObject({ proofs: [], unknown: ['T-NONE-01'] });
  });
});

describe('a requirement stands under', () => {
  const proofs = readProofs(
    reportOf('unit/a.test.ts', ['X-ERR-01, X-AMC-12: is so', 'passed']),
    known,
  ).proofs;

  test('the wire before the virtual clock, and a verdict before a test', () => {
    const coverage = coverageOf(register, {
      sockets: verdictsOf({ 'X-ERR-01': 'pass' }),
      inProcess: verdictsOf({ 'X-ERR-01': 'pass', 'X-ERR-02': 'fail', 'X-ERR-03': 'error' }),
      proofs,
    });
    expect(standingOf(coverage, 'X-ERR-01')).toBe('wire');
    expect(standingOf(coverage, 'X-ERR-02')).toBe('in-process');
    expect(standingOf(coverage, 'X-ERR-03')).toBe('unproven');
    expect(standingOf(coverage, 'X-AMC-12')).toBe('unit');
  });

  test('one heading each: they add up to the register', () => {
    const coverage = coverageOf(register, { sockets: nothing, inProcess: nothing, proofs: [] });
    expect(coverage.rows).toHaveLength(register.length);
    for (const { requirement, standing } of coverage.rows) {
      const { observe, unbuilt } = requirement;
      const excused = observe === 'architecture' || observe === 'none' ? observe : null;
      expect(standing, requirement.id).toBe(excused ?? (unbuilt ? 'unbuilt' : 'unproven'));
    }
  });
});

describe('it is objected', () => {
  const [first] = register;
  if (!first) throw new Error('the register is empty');
  const unbuilt: Requirement = { ...first, unbuilt: 'to come' };
  const none = { proofs: [], unknown: [], files: [] };

  test('when what counts as not built is shown', () => {
    const inProcess = verdictsOf({ [first.id]: 'pass' });
    const coverage = coverageOf([unbuilt], { sockets: nothing, inProcess, proofs: [] });
    expect(objections(coverage, none)).toEqual([
      `${first.id} is shown now: take 'unbuilt' out of its row in the register`,
    ]);
  });

  test('when more is shown by nothing than was before', () => {
    const many = Array.from({ length: 500 }, () => ({ ...first, observe: 'wire' as const }));
    const coverage = coverageOf(many, { sockets: nothing, inProcess: nothing, proofs: [] });
    expect(objections(coverage, none).join()).toContain('500 requirements are shown by nothing');
  });

  test('when a test claims what does not exist', () => {
    const coverage = coverageOf([], { sockets: nothing, inProcess: nothing, proofs: [] });
    const told = objections(coverage, { ...none, unknown: ['T-NONE-01'] });
    expect(told).toEqual(['a test claims T-NONE-01, which the register does not have']);
  });

  test('when test files are missing in the report', () => {
    expect(missingFiles(['test/a.test.ts', 'test/b.test.ts'], ['test/a.test.ts'])).toEqual([
      'test/b.test.ts',
    ]);
  });
});

test('the page counts every requirement once and names those that nothing shows', () => {
  const coverage = coverageOf(register, { sockets: nothing, inProcess: nothing, proofs: [] });
  const page = renderCoverage(coverage);
  const [, total] = /\*\*all\*\*.*\| +(\d+) \|/.exec(page) ?? [];
  expect(Number(total)).toBe(register.length);
  expect(page).toContain('## Nothing shows it yet');
  expect(page).toContain('## Not built yet');
});
