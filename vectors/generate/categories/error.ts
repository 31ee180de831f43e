/** V-ERR: codes, categories and what a refusal may say (L-X03, L-X04, L-X17). */
import { errorByCode, errorCategories, errorRanges } from '../../../spec/emitted/registries.ts';
import type { VectorValue } from '../../vector-file.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import type { JsonObject } from '../primitives/canonical-json.ts';
import { from, message, oneOf, text, whole } from '../shape.ts';
import { eachDropped } from '../variation.ts';

const grounds = {
  table: { requirements: ['X-ERR-02'], readings: ['L-X03', 'L-T09'], flags: ['wrong-code'] },
  shape: { requirements: ['X-ERR-01'], readings: ['L-X03', 'L-X04'], flags: ['loose-error'] },
  category: { requirements: ['X-ERR-02'], readings: ['L-X03', 'L-X04'], flags: ['wrong-category'] },
  same: { requirements: ['X-ERR-03', 'C-AUTH-09'], readings: ['L-X17'], flags: ['telling-error'] },
} satisfies Record<string, Grounds>;

const rows = Object.values(errorByCode);
const NOW = 1_734_900_000;

const errorOf = (row: {
  readonly code: number;
  readonly category: string;
  readonly message: string;
}): JsonObject => ({
  type: 'error',
  error_code: row.code,
  error_category: row.category,
  message: row.message,
  timestamp: NOW,
});

function tables(): Draft[] {
  const known = new Set<number>(rows.map(({ code }) => code));
  const edges = errorRanges.flatMap(({ from: first, to }) => [first - 1, to, to + 1]);
  const beside = rows.flatMap(({ code }) => [code - 1, code + 1]);
  const unknown = [...new Set([0, 1, 404, 999, ...edges, ...beside, 7000, 8000, 10_000, 65_535])];
  return [
    ...rows.map(({ code, name, category, message: says }) =>
      valid(
        grounds.table,
        `code-${code}`,
        { function: 'describe', code },
        { name, category, message: says },
      ),
    ),
    ...unknown
      .filter((code) => !known.has(code))
      .toSorted((a, b) => a - b)
      .map((code) => invalid(grounds.table, `no-code-${code}`, { function: 'describe', code })),
  ];
}

const asked = (error: JsonObject): VectorValue => ({ function: 'check', error });

/** Each code under a category of its neighbours. */
function categories(): Draft[] {
  return rows.flatMap((row) => {
    const place = errorCategories.indexOf(row.category);
    const other = errorCategories[(place + 1 + (row.code % 9)) % errorCategories.length] ?? '';
    return [
      valid(grounds.category, `${row.code}-under-its-category`, asked(errorOf(row))),
      invalid(
        grounds.category,
        `${row.code}-under-${other.replaceAll('_', '-')}`,
        asked({ ...errorOf(row), error_category: other }),
      ),
    ];
  });
}

function shapes(): Draft[] {
  const right = errorOf(errorByCode[6000]);
  const changes: Readonly<Record<string, JsonObject>> = {
    'code-as-text': { error_code: '6000' },
    'code-as-atom': { error_code: 'rate_limited' },
    'code-null': { error_code: null },
    'code-with-fraction': { error_code: 6000.5 },
    'code-negative': { error_code: -6000 },
    'code-of-three-digits': { error_code: 600 },
    'code-of-five-digits': { error_code: 60_000 },
    'category-unknown': { error_category: 'rate' },
    'category-in-capitals': { error_category: 'RATE_LIMIT' },
    'category-empty': { error_category: '' },
    'category-as-number': { error_category: 6 },
    'message-as-number': { message: 6000 },
    'message-as-list': { message: ['rate limit exceeded'] },
    'timestamp-as-text': { timestamp: '1734900000' },
    'timestamp-negative': { timestamp: -1 },
    'timestamp-with-fraction': { timestamp: 1_734_900_000.5 },
    'retry-after-negative': { retry_after: -1 },
    'retry-after-as-text': { retry_after: '30' },
    'retry-after-with-fraction': { retry_after: 0.5 },
    'details-as-text': { details: 'limit' },
    'details-as-list': { details: ['limit'] },
    'other-type': { type: 'warning' },
  };
  const good: Readonly<Record<string, JsonObject>> = {
    'with-retry-after': { retry_after: 30 },
    'with-details': { details: { reason: 'messages' } },
    'with-null-details': { details: null },
    'with-an-unknown-member': { hint: 'later' },
  };
  return [
    ...Object.entries(good).map(([name, change]) =>
      valid(grounds.shape, name, asked({ ...right, ...change })),
    ),
    ...eachDropped(right).map(([what, error]) => invalid(grounds.shape, what, asked(error))),
    ...Object.entries(changes).map(([name, change]) =>
      invalid(grounds.shape, name, asked({ ...right, ...change })),
    ),
    // The sample of the document itself: 4001 under authentication (L-X04).
    invalid(
      grounds.category,
      'sample-of-the-document',
      asked({ ...right, error_code: 4001, error_category: 'authentication' }),
    ),
  ];
}

const FAULTS = [
  'unknown-user',
  'unknown-device',
  'device-of-another-user',
  'wrong-key',
  'bad-signature',
  'expired-challenge',
  'used-challenge',
  'revoked-without-proof',
];

/** One answer for all of them. */
function beforeAuthentication(): Draft[] {
  const { code, category, message: says } = errorByCode[1002];
  return [
    ...FAULTS.map((fault) =>
      valid(
        grounds.same,
        `before-authentication-${fault}`,
        { function: 'authentication-failure', fault, timestamp: NOW },
        {
          error: errorOf({ code, category, message: says }),
        },
      ),
    ),
  ];
}

export const error: CategorySource = {
  category: 'error',
  title: 'Errors',
  description:
    'The registry of error codes, the category of each range (1000 authentication, 2000 authorization, ' +
    '2001 message, 3000 protocol, 3001 key, 4000 crypto, 5000 federation, 5001 trust, 5200 routing, 5400 ' +
    'rate_limit, 5600 protocol, 5800 trust, 6000 rate_limit, 9000 server) and the error object.',
  functions: {
    describe: {
      does: 'name, category and generic text of a code; reject one that the registry does not have.',
      input: { code: whole },
      output: { name: text, category: text, message: text },
    },
    check: {
      does: 'whether the object is a well-formed error whose category is that of its code; else reject.',
      input: { error: message },
      output: {},
    },
    'authentication-failure': {
      does: 'the error that a client sees for this fault before it has authenticated: the same for all of them.',
      input: { fault: oneOf(...FAULTS), timestamp: from(0) },
      output: { error: message },
    },
  },
  flags: {
    'wrong-code': {
      bug: 'A code means something else, or is not in the table.',
      effect: 'Peers retry what cannot succeed, or give up what could.',
    },
    'loose-error': {
      bug: 'Errors lack members, or carry them in other types.',
      effect: 'The handler of errors crashes: one malformed refusal ends the process.',
    },
    'wrong-category': {
      bug: 'Category and code contradict each other.',
      effect: 'Handling by category and handling by code come to different ends.',
    },
    'telling-error': {
      bug: 'Failures before authentication can be told apart.',
      effect: 'An attacker learns which users and devices exist.',
    },
  },
  drafts: () => [...tables(), ...categories(), ...shapes(), ...beforeAuthentication()],
};
