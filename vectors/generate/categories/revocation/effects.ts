/** What a revocation takes away and when, in every order of arrival (L-R04, L-R05, L-R12). */
import { type Draft, type Grounds, valid } from '../../category.ts';
import { seededUuid } from '../../primitives/bytes.ts';
import { NOW } from '../../primitives/certificate.ts';
import { type Effect, effectAt, type Revocation } from '../../primitives/revocation.ts';
import { numberWord } from '../../variation.ts';
import { grounds } from './grounds.ts';

const PERMISSIONS = [
  'message_relay',
  'user_discovery',
  'presence_federation',
  'voice_calls',
  'file_transfer',
  'archive_sync',
];

const EFFECTIVE = NOW + 1000;

export const revocation = (name: string, change: Partial<Revocation> = {}): Revocation => ({
  revocation_id: seededUuid(`revocation ${name}`),
  scope: 'full',
  reason: 'voluntary',
  issued_at: NOW,
  effective_date: EFFECTIVE,
  grace_period: 0,
  permissions: [],
  ...change,
});

export function effect(
  about: Grounds,
  name: string,
  revocations: readonly Revocation[],
  at: number,
): Draft {
  const state: Effect = effectAt(PERMISSIONS, revocations, at);
  return valid(
    about,
    name,
    { function: 'effect', permissions: PERMISSIONS, revocations, at },
    { ...state },
  );
}

/** Scope × reason × grace, at every instant that matters. */
export function effects(): Draft[] {
  const scopes = ['full', 'partial', 'conditional'] as const;
  const reasons = Object.keys(EFFECT_REASONS);
  return scopes
    .flatMap((scope) => reasons.map((reason) => ({ scope, reason })))
    .flatMap((one) => [0, 3600].map((grace_period) => ({ ...one, grace_period })))
    .filter((one) => !isUnsettled(one))
    .flatMap(effectsOf);
}

/** What is told of each reason, with and without grace. */
const EFFECT_REASONS: Readonly<Record<string, Grounds>> = {
  compromised_key: grounds.scope,
  policy_violation: grounds.scope,
  voluntary: grounds.scope,
  superseded: grounds.scope,
  expired: grounds.scope,
  mystery: grounds.reason,
};

type Case = Pick<Revocation, 'scope' | 'reason' | 'grace_period'>;

/** What grace a partial revocation of an expired certificate has, nothing says (2.7 row 5). */
const isUnsettled = ({ scope, reason, grace_period }: Case): boolean =>
  scope === 'partial' && reason === 'expired' && grace_period > 0;

function effectsOf({ scope, reason, grace_period }: Case): Draft[] {
  const permissions = scope === 'partial' ? ['voice_calls', 'archive_sync'] : [];
  const one = revocation(`${scope} ${reason}`, { scope, reason, grace_period, permissions });
  const instants = grace_period === 0 ? [-1, 0] : [-1, 0, 3599, 3600];
  const about = grace_period > 0 ? grounds.grace : (EFFECT_REASONS[reason] ?? grounds.scope);
  const name = `${scope}-${reason.replaceAll('_', '-')}-grace-${grace_period}`;
  return instants.map((after) =>
    effect(about, `${name}-at-${numberWord(after)}`, [one], EFFECTIVE + after),
  );
}

export function timings(): Draft[] {
  const past = revocation('past', { effective_date: NOW - 86_400 });
  const long = revocation('long grace', { grace_period: 10 * 86_400 });
  const pastGrace = revocation('past grace', { effective_date: NOW - 7200, grace_period: 3600 });
  return [
    effect(grounds.when, 'date-that-has-passed-means-when-issued', [past], NOW),
    effect(grounds.when, 'grace-counts-from-when-issued', [pastGrace], NOW + 3599),
    effect(grounds.when, 'grace-from-when-issued-ends', [pastGrace], NOW + 3600),
    effect(grounds.grace, 'grace-is-a-day-at-most', [long], EFFECTIVE + 86_399),
    effect(grounds.grace, 'grace-ends-after-a-day', [long], EFFECTIVE + 86_400),
    effect(
      grounds.names,
      'unknown-permission-is-passed-over',
      [revocation('unknown', { scope: 'partial', permissions: ['admin', 'voice_calls'] })],
      EFFECTIVE,
    ),
    effect(
      grounds.names,
      'every-permission-partly-revoked',
      [revocation('all', { scope: 'partial', permissions: PERMISSIONS })],
      EFFECTIVE,
    ),
    effect(grounds.scope, 'none', [], EFFECTIVE),
  ];
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((head, at) =>
    permutations(list.toSpliced(at, 1)).map((rest) => [head, ...rest]),
  );
}

/** Every order of four, and repeats, at one instant. */
export function orders(): Draft[] {
  const four = [
    revocation('a', { scope: 'partial', permissions: ['voice_calls'] }),
    revocation('b', {
      scope: 'partial',
      permissions: ['archive_sync'],
      reason: 'policy_violation',
    }),
    revocation('c', { scope: 'conditional', grace_period: 3600 }),
    revocation('d', { scope: 'full', effective_date: EFFECTIVE + 7200, reason: 'compromised_key' }),
  ];
  return [
    ...permutations([0, 1, 2, 3]).map((order) =>
      effect(
        grounds.order,
        `order-${order.join('')}`,
        order.flatMap((at) => four.slice(at, at + 1)),
        EFFECTIVE + 10,
      ),
    ),
    ...[-1, 0, 3600, 7200].map((after) =>
      effect(grounds.order, `all-four-at-${numberWord(after)}`, four, EFFECTIVE + after),
    ),
    effect(grounds.order, 'each-one-twice', [...four, ...four], EFFECTIVE + 10),
    effect(
      grounds.order,
      'partial-after-full',
      [
        revocation('full'),
        revocation('later', {
          scope: 'partial',
          permissions: ['voice_calls'],
          effective_date: EFFECTIVE + 10,
        }),
      ],
      EFFECTIVE + 20,
    ),
    effect(
      grounds.order,
      'gentle-after-security',
      [
        revocation('security', { reason: 'compromised_key' }),
        revocation('gentle', { grace_period: 3600 }),
      ],
      EFFECTIVE + 5,
    ),
  ];
}
