/** V-RAT: token buckets (X-RATE-01 to 08, L-X07). */
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { flag, from, listOf, objectOf, oneOf, optional, text } from '../shape.ts';
import { answerDrafts, whats } from './rate/answers.ts';
import { type Limit, run, SECOND, type Step } from './rate/bucket.ts';

const grounds = {
  messages: { requirements: ['X-RATE-01'], readings: ['L-X07'], flags: ['burst', 'refill'] },
  lookups: { requirements: ['X-RATE-02'], readings: ['L-X07'], flags: ['burst', 'refill'] },
  registrations: { requirements: ['X-RATE-03'], readings: ['L-X07'], flags: ['burst', 'refill'] },
  federation: { requirements: ['X-RATE-04'], readings: ['L-X07'], flags: ['burst', 'refill'] },
  truthful: { requirements: ['X-RATE-06'], readings: ['L-X07'], flags: ['untrue-wait'] },
  exact: {
    requirements: ['X-RATE-01', 'X-RATE-06'],
    readings: ['L-X07'],
    flags: ['rounded-refill'],
  },
  clock: { requirements: ['X-RATE-01'], readings: ['L-X07'], flags: ['clock'] },
} satisfies Record<string, Grounds>;

const limits = {
  messages: { burst: 120, tokens: 60, period_seconds: 60 },
  lookups: { burst: 30, tokens: 30, period_seconds: 60 },
  registrations: { burst: 3, tokens: 3, period_seconds: 3600 },
  federation: { burst: 1000, tokens: 1000, period_seconds: 60 },
} satisfies Record<string, Limit>;

const traced = (about: Grounds, name: string, limit: Limit, steps: readonly Step[]): Draft =>
  valid(about, name, { function: 'trace', ...limit, steps }, { outcomes: run(limit, steps) });

const times = (count: number, step: number, start = 0): Step[] =>
  Array.from({ length: count }, (_, at) => ({ at: start + at * step, cost: 1 }));

function traces(): Draft[] {
  const small: Limit = { burst: 3, tokens: 1, period_seconds: 10 };
  const thirds: Limit = { burst: 2, tokens: 3, period_seconds: 1 };
  const bytes: Limit = { burst: 1000, tokens: 1000, period_seconds: 3 };
  return [
    traced(grounds.messages, 'trace-121-at-once', limits.messages, times(121, 0)),
    traced(
      grounds.messages,
      'trace-61-a-minute-for-three-minutes',
      limits.messages,
      times(183, 983_607),
    ),
    traced(grounds.lookups, 'trace-31-look-ups', limits.lookups, times(31, 0)),
    traced(grounds.registrations, 'trace-four-registrations', limits.registrations, [
      ...times(4, 0),
      { at: 1200 * SECOND, cost: 1 },
      { at: 1200 * SECOND, cost: 1 },
    ]),
    traced(grounds.truthful, 'trace-wait-is-obeyed', small, [
      ...times(4, 0),
      { at: 10 * SECOND - 1, cost: 1 },
      { at: 10 * SECOND, cost: 1 },
      { at: 10 * SECOND, cost: 1 },
    ]),
    traced(grounds.truthful, 'trace-refused-attempts-cost-nothing', small, [
      ...times(9, SECOND),
      { at: 10 * SECOND, cost: 1 },
    ]),
    traced(grounds.truthful, 'trace-cost-above-the-burst', small, [
      { at: 0, cost: 4 },
      { at: 0, cost: 3 },
      { at: 100 * SECOND, cost: 4 },
    ]),
    traced(grounds.exact, 'trace-thirds-of-a-second', thirds, [
      ...times(2, 0),
      { at: 333_333, cost: 1 },
      { at: 333_334, cost: 1 },
      { at: 666_667, cost: 1 },
      { at: SECOND, cost: 1 },
    ]),
    traced(grounds.exact, 'trace-many-small-refills', thirds, times(40, 100_001)),
    traced(grounds.federation, 'trace-bytes', bytes, [
      { at: 0, cost: 700 },
      { at: 0, cost: 301 },
      { at: 3000, cost: 301 },
      { at: 3000, cost: 1 },
      { at: 3 * SECOND, cost: 1000 },
    ]),
    traced(grounds.messages, 'trace-silence-fills-no-further', small, [
      { at: 10_000 * SECOND, cost: 1 },
      ...times(3, 0, 10_000 * SECOND),
    ]),
    traced(grounds.clock, 'trace-clock-steps-back', small, [
      { at: 60 * SECOND, cost: 3 },
      { at: 50 * SECOND, cost: 1 },
      { at: 69 * SECOND, cost: 1 },
      { at: 70 * SECOND, cost: 1 },
    ]),
    traced(grounds.messages, 'trace-no-cost', small, [
      ...times(3, 0),
      { at: 0, cost: 0 },
      { at: 0, cost: 1 },
    ]),
  ];
}

function admitted(
  about: Grounds,
  name: string,
  limit: Limit,
  earlier: readonly number[],
  at: number,
): Draft {
  const steps = [...earlier, at].map((time) => ({ at: time, cost: 1 }));
  const input = { function: 'admit', ...limit, earlier, at };
  return (run(limit, steps).at(-1)?.accepted ? valid : invalid)(about, name, input);
}

const repeated = (count: number, at = 0): number[] => Array.from({ length: count }, () => at);

