/** V-CLS: labels, their two ladders and the ceilings of levels (L-X01, L-X02, L-T20). */
import {
  ceilings,
  classificationNames,
  classifications,
  levelNames,
} from '../../../spec/emitted/registries.ts';
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { oneOf, optional, text } from '../shape.ts';

const grounds = {
  ceiling: { requirements: ['X-CLS-04'], readings: ['L-X02', 'L-T20'], flags: ['ceiling'] },
  order: { requirements: ['X-CLS-01'], readings: ['L-X02'], flags: ['mixed-ladders'] },
  unknown: { requirements: ['X-CLS-02'], readings: ['L-X01'], flags: ['unknown-label'] },
  level: {
    requirements: ['X-CLS-04', 'T-LVL-07'],
    readings: ['L-T20', 'L-T21'],
    flags: ['ceiling'],
  },
  missing: { requirements: ['X-CLS-06'], readings: ['L-X02'], flags: ['missing-label'] },
} satisfies Record<string, Grounds>;

const ladders: readonly (readonly string[])[] = [classifications.national, classifications.nato];

const UNKNOWN = {
  empty: '',
  private: 'private',
  restricted: 'restricted',
  'in-capitals': 'SECRET',
  'with-a-space': 'top secret',
  'with-a-hyphen': 'top-secret',
  'space-before': ' secret',
  'line-feed-after': 'secret\n',
  'nato-standard': 'nato_unclass',
  'nato-alone': 'nato',
  'cosmic-top-secret': 'nato_top_secret',
  'two-labels': 'unclassified,secret',
  number: '0',
  null: 'null',
} as const;

const wordsOf = (name: string): string => name.replaceAll('_', '-');

function isAdmitted(level: (typeof levelNames)[number], label: string): boolean {
  const { national, nato } = ceilings[level];
  return [
    [classifications.national, national],
    [classifications.nato, nato],
  ].some(([ladder, top]) => {
    const labels = ladder as readonly string[];
    const place = labels.indexOf(label);
    return typeof top === 'string' && place >= 0 && place <= labels.indexOf(top);
  });
}

function admissions(): Draft[] {
  const asked = (level: string, label: string) => ({ function: 'admits', level, label });
  return [
    ...levelNames.flatMap((level) =>
      classificationNames.map((label) =>
        (isAdmitted(level, label) ? valid : invalid)(
          grounds.ceiling,
          `${wordsOf(label)}-at-${level}`,
          asked(level, label),
        ),
      ),
    ),
    ...Object.entries(UNKNOWN).map(([name, label]) =>
      invalid(grounds.unknown, `label-${name}-at-nato`, asked('nato', label)),
    ),
    ...Object.entries({
      empty: '',
      strong: 'strong',
      'capital-basic': 'Basic',
      'nato-in-capitals': 'NATO',
      none: 'none',
      secret: 'secret',
      'verified-with-space': 'verified ',
    }).map(([what, level]) =>
      invalid(grounds.level, `unclassified-at-no-level-${what}`, asked(level, 'unclassified')),
    ),
  ];
}

function orderOf(one: string, other: string): string {
  const ladder = ladders.find((labels) => labels.includes(one) && labels.includes(other));
  if (!ladder) return 'none';
  const step = ladder.indexOf(one) - ladder.indexOf(other);
  if (step === 0) return 'equal';
  return step < 0 ? 'below' : 'above';
}

function orders(): Draft[] {
  const asked = (one: string, other: string) => ({ function: 'compare', one, other });
  return [
    ...classificationNames.flatMap((one) =>
      classificationNames.map((other) =>
        valid(grounds.order, `${wordsOf(one)}-and-${wordsOf(other)}`, asked(one, other), {
          order: orderOf(one, other),
        }),
      ),
    ),
    ...Object.entries(UNKNOWN).flatMap(([name, label]) => [
      invalid(grounds.unknown, `${name}-against-secret`, asked(label, 'secret')),
      invalid(grounds.unknown, `secret-against-${name}`, asked('secret', label)),
    ]),
  ];
}

function labels(): Draft[] {
  const carriers = ['message', 'relay'] as const;
  return [
    valid(
      grounds.missing,
      'missing-in-a-message',
      { function: 'read-label', carrier: 'message' },
      { label: 'unclassified' },
    ),
    invalid(grounds.missing, 'missing-in-a-relay', { function: 'read-label', carrier: 'relay' }),
    ...carriers.flatMap((carrier) => [
      ...classificationNames.map((label) =>
        valid(
          grounds.unknown,
          `${wordsOf(label)}-in-a-${carrier}`,
          { function: 'read-label', carrier, label },
          { label },
        ),
      ),
      ...Object.entries(UNKNOWN).map(([name, label]) =>
        invalid(grounds.unknown, `label-${name}-in-a-${carrier}`, {
          function: 'read-label',
          carrier,
          label,
        }),
      ),
    ]),
  ];
}

export const classification: CategorySource = {
  category: 'classification',
  title: 'Classification',
  description:
    'Two ladders that cannot be compared with each other: unclassified < official_use_only < confidential ' +
    '< secret < top_secret, and nato_unclassified < nato_restricted < nato_confidential < nato_secret. ' +
    'Ceilings: basic unclassified; verified official_use_only and nato_unclassified; classified secret ' +
    'and nato_unclassified; nato secret and nato_secret. A ladder without a ceiling admits nothing.',
  functions: {
    admits: {
      does: 'whether a link of that level may carry the label; else reject.',
      input: { level: text, label: text },
      output: {},
    },
    compare: {
      does: 'how one stands to the other; an unknown label is rejected.',
      input: { one: text, other: text },
      output: { order: oneOf('below', 'equal', 'above', 'none') },
    },
    'read-label': {
      does: 'the label of a message (missing: unclassified) or of a relay (missing: reject); an unknown one is rejected.',
      input: { carrier: oneOf('message', 'relay'), label: optional(text) },
      output: { label: text },
    },
  },
  flags: {
    ceiling: {
      bug: 'The label is not compared with the ceiling of the level.',
      effect: 'Classified content leaves over links that must not carry it.',
    },
    'mixed-ladders': {
      bug: 'National and NATO labels are put into one order.',
      effect: 'A label of one ladder passes the ceiling of the other.',
    },
    'unknown-label': {
      bug: 'An unknown label is taken for the lowest.',
      effect: 'A spelling mistake, or a hostile one, declassifies.',
    },
    'missing-label': {
      bug: 'A relay without a label is taken for unclassified.',
      effect: 'A hop strikes the label and the message goes anywhere.',
    },
  },
  drafts: () => [...admissions(), ...orders(), ...labels()],
};
