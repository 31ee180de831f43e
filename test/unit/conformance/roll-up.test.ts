/** From the verdicts of cases to those of requirements. */
import { describe, expect, test } from 'vitest';
import type { CaseResult, RequirementResult, RunFacts } from '../../../reports/results.ts';
import { resultsFault } from '../../../reports/results-schema.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { requirementRows } from '../../../spec/rows.ts';
import { assembleResults } from '../../conformance/results.ts';
import { must, should } from './fake-ground.ts';

const register = requirementRows();

const run: RunFacts = {
  id: 'run',
  seed: 'seed',
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  ground: 'in-process',
  at: '2.0',
  subject: { name: 'a subject', serverId: 'subject.test', versions: ['2.0'], capabilities: [] },
  readings: [],
  interrupted: false,
  suiteVersion: '0.0.0',
};

let count = 0;

function ended(verdict: CaseResult['verdict'], parts: Partial<CaseResult> = {}): CaseResult {
  count += 1;
  return {
    id: `wire/case-${count}`,
    title: 'A case',
    verdict,
    verifies: [must],
    readings: [],
    reason: verdict === 'pass' ? null : `it ended as ${verdict}`,
    durationMs: 1,
    checks: [],
    exchange: [],
    rerun: 'rerun',
    ...parts,
  };
}

const check = (requirement: RequirementId, holds: boolean) => {
  return { requirement, holds, what: 'what', expected: '1', got: '2' };
};

function rowOf(id: RequirementId, cases: readonly CaseResult[]): RequirementResult {
  const row = assembleResults(run, cases, register).requirements.find((each) => each.id === id);
  if (!row) throw new Error(`${id} is not told of`);
  return row;
}

test('all requirements are told of, in the order of the register, and the document is valid', () => {
  const results = assembleResults(run, [ended('pass'), ended('fail')], register);
  expect(results.requirements.map(({ id }) => id)).toEqual(register.map(({ id }) => id));
  expect(resultsFault(JSON.parse(JSON.stringify(results)))).toBeNull();
});

describe('a requirement', () => {
  test.each([
    [['pass', 'fail'], 'fail'],
    [['fail', 'error'], 'error'],
    [['pass', 'warn'], 'warn'],
    [['untestable', 'pass'], 'pass'],
    [['not-applicable', 'untestable'], 'untestable'],
    [['not-applicable'], 'not-applicable'],
  ] as const)('with cases that end as %j is %s', (verdicts, verdict) => {
    const cases = verdicts.map((each) => ended(each));
    const row = rowOf(must, cases);
    expect(row).toMatchObject({ verdict, cases: cases.map(({ id }) => id) });
    expect(row.reason).toBe(verdict === 'pass' ? null : `it ended as ${verdict}`);
  });

  test('that no case judged is untestable and says why', () => {
    const row = rowOf(must, [ended('pass', { verifies: [should] })]);
    expect(row).toMatchObject({ verdict: 'untestable', cases: [] });
    expect(row.reason).toMatch(/not built yet, or not selected/);
  });

  test('of no wire behaviour says what else would show it', () => {
    const hidden = register.find(({ observe, reason }) => observe === 'property' && !reason);
    if (!hidden) throw new Error('the register has none');
    expect(rowOf(hidden.id, []).reason).toContain('property');
  });
});

describe('of the requirements of one failed case', () => {
  const failed = ended('fail', {
    verifies: [must, should, 'T-CHAL-07'],
    checks: [check(must, true), check(should, false)],
  });

  test('the one that broke fails', () => {
    expect(rowOf(should, [failed])).toMatchObject({ verdict: 'fail', reason: failed.reason });
  });

  test('the one that was judged before and held passes', () => {
    expect(rowOf(must, [failed])).toMatchObject({ verdict: 'pass', reason: null });
  });

  test('the one that was not reached is untestable for that reason', () => {
    expect(rowOf('T-CHAL-07', [failed])).toMatchObject({ verdict: 'untestable' });
  });

  test('all fail where the subject misbehaved before anything was judged', () => {
    const early = ended('fail', { verifies: [must, should], checks: [] });
    expect(rowOf(must, [early]).verdict).toBe('fail');
    expect(rowOf(should, [early]).verdict).toBe('fail');
  });
});
