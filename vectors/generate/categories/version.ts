/** V-VER: which version two lists meet at (L-V01 to L-V11). */
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { choose } from '../primitives/versions.ts';
import { flag, listOf, optional, text } from '../shape.ts';

const grounds = {
  exact: { requirements: ['X-AMC-02', 'X-AMC-03'], readings: ['L-V01', 'L-V02'], flags: ['lists'] },
  order: { requirements: ['X-AMC-02'], readings: ['L-V01'], flags: ['order-of-list'] },
  numeric: { requirements: ['X-AMC-04'], readings: ['L-V05'], flags: ['text-comparison'] },
  bridge: { requirements: ['X-AMC-05'], readings: ['L-V03'], flags: ['bridging'] },
  far: { requirements: ['X-AMC-01'], readings: ['L-V03'], flags: ['distance'] },
  none: { requirements: ['X-AMC-03'], readings: ['L-V02'], flags: ['unspoken-version'] },
  syntax: { requirements: ['X-AMC-09'], readings: ['L-V05'], flags: ['loose-syntax'] },
  preferred: { requirements: ['X-AMC-13'], readings: ['L-V06'], flags: ['preference'] },
  mode: { requirements: ['X-AMC-10'], readings: ['L-V07'], flags: ['compatibility-flag'] },
  lower: { requirements: ['X-AMC-07'], readings: ['L-V01'], flags: ['downgrade'] },
  alien: { requirements: ['X-AMC-08'], readings: ['L-V01'], flags: ['unoffered'] },
  trust: { requirements: ['X-AMC-14'], readings: ['L-V11'], flags: ['trust-version'] },
} satisfies Record<string, Grounds>;

type Lists = readonly [offered: readonly string[], supported: readonly string[]];

function negotiated(
  about: Grounds,
  name: string,
  [offered, supported]: Lists,
  preferred?: string,
): Draft {
  const wish = preferred === undefined ? {} : { preferred };
  const input = { function: 'negotiate', offered, supported, ...wish };
  const choice = choose(offered, supported);
  return choice ? valid(about, name, input, { ...choice }) : invalid(about, name, input);
}

/** The rows of the plan. */
function planned(): Draft[] {
  const four = ['1.0', '1.1', '2.0'];
  const other = ['1.0', '1.2', '2.0'];
  const hundred = Array.from({ length: 100 }, (_, at) => `1.${99 - at}`);
  return [
    negotiated(grounds.exact, 'highest-of-two-majors', [
      ['2.0', '1.2', '1.1', '1.0'],
      ['1.2', '1.1'],
    ]),
    negotiated(grounds.none, 'adjacent-majors-without-a-common-version', [['2.0', '1.2'], ['1.0']]),
    negotiated(grounds.exact, 'three-against-two', [
      ['3.0', '2.1', '2.0'],
      ['1.2', '2.0'],
    ]),
    negotiated(grounds.order, 'ascending-lists', [four, other]),
    negotiated(grounds.numeric, 'ten-is-above-nine', [
      ['1.9', '1.10'],
      ['1.10', '1.9'],
    ]),
    negotiated(grounds.bridge, 'three-and-one-against-one', [['3.0', '1.0'], ['1.0']]),
    negotiated(grounds.far, 'four-against-two', [['4.0'], ['2.0']]),
    negotiated(grounds.none, 'one-against-two', [['1.0'], ['2.0']]),
    negotiated(grounds.syntax, 'only-malformed', [['v2.0', '2', '2.0.1'], ['2.0']]),
    negotiated(
      grounds.preferred,
      'preferring-a-lower-one',
      [
        ['1.0', '2.0'],
        ['1.0', '2.0'],
      ],
      '1.0',
    ),
    negotiated(grounds.preferred, 'preferring-what-is-not-offered', [four, four], '9.9'),
    negotiated(grounds.order, 'a-duplicate', [['1.0', '1.0'], ['1.0']]),
    negotiated(grounds.order, 'a-hundred-entries', [hundred, ['1.0', '1.57']]),
    ...permutations(four)
      .slice(1)
      .map((list) => negotiated(grounds.order, `offered-${list.join('-')}`, [list, other])),
    ...permutations(other)
      .slice(1)
      .map((list) => negotiated(grounds.order, `supported-${list.join('-')}`, [four, list])),
  ];
}

function permutations(list: readonly string[]): string[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((head, at) =>
    permutations(list.toSpliced(at, 1)).map((rest) => [head, ...rest]),
  );
}

