/** V-SCO: the trust score and what a level asks of it (L-T16, L-T17). */
import { levels } from '../../../spec/emitted/registries.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { seeded } from '../primitives/bytes.ts';
import { type Factors, factorNames, scoreTenths } from '../primitives/score.ts';
import { from, mapOf, text, whole } from '../shape.ts';

const grounds = {
  weights: { requirements: ['T-SCORE-01', 'T-SCORE-02'], readings: ['L-T16'], flags: ['weights'] },
  missing: { requirements: ['T-SCORE-03'], readings: ['L-T16'], flags: ['default-value'] },
  rounding: { requirements: ['T-SCORE-06'], readings: ['L-T16', 'L-S03'], flags: ['rounding'] },
  range: {
    requirements: ['T-SCORE-01', 'T-SCORE-06'],
    readings: ['L-T16'],
    flags: ['unbounded-factor'],
  },
  threshold: { requirements: ['T-SCORE-04'], readings: ['L-T17'], flags: ['threshold'] },
  unknown: { requirements: ['T-LVL-07'], readings: ['L-T21'], flags: ['unknown-level'] },
  untrusted: { requirements: ['T-LVL-02'], readings: ['L-T21'], flags: ['unknown-level'] },
} satisfies Record<string, Grounds>;

const all = (value: number): Factors =>
  Object.fromEntries(factorNames.map((name) => [name, value]));
const wordsOf = (name: string): string => name.replaceAll('_', '-');

const scored = (about: Grounds, name: string, factors: Factors): Draft =>
  valid(about, name, { function: 'score', factors }, { score_tenths: scoreTenths(factors) });

function sums(): Draft[] {
  const { historical_reliability: _, ...newcomer } = all(1000);
  return [
    scored(grounds.weights, 'all-full', all(1000)),
    scored(grounds.missing, 'newcomer-without-history', newcomer),
    scored(grounds.missing, 'nothing', {}),
    scored(grounds.weights, 'all-zero', all(0)),
    scored(grounds.weights, 'all-half', all(500)),
    ...factorNames.flatMap((name) => [
      scored(grounds.weights, `only-${wordsOf(name)}`, { [name]: 1000 }),
      scored(grounds.missing, `all-but-${wordsOf(name)}`, { ...all(1000), [name]: 0 }),
      scored(grounds.rounding, `one-thousandth-of-${wordsOf(name)}`, { [name]: 1 }),
      scored(grounds.rounding, `all-but-one-thousandth-of-${wordsOf(name)}`, {
        ...all(1000),
        [name]: 999,
      }),
    ]),
    ...Array.from({ length: 12 }, (_, at) =>
      scored(grounds.weights, `drawn-from-seed-${at}`, drawn(at)),
    ),
  ];
}

function drawn(at: number): Factors {
  const bytes = seeded(`factors ${at}`, 12);
  return Object.fromEntries(
    factorNames.map((name, index) => [
      name,
      ((bytes[2 * index] ?? 0) * 256 + (bytes[2 * index + 1] ?? 0)) % 1001,
    ]),
  );
}

/** What is no factor, or no value of one. */
function refused(): Draft[] {
  const refuse = (name: string, factors: Factors): Draft =>
    invalid(grounds.range, name, { function: 'score', factors });
  return [
    ...factorNames.flatMap((name) => [
      refuse(`${wordsOf(name)}-above-full`, { ...all(1000), [name]: 1001 }),
      refuse(`${wordsOf(name)}-below-zero`, { ...all(1000), [name]: -1 }),
    ]),
    refuse('one-negative-hides-one-excess', {
      ...all(500),
      [factorNames[0] ?? '']: 2000,
      [factorNames[1] ?? '']: -1000,
    }),
    refuse('unknown-factor', { ...all(500), popularity: 1000 }),
    refuse('factor-in-another-case', { Certificate_Quality: 1000 }),
  ];
}

function thresholds(): Draft[] {
  return Object.values(levels).flatMap(({ level, threshold }) => {
    const asked = (score_tenths: number) => ({ function: 'meets', score_tenths, level });
    if (threshold === null) {
      return [0, 1000].map((score) =>
        invalid(grounds.untrusted, `${level}-is-never-granted-at-${score}`, asked(score)),
      );
    }
    const edge = 10 * threshold;
    return [
      valid(grounds.threshold, `${level}-at-its-threshold`, asked(edge)),
      valid(grounds.threshold, `${level}-above-its-threshold`, asked(edge + 1)),
      valid(grounds.threshold, `${level}-at-the-top`, asked(1000)),
      invalid(grounds.threshold, `${level}-a-tenth-below`, asked(edge - 1)),
      invalid(grounds.threshold, `${level}-a-point-below`, asked(edge - 10)),
      invalid(grounds.threshold, `${level}-scaled-to-one`, asked(Math.round(edge / 100))),
      invalid(grounds.threshold, `${level}-at-zero`, asked(0)),
    ];
  });
}

const unknownLevels = (): Draft[] =>
  Object.entries({
    empty: '',
    strong: 'strong',
    'capital-basic': 'Basic',
    'nato-in-capitals': 'NATO',
    'nato-secret': 'nato_secret',
    secret: 'secret',
    'verified-with-space': 'verified ',
    'a-number': '2',
    none: 'none',
    full: 'full',
  }).map(([what, level]) =>
    invalid(grounds.unknown, `no-level-${what}`, { function: 'meets', score_tenths: 1000, level }),
  );

export const score: CategorySource = {
  category: 'score',
  title: 'Trust score',
  description:
    'Six factors in thousandths (0…1000), weighted 30 certificate_quality, 15 domain_verification, 20 ' +
    'organization_reputation, 15 security_posture, 10 compliance_status, 10 historical_reliability. The ' +
    'score in tenths is the weighted sum divided by 100, rounded down. Thresholds: basic 40.0, verified ' +
    '70.0, classified 85.0, nato 95.0.',
  functions: {
    score: {
      does: 'the score in tenths; a missing factor counts 0, an unknown one or a value out of range is rejected.',
      input: { factors: mapOf(whole) },
      output: { score_tenths: from(0, 1000) },
    },
    meets: {
      does: 'whether the score suffices for the level; reject when it does not, and levels that are not granted.',
      input: { score_tenths: from(0, 1000), level: text },
      output: {},
    },
  },
  flags: {
    weights: {
      bug: 'Weights differ, are not exact, or do not sum to 100.',
      effect: 'Two servers come to two verdicts over the same evidence.',
    },
    'default-value': {
      bug: 'Missing evidence earns something.',
      effect: 'An attacker who shows nothing is trusted more than one who shows something bad.',
    },
    rounding: {
      bug: 'The score is rounded up, or counted in floating point.',
      effect: 'A server is granted a level a fraction below its threshold.',
    },
    'unbounded-factor': {
      bug: 'Factors are not bounded.',
      effect: 'One inflated factor outweighs everything that is missing.',
    },
    threshold: {
      bug: 'The threshold of a level is compared wrongly.',
      effect: 'Trust is granted that the evidence does not carry.',
    },
    'unknown-level': {
      bug: 'An unknown level gets a default, or untrusted is granted.',
      effect: 'A level that nobody has defined passes every check.',
    },
  },
  drafts: () => [...sums(), ...refused(), ...thresholds(), ...unknownLevels()],
};