/** Around each limit: the last that fits, the first that does not, and the instants of refill. */
function admissions(): Draft[] {
  const entries = Object.entries(limits) as [keyof typeof limits, Limit][];
  return entries.flatMap(([name, limit]) => {
    const about = grounds[name];
    const one = (limit.period_seconds * SECOND) / limit.tokens;
    const after = (count: number, at: number, what: string): Draft =>
      admitted(about, `${name}-${what}`, limit, repeated(count), at);
    const { burst } = limit;
    const flood = repeated(burst);
    return [
      after(0, 0, 'first'),
      after(burst - 1, 0, 'last-of-the-burst'),
      after(burst, 0, 'one-above-the-burst'),
      after(burst + 1, 0, 'two-above-the-burst'),
      after(burst + 50, 0, 'fifty-above-the-burst'),
      after(burst, 1, 'a-microsecond-later'),
      after(burst, Math.floor(one / 2), 'half-a-token-later'),
      after(burst, Math.ceil(one) - 1, 'a-microsecond-early'),
      after(burst, Math.ceil(one), 'a-token-later'),
      admitted(
        about,
        `${name}-second-of-one-token`,
        limit,
        [...flood, Math.ceil(one)],
        Math.ceil(one),
      ),
      admitted(
        about,
        `${name}-second-after-two-tokens`,
        limit,
        [...flood, Math.ceil(2 * one)],
        Math.ceil(2 * one),
      ),
      admitted(
        about,
        `${name}-third-after-two-tokens`,
        limit,
        [...flood, ...repeated(2, Math.ceil(2 * one))],
        Math.ceil(2 * one),
      ),
      admitted(
        about,
        `${name}-whole-burst-after-a-long-silence`,
        limit,
        repeated(burst - 1, 10 * limit.period_seconds * SECOND),
        10 * limit.period_seconds * SECOND,
      ),
      admitted(
        about,
        `${name}-more-than-a-burst-after-a-long-silence`,
        limit,
        repeated(burst, 10 * limit.period_seconds * SECOND),
        10 * limit.period_seconds * SECOND,
      ),
      admitted(
        about,
        `${name}-two-bursts-a-moment-apart`,
        limit,
        [...flood, ...repeated(3, 10)],
        10,
      ),
      admitted(
        about,
        `${name}-new-period-is-no-new-burst`,
        limit,
        [...flood, ...repeated(limit.tokens, limit.period_seconds * SECOND)],
        limit.period_seconds * SECOND,
      ),
    ];
  });
}

const limit = { burst: from(1), tokens: from(1), period_seconds: from(1) };

export const rate: CategorySource = {
  category: 'rate',
  title: 'Rate limits',
  description:
    'A bucket of `burst` tokens, full at time 0, refilled continuously by `tokens` in `period_seconds` and ' +
    'never above the burst. Times are microseconds. What does not fit takes nothing and is told the ' +
    'whole seconds, rounded up, after which it would (null when never). A clock that steps back ' +
    'refills nothing until it has caught up.',
  functions: {
    trace: {
      does: 'the outcome of each step; retry_after is null where it was accepted.',
      input: { ...limit, steps: listOf(objectOf({ at: from(0), cost: from(0) })) },
      output: {
        outcomes: listOf(
          objectOf({ accepted: flag, retry_after: { type: ['integer', 'null'], minimum: 1 } }),
        ),
      },
    },
    admit: {
      does: 'whether one more of cost 1 is admitted at `at`, after attempts of cost 1 at the times `earlier`; else reject.',
      input: { ...limit, earlier: listOf(from(0)), at: from(0) },
      output: {},
    },
    answers: {
      does: 'null for each step that is admitted, else what says that it is not. The limits are those that hold without further agreement: of a device 60 messages a minute with a burst of 120 (error 6001), 30 key look-ups a minute and 3 registrations an hour (error 6000); of a server 1000 messages a minute and 100 MB in five minutes (rate_limit_exceeded 5401 and 5402), or what its certificate has granted. cost is bytes for server-bytes, else 1.',
      input: {
        what: oneOf(...whats),
        steps: listOf(objectOf({ at: from(0), cost: from(1) })),
        granted: optional(objectOf({ messages_per_second: from(1) })),
      },
      output: {
        outcomes: listOf({
          oneOf: [
            { type: 'null' },
            objectOf({ type: text, error_code: from(5000), retry_after: from(1) }),
          ],
        }),
      },
    },
  },
  flags: {
    burst: {
      bug: 'More, or less, than the burst passes at once.',
      effect: 'Floods pass, or honest senders are refused.',
    },
    refill: {
      bug: 'Tokens come by whole periods, or above the burst.',
      effect: 'Twice the limit passes around the end of a period.',
    },
    'untrue-wait': {
      bug: 'retry_after is too short, or refused attempts cost tokens.',
      effect: 'A client that does as it is told is refused for ever.',
    },
    'rounded-refill': {
      bug: 'Refill is rounded at each attempt.',
      effect: 'Frequent attempts gain or lose tokens.',
    },
    'wrong-answer': {
      bug: 'The refusal has another type, code or wait than the limit that was met.',
      effect: 'Peers back off from the wrong thing, or not at all, and a flood goes on.',
    },
    clock: {
      bug: 'A clock that steps back fills or empties the bucket.',
      effect: 'Whoever moves the clock lifts the limit.',
    },
  },
  drafts: () => [...traces(), ...admissions(), ...answerDrafts()],
};