/** All pairs of lists of one or two out of these. */
const UNIVERSE = ['1.0', '1.1', '2.0', '3.0', '4.0'];

function grid(): Draft[] {
  const pairs = UNIVERSE.flatMap((a, at) => UNIVERSE.slice(at + 1).map((b) => [a, b]));
  const lists = [...UNIVERSE.map((one) => [one]), ...pairs];
  return lists.flatMap((offered) =>
    lists
      .filter((supported) => !isPlanned(offered, supported))
      .map((supported) =>
        negotiated(
          groundsOf([offered, supported]),
          `grid-${offered.join('-')}-against-${supported.join('-')}`,
          [offered, supported],
        ),
      ),
  );
}

/** Of the grid, what the plan asks by a name of its own. */
const isPlanned = (offered: readonly string[], supported: readonly string[]): boolean =>
  ['1.0 2.0', '4.0 2.0'].includes([...offered, ...supported].join(' ')) && offered.length === 1;

/** What keeps two lists apart, or brings them together. */
function groundsOf([offered, supported]: Lists): Grounds {
  const [a, b] = [offered, supported].map((list) => Math.max(...list.map(Number.parseFloat)));
  if (Math.abs(Math.floor(a ?? 0) - Math.floor(b ?? 0)) > 1) return grounds.far;
  const choice = choose(offered, supported);
  if (choice) return choice.compatibility_mode ? grounds.mode : grounds.exact;
  return offered.some((one) => supported.includes(one)) ? grounds.bridge : grounds.none;
}

const MALFORMED = {
  empty: '',
  'no-minor': '2',
  'leading-v': 'v2.0',
  'leading-capital-v': 'V2.0',
  'three-parts': '2.0.1',
  'trailing-dot': '2.0.',
  'leading-dot': '.2.0',
  'no-major': '.0',
  'no-digits-after-dot': '2.',
  'leading-zero-of-major': '02.0',
  'leading-zero-of-minor': '2.00',
  'negative-major': '-2.0',
  'negative-minor': '2.-0',
  'plus-sign': '+2.0',
  'space-before': ' 2.0',
  'space-after': '2.0 ',
  'line-feed-after': '2.0\n',
  'null-after': '2.0\u0000',
  comma: '2,0',
  letters: 'two.zero',
  hexadecimal: '0x2.0',
  exponent: '2e0.0',
  'pre-release': '2.0-rc1',
  'build-metadata': '2.0+build',
  'wildcard-minor': '2.x',
  'range-operator': '>=2.0',
  'arabic-indic-digits': '\u0662.\u0660',
  'full-width-digits': '\uff12.\uff10',
  'six-digits': '200000.0',
  'six-digits-of-minor': '2.000000',
} as const;

function malformed(): Draft[] {
  return Object.entries(MALFORMED).flatMap(([name, text]) => [
    negotiated(grounds.syntax, `malformed-${name}`, [[text], ['2.0']]),
    negotiated(grounds.syntax, `skipped-${name}`, [
      [text, '1.0'],
      ['2.0', '1.0'],
    ]),
  ]);
}

/** What the answer of the other side may say. */
function answers(): Draft[] {
  const lists: readonly Lists[] = [
    [
      ['1.0', '1.1', '2.0'],
      ['1.0', '1.1', '2.0'],
    ],
    [
      ['2.0', '1.1', '1.0'],
      ['1.1', '1.0'],
    ],
    [
      ['1.9', '1.10', '1.2'],
      ['1.10', '1.9', '1.2'],
    ],
    [
      ['3.0', '2.0', '2.1'],
      ['2.1', '2.0', '1.0'],
    ],
  ];
  return lists.flatMap(([offered, supported]) => {
    const right = choose(offered, supported);
    if (!right) return [];
    const lists = `of-${offered.join('-')}-and-${supported.join('-')}`;
    const input = { function: 'check-choice', offered, supported };
    const named = (version: string): Draft => {
      const about = offered.includes(version) ? grounds.lower : grounds.alien;
      const answer = { chosen: version, compatibility_mode: right.compatibility_mode };
      return invalid(about, `choice-${lists}-is-${version || 'nothing'}`, {
        ...input,
        ...answer,
      });
    };
    const wrongMode = { chosen: right.version, compatibility_mode: !right.compatibility_mode };
    const others = [...new Set([...offered, ...supported, '9.9', '0.9', ''])];
    return [
      valid(grounds.lower, `choice-${lists}-is-right`, {
        ...input,
        chosen: right.version,
        compatibility_mode: right.compatibility_mode,
      }),
      invalid(grounds.mode, `choice-${lists}-has-the-wrong-mode`, { ...input, ...wrongMode }),
      ...others.filter((version) => version !== right.version).map(named),
    ];
  });
}

