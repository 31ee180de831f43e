/** Each kind of expectation over a journal of few entries, and what it says when the run ends. */
import { describe, expect, test } from 'vitest';
import type { Condition } from '../../../sim/monitors/conditions.ts';
import { createWatch, type Expectation } from '../../../sim/monitors/monitor.ts';
import type { Occurrence } from '../../../sim/monitors/occurrence.ts';
import type { Entry, Happening } from '../../../sim/trace/journal.ts';

/** A user of that name says something. */
const said = (user: string): Happening => ({ event: 'said', user, to: 'bob', messageId: user });
const trouble = (phase: 'begun' | 'ended'): Happening => ({ event: 'plan', item: 'cut', phase });

const says = (user: string): Occurrence => ({
  ...{ summary: user, ids: [] },
  matches: ({ happening }) => happening.event === 'said' && happening.user === user,
});

/** Somebody has said at most so much. */
const quiet = (most: number): Condition => ({
  ...{ summary: 'quiet', ids: [] },
  missing: (model) => (model.said.size <= most ? null : `${model.said.size} messages`),
});

type Moment = readonly [at: number, happening: Happening, server?: string];

function judge(expectation: Expectation, moments: readonly Moment[], end = 100) {
  const watch = createWatch([expectation], { rogues: new Set(['mallory.test']), startSeconds: 0 });
  for (const [at, happening, server = 'acme.test'] of moments) {
    watch.observe({ at, sequence: at, cause: 0, server, happening } satisfies Entry);
  }
  const [verdict] = watch.finish(end);
  return [verdict?.status, verdict?.at];
}

const named = <E>(expectation: E): E & { name: string } => ({ name: 'x', ...expectation });

describe('never', () => {
  const never = named({ kind: 'never', event: says('eve') } as const);

  test.each<[string, readonly Moment[], readonly unknown[]]>([
    ['holds while it does not happen', [[1, said('ann')]], ['held', null]],
    ['is broken when it happens first', [4, 9].map((at) => [at, said('eve')]), ['broken', 4]],
    ['does not speak of rogues', [[4, said('eve'), 'mallory.test']], ['held', null]],
  ])('%s', (_, moments, verdict) => expect(judge(never, moments)).toEqual(verdict));
});

test('sometimes is unreached until it happens', () => {
  const sometimes = named({ kind: 'sometimes', event: says('ann') } as const);
  expect(judge(sometimes, [[1, said('eve')]])).toEqual(['unreached', null]);
  expect(judge(sometimes, [[1, said('ann')]])).toEqual(['held', null]);
});

test('always is broken at the entry after which the state does not hold', () => {
  const always = named({ kind: 'always', state: quiet(1) } as const);
  expect(judge(always, [[1, said('ann')]])).toEqual(['held', null]);
  const moments: Moment[] = [
    [1, said('ann')],
    [7, said('eve')],
  ];
  expect(judge(always, moments)).toEqual(['broken', 7]);
});

test('finally looks at the end alone', () => {
  const moments: Moment[] = [[1, said('ann')]];
  expect(judge(named({ kind: 'finally', state: quiet(1) }), moments)).toEqual(['held', null]);
  expect(judge(named({ kind: 'finally', state: quiet(0) }), moments)).toEqual(['broken', 100]);
});

describe('within', () => {
  const within = named({ kind: 'within', ticks: 10, after: says('ann'), state: quiet(1) } as const);

  test.each<[string, readonly Moment[], number, readonly unknown[]]>([
    ['is unreached when nothing has begun', [[1, said('eve')]], 100, ['unreached', null]],
    ['holds when the state holds in time', [[1, said('ann')]], 100, ['held', null]],
    [
      'is broken when its time is over and the state does not hold',
      [1, 2, 30].map((at) => [at, said(at === 1 ? 'ann' : `eve ${at}`)]),
      100,
      ['broken', 11],
    ],
    [
      'looks at the state when the run ends before its time is over',
      [1, 2].map((at) => [at, said(at === 1 ? 'ann' : 'eve')]),
      5,
      ['broken', 5],
    ],
  ])('%s', (_, moments, end, verdict) => expect(judge(within, moments, end)).toEqual(verdict));
});

describe('leads-to', () => {
  const followed = { after: says('ann'), event: says('bob') };
  const leads = named({ kind: 'leads-to', ticks: 10, ...followed } as const);

  test.each<[string, readonly Moment[], number, readonly unknown[]]>([
    [
      'holds when the other follows',
      [
        [1, said('ann')],
        [9, said('bob')],
      ],
      100,
      ['held', null],
    ],
    [
      'is broken when the other comes too late',
      [
        [1, said('ann')],
        [12, said('bob')],
      ],
      100,
      ['broken', 11],
    ],
    [
      'is broken at the end of a run that lasts long enough',
      [[1, said('ann')]],
      11,
      ['broken', 11],
    ],
    ['holds when the run ends before', [[1, said('ann')]], 10, ['held', null]],
  ])('%s', (_, moments, end, verdict) => expect(judge(leads, moments, end)).toEqual(verdict));
});

describe('converges', () => {
  const converges = named({ kind: 'converges', ticks: 10, state: quiet(0) } as const);

  test.each<[string, readonly Moment[], readonly unknown[]]>([
    [
      'waits while there is trouble',
      [
        [1, trouble('begun')],
        [50, said('ann')],
      ],
      ['broken', 100],
    ],
    [
      'holds to the end when the state does',
      [
        [1, trouble('begun')],
        [5, trouble('ended')],
        [30, { event: 'started' }],
      ],
      ['held', null],
    ],
    [
      'is broken when the state is lost after that',
      [
        [1, trouble('begun')],
        [5, trouble('ended')],
        [30, said('ann')],
        [40, { event: 'started' }],
      ],
      ['broken', 40],
    ],
  ])('%s', (_, moments, verdict) => expect(judge(converges, moments)).toEqual(verdict));
});
