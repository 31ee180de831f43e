/** How a case ends, by what it does and by what it needs. */
import { describe, expect, test } from 'vitest';
import { SubjectMisbehaved, SuiteError, Untestable } from '../../conformance/case.ts';
import { LinkBroken } from '../../conformance/ground.ts';
import type { Stage } from '../../conformance/stage.ts';
import { breakIt, fakeGround, keep, may, must, resultOf, should } from './fake-ground.ts';

const throwing = (thrown: unknown) => async () => {
  throw thrown;
};

describe('a case', () => {
  test('passes when it has judged all that it verifies', async () => {
    const result = await resultOf({ verifies: [must, should] });
    expect(result).toMatchObject({ verdict: 'pass', reason: null, rerun: 'rerun wire/one' });
    expect(result.checks.map(({ requirement }) => requirement)).toEqual([must, should]);
  });

  test.each([
    ['MUST', must, 'fail'],
    ['SHOULD', should, 'warn'],
    ['MAY', may, 'warn'],
  ])('whose check of a %s does not hold ends by that level', async (_, id, verdict) => {
    const run = async (stage: Stage) => breakIt(stage, id);
    const result = await resultOf({ verifies: [id], run });
    expect(result).toMatchObject({ verdict, reason: `${id} is broken` });
    expect(result.checks).toEqual([
      { requirement: id, holds: false, what: `${id} is broken`, expected: '"yes"', got: '"no"' },
    ]);
  });

  test('ends with the first check that does not hold', async () => {
    const run = async (stage: Stage) => {
      breakIt(stage, should);
      breakIt(stage, must);
    };
    const { verdict, checks } = await resultOf({ verifies: [should, must], run });
    expect(verdict).toBe('warn');
    expect(checks).toHaveLength(1);
  });

  test.each([
    ['the subject misbehaves', new SubjectMisbehaved('no answer came', 'an answer', null)],
    ['the link breaks', new LinkBroken('no answer came')],
  ])('fails when %s on the way, a warning where nothing must hold', async (_, thrown) => {
    const run = throwing(thrown);
    const reason = 'no answer came';
    expect(await resultOf({ run })).toMatchObject({ verdict: 'fail', reason });
    expect(await resultOf({ run, verifies: [should, may] })).toMatchObject({ verdict: 'warn' });
  });

  test('that finds something missing is untestable and says what', async () => {
    const result = await resultOf({ run: throwing(new Untestable('no operator is there')) });
    expect(result).toMatchObject({ verdict: 'untestable', reason: 'no operator is there' });
  });
});

describe('an error of the suite is no verdict on the subject: a case that', () => {
  test.each([
    ['verifies nothing', { verifies: [] }, 'verifies nothing'],
    ['asserts nothing', { run: async () => undefined }, `without judging ${must}`],
    [
      'leaves an id unjudged that it claims',
      { verifies: [must, may], run: async (stage: Stage) => keep(stage, must) },
      `without judging ${may}`,
    ],
    [
      'throws',
      { run: throwing(new Error('undefined is no function')) },
      'undefined is no function',
    ],
    ['throws what is no error', { run: throwing('a text') }, 'a text'],
    [
      'steps out of order',
      { run: throwing(new SuiteError('sent before open')) },
      'sent before open',
    ],
    [
      'asks about a reading that it does not name',
      {
        run: async (stage: Stage) => {
          stage.takes('L-V02', 'a');
          keep(stage, must);
        },
      },
      'asks about L-V02 without naming it',
    ],
  ])('%s', async (_, parts, reason) => {
    const result = await resultOf(parts);
    expect(result.verdict).toBe('error');
    expect(result.reason).toContain(reason);
  });

  test('does not end', async () => {
    const run = () => new Promise<void>(() => undefined);
    const result = await resultOf({ run }, { caseLimitMs: 20 });
    expect(result).toMatchObject({ verdict: 'error' });
    expect(result.reason).toContain('not ended within 20 ms');
  });
});

describe('what a case needs', () => {
  test.each([
    ['a restart', { restart: true }, 'untestable', 'restart'],
    ['operator commands', { commands: true }, 'untestable', 'operator commands'],
    ['versions that the subject does not speak', { versions: ['9.0'] }, 'untestable', '9.0'],
    ['a long wait', { waitsSeconds: 3 }, 'untestable', '--ground in-process'],
    ['a capability', { capability: 'voice' }, 'not-applicable', 'does not offer voice'],
  ] as const)(
    'and does not find, %s, keeps it from being played',
    async (_, needs, verdict, why) => {
      const run = throwing(new Error('played all the same'));
      const result = await resultOf({ needs, run });
      expect(result.verdict).toBe(verdict);
      expect(result.reason).toContain(why);
      expect(result.checks).toEqual([]);
    },
  );

  test('and finds lets it be played', async () => {
    const needs = { restart: true, commands: true, waitsSeconds: 9, capability: 'voice' } as const;
    const can = { restart: true, command: true };
    const ground = fakeGround({ can, virtualTime: true, capabilities: ['voice'] });
    expect(await resultOf({ needs }, { ground })).toMatchObject({ verdict: 'pass' });
  });

  test('is another version where it is judged at some only', async () => {
    const result = await resultOf({ at: ['1.0', '1.1'] }, { at: '2.0' });
    expect(result).toMatchObject({ verdict: 'not-applicable' });
    expect(result.reason).toContain('1.0, 1.1');
    expect(await resultOf({ at: ['1.0'] }, { at: '1.0' })).toMatchObject({ verdict: 'pass' });
  });
});

describe('a reading of the ledger', () => {
  const asking = {
    readings: ['L-V02'],
    run: async (stage: Stage) => (stage.takes('L-V02', 'a') ? keep : breakIt)(stage, must),
  } as const;

  test('is ours unless another is chosen', async () => {
    expect(await resultOf(asking)).toMatchObject({ verdict: 'fail' });
  });

  test('that is chosen decides in the cases that ask about it', async () => {
    const readings = new Map([['L-V02', 'a']] as const);
    expect(await resultOf(asking, { readings })).toMatchObject({ verdict: 'pass' });
  });
});
