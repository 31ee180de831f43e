/** The grounds are held beside each other case by case; nothing but waiting is excused. */
import { describe, expect, test } from 'vitest';
import { agreementOf, incomparableBecause } from '../../../reports/agreement.ts';
import { agreementLines } from '../../../reports/check-agreement.ts';
import type { CaseResult, Results, Verdict } from '../../../reports/results.ts';
import { sample } from './sample.ts';

const [first] = sample.cases;

function caseOf(id: string, verdict: Verdict, more: Partial<CaseResult> = {}): CaseResult {
  if (!first) throw new Error('the sample has no case');
  return { ...first, id, verdict, reason: verdict === 'pass' ? null : 'as it were', ...more };
}

function resultsOn(ground: Results['run']['ground'], cases: readonly CaseResult[]): Results {
  return { ...sample, run: { ...sample.run, ground }, cases };
}

const inProcess = resultsOn('in-process', [caseOf('a', 'pass'), caseOf('b', 'pass')]);

describe('two runs', () => {
  test('agree where every case ends alike', () => {
    const agreement = agreementOf(resultsOn('sockets', inProcess.cases), inProcess);
    expect(agreement).toEqual({ agreeing: ['a', 'b'], excused: [], differences: [] });
  });

  test('differ where a verdict does, and the listing says both with their reasons', () => {
    const sockets = resultsOn('sockets', [caseOf('a', 'pass'), caseOf('b', 'fail')]);
    const agreement = agreementOf(sockets, inProcess);
    expect(agreement.differences.map((each) => each.case)).toEqual(['b']);
    expect(agreementLines(agreement)).toEqual([
      'differs  b',
      '           sockets     fail: as it were',
      '           in process  pass',
      '1 case end alike on both grounds, 0 wait longer than sockets do, 1 differ',
    ]);
  });

  test('differ where a case ran on one of them only', () => {
    const sockets = resultsOn('sockets', [caseOf('a', 'pass')]);
    expect(agreementOf(sockets, inProcess).differences).toEqual([
      {
        case: 'b',
        sockets: { verdict: 'not run', reason: null },
        inProcess: { verdict: 'pass', reason: null },
      },
    ]);
  });

  test('excuse what sockets would have to wait for, and nothing else that is untestable', () => {
    const sockets = resultsOn('sockets', [
      caseOf('a', 'untestable', { waitsSeconds: 3600 }),
      caseOf('b', 'untestable'),
    ]);
    const { excused, differences } = agreementOf(sockets, inProcess);
    expect(excused).toEqual(['a']);
    expect(differences.map((each) => each.case)).toEqual(['b']);
  });

  test('do not excuse a case that waits and fails', () => {
    const sockets = resultsOn('sockets', [caseOf('a', 'fail', { waitsSeconds: 3600 })]);
    const { differences } = agreementOf(sockets, resultsOn('in-process', [caseOf('a', 'pass')]));
    expect(differences.map((each) => each.case)).toEqual(['a']);
  });
});

describe('two runs are not compared', () => {
  const onSockets = resultsOn('sockets', inProcess.cases);

  test('unless they are of the two grounds, in that order', () => {
    expect(incomparableBecause(onSockets, inProcess)).toBeNull();
    expect(incomparableBecause(inProcess, onSockets)).toContain('the first is of in-process');
    expect(incomparableBecause(onSockets, onSockets)).toContain('the second is of sockets');
  });

  test.each([
    ['version', { at: '1.0' }],
    ['readings', { readings: ['L-V02=b'] }],
    ['version of the suite', { suiteVersion: '9.9.9' }],
  ])('when they differ in %s', (what, change) => {
    const other = { ...onSockets, run: { ...onSockets.run, ...change } };
    expect(incomparableBecause(other, inProcess)).toContain(`they differ in ${what}`);
  });

  test('when one was stopped or nothing was run', () => {
    const stopped = { ...onSockets, run: { ...onSockets.run, interrupted: true } };
    expect(incomparableBecause(stopped, inProcess)).toBe('a run was stopped');
    expect(incomparableBecause({ ...onSockets, cases: [] }, inProcess)).toBe('no case was run');
  });
});
