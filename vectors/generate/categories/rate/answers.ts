/** What a limit says when it is met (L-X07, L-X08): which message, which code, and when to come again. */
import { type Draft, type Grounds, valid } from '../../category.ts';
import { type Limit, run, SECOND } from './bucket.ts';

const grounds = {
  device: {
    requirements: ['X-RATE-01', 'X-RATE-06'],
    readings: ['L-X08'],
    flags: ['wrong-answer'],
  },
  lookups: { requirements: ['X-RATE-02'], readings: ['L-X08'], flags: ['wrong-answer'] },
  registrations: { requirements: ['X-RATE-03'], readings: ['L-X08'], flags: ['wrong-answer'] },
  server: {
    requirements: ['X-RATE-04', 'F-RATE-02'],
    readings: ['L-X07', 'L-X08'],
    flags: ['wrong-answer'],
  },
  bytes: {
    requirements: ['F-RATE-01', 'X-RATE-04'],
    readings: ['L-X07', 'L-X08'],
    flags: ['wrong-answer'],
  },
  granted: { requirements: ['F-RATE-03'], readings: ['L-X07'], flags: ['wrong-answer', 'burst'] },
} satisfies Record<string, Grounds>;

type Row = { readonly limit: Limit; readonly type: string; readonly error_code: number };

const ERROR = 'error';
const EXCEEDED = 'rate_limit_exceeded';

/** By what is limited. */
const rows = {
  'device-messages': { limit: limitOf(120, 60, 60), type: ERROR, error_code: 6001 },
  'key-lookups': { limit: limitOf(30, 30, 60), type: ERROR, error_code: 6000 },
  registrations: { limit: limitOf(3, 3, 3600), type: ERROR, error_code: 6000 },
  'server-messages': { limit: limitOf(1000, 1000, 60), type: EXCEEDED, error_code: 5401 },
  'server-bytes': {
    limit: limitOf(100_000_000, 100_000_000, 300),
    type: EXCEEDED,
    error_code: 5402,
  },
} as const satisfies Record<string, Row>;

export type What = keyof typeof rows;
export const whats = Object.keys(rows) as What[];

function limitOf(burst: number, tokens: number, period_seconds: number): Limit {
  return { burst, tokens, period_seconds };
}

type Step = { readonly at: number; readonly cost: number };
type Grant = { readonly messages_per_second: number };

const times = (count: number, at: number, cost = 1): Step[] =>
  Array.from({ length: count }, () => ({ at, cost }));

function answers(about: Grounds, name: string, what: What, steps: readonly Step[], grant?: Grant) {
  const { type, error_code, limit } = rows[what];
  const perSecond = grant?.messages_per_second;
  const valve = perSecond === undefined ? limit : limitOf(perSecond, perSecond, 1);
  const outcomes = run(valve, steps).map(({ accepted, retry_after }) =>
    accepted ? null : { type, error_code, retry_after },
  );
  const granted = grant === undefined ? {} : { granted: grant };
  const input = { function: 'answers', what, steps, ...granted };
  return valid(about, `answers-${name}`, input, { outcomes });
}

export function answerDrafts(): Draft[] {
  const megabytes = 10_000_000;
  return [
    answers(grounds.device, 'the-121st-message', 'device-messages', [
      ...times(122, 0),
      ...times(2, SECOND),
    ]),
    answers(grounds.device, 'a-message-just-too-early', 'device-messages', [
      ...times(121, 0),
      ...times(1, SECOND - 1),
      ...times(1, SECOND),
    ]),
    answers(grounds.lookups, 'the-31st-look-up', 'key-lookups', [
      ...times(31, 0),
      ...times(2, 2 * SECOND),
    ]),
    answers(grounds.registrations, 'the-fourth-registration', 'registrations', [
      ...times(4, 0),
      ...times(1, 600 * SECOND),
      ...times(2, 1200 * SECOND),
    ]),
    answers(grounds.server, 'the-1001st-message-of-a-server', 'server-messages', [
      ...times(1001, 0),
      ...times(17, SECOND),
    ]),
    answers(grounds.bytes, 'a-server-after-a-hundred-megabytes', 'server-bytes', [
      ...times(10, 0, megabytes),
      ...times(1, 0, 1),
      ...times(1, 0, megabytes),
      ...times(2, 30 * SECOND, megabytes),
    ]),
    answers(grounds.bytes, 'one-byte-above-a-hundred-megabytes', 'server-bytes', [
      ...times(9, 0, megabytes),
      ...times(1, 0, megabytes + 1),
      ...times(1, 0, megabytes),
    ]),
    answers(
      grounds.granted,
      'the-sixth-of-five-granted-a-second',
      'server-messages',
      [...times(6, 0), ...times(1, SECOND / 5), ...times(2, SECOND)],
      { messages_per_second: 5 },
    ),
    answers(
      grounds.granted,
      'more-than-the-baseline-where-more-is-granted',
      'server-messages',
      [...times(501, 0), ...times(501, SECOND)],
      { messages_per_second: 500 },
    ),
  ];
}