/** NORC-T on a link of NORC-F. */
function onLinks(): Draft[] {
  const lists = [['1.0'], ['2.0', '1.0'], ['2.0'], ['3.0', '2.0'], ['4.0', '3.0']];
  const links = ['1.0', '2.0', '3.0', '4.0'];
  return lists.flatMap((list) =>
    links.map((link) => {
      const major = Number.parseInt(link, 10);
      const choice = choose(list, list, (candidate) => Math.abs(candidate - major) <= 1);
      const input = { function: 'negotiate-trust', offered: list, supported: list };
      const name = `trust-${list.join('-')}-on-${link}`;
      const linked = { ...input, federation_version: link };
      if (!choice) return invalid(grounds.trust, name, linked);
      return valid(grounds.trust, name, linked, { version: choice.version });
    }),
  );
}

export const version: CategorySource = {
  category: 'version',
  title: 'Version negotiation',
  description:
    'Two lists of versions as text, and the version that both sides arrive at. Entries that are not ' +
    'of the form major.minor are skipped; a list without any other is malformed. Each list is cut to ' +
    'its two highest adjacent majors; the highest majors of both may differ by one; of what both then ' +
    'list literally the numerically highest is taken. No such version: reject.',
  functions: {
    negotiate: {
      does: 'the version to speak, and whether its major is below the top major of either list.',
      input: { offered: listOf(text), supported: listOf(text), preferred: optional(text) },
      output: { version: text, compatibility_mode: flag },
    },
    'check-choice': {
      does: 'whether an answer names what negotiate gives; reject everything else.',
      input: {
        offered: listOf(text),
        supported: listOf(text),
        chosen: text,
        compatibility_mode: flag,
      },
      output: {},
    },
    'negotiate-trust': {
      does: 'as negotiate, among versions whose major is at most one from that of the link.',
      input: { offered: listOf(text), supported: listOf(text), federation_version: text },
      output: { version: text },
    },
  },
  flags: {
    lists: {
      bug: 'The common version is not the highest exact match.',
      effect:
        'Two honest builds disagree about the version, or speak an older one than they could.',
    },
    'order-of-list': {
      bug: 'The first match wins instead of the highest.',
      effect: 'Whoever can reorder a list chooses the version, and so which protections exist.',
    },
    'text-comparison': {
      bug: 'Versions are compared as text: 1.9 above 1.10.',
      effect: 'Builds fall back to a version with known faults without anybody attacking.',
    },
    bridging: {
      bug: 'An old entry in a list joins builds that are two majors apart.',
      effect: 'An attacker lists an ancient version beside a new one and gets the ancient rules.',
    },
    distance: {
      bug: 'The distance of majors is not bounded.',
      effect: 'Builds meet whose rules were never meant to work together.',
    },
    'unspoken-version': {
      bug: 'A version is agreed on that one side did not list.',
      effect: 'One side goes by rules it does not know; checks fall silently away.',
    },
    'loose-syntax': {
      bug: 'Malformed versions are read as if they were well-formed.',
      effect: 'Two parsers read two versions from one list; a middleman chooses which is meant.',
    },
    preference: {
      bug: 'preferred_version overrides the highest mutual version.',
      effect: 'A single field downgrades the session.',
    },
    'compatibility-flag': {
      bug: 'compatibility_mode does not follow from the lists.',
      effect: 'Features are on that one side does not have, or a downgrade goes unnoticed.',
    },
    downgrade: {
      bug: 'An answer below the best mutual version is taken.',
      effect: 'The server, or whoever stands before it, chooses weaker rules.',
    },
    unoffered: {
      bug: 'An answer is taken that names what was not offered.',
      effect: 'The other side moves the session to a version of its choice.',
    },
    'trust-version': {
      bug: 'NORC-T is spoken at a version far from that of its link.',
      effect: 'Trust is established by rules that the link below does not uphold.',
    },
  },
  drafts: () => [...planned(), ...grid(), ...malformed(), ...answers(), ...onLinks()],
};
