/** The same census under every combination of settings: one tidy row a setting. */
import { type Answer, count, number, type Table, text } from '../answer.ts';
import { pairsAtLeast, pairsReached, takeCensus } from '../census.ts';
import { type Inquiry, type Question, sourcesOf } from '../question.ts';
import { bandNames, checkRule, type Rule } from '../rule.ts';

type Part = readonly number[];

export const sweep: Question<Part> = {
  name: 'sweep',
  unit: 'settings',
  units: (inquiry) => settingsOf(inquiry).length,
  prepare(inquiry) {
    const settings = settingsOf(inquiry);
    const sources = sourcesOf(inquiry);
    return (unit) => {
      const census = takeCensus(inquiry.graph, settings[unit] as Rule, sources);
      return [pairsReached(census), ...bandNames.map((_, band) => pairsAtLeast(census, band))];
    };
  },
  answer: sweepAnswer,
};

/** `options` hold a list of values for each member that is swept; the last one turns fastest. */
function settingsOf({ rule, options }: Inquiry): readonly Rule[] {
  const verified = options.verified as readonly number[] | undefined;
  const swept: Swept = {
    ...options,
    ...(verified ? { thresholds: verified.map((value) => rule.thresholds.with(1, value)) } : {}),
  };
  return sweptMembers
    .reduce<readonly Rule[]>(
      (settings, member) => {
        const values = swept[member] ?? [rule[member]];
        return settings.flatMap((setting) =>
          values.map((value) => ({ ...setting, [member]: value })),
        );
      },
      [rule],
    )
    .map(checkRule);
}

const sweptMembers = ['decay', 'hops', 'firstHop', 'tie', 'thresholds'] as const;
type Swept = { readonly [Member in (typeof sweptMembers)[number]]?: readonly Rule[Member][] };

function sweepAnswer(inquiry: Inquiry, parts: readonly (Part | undefined)[]): Answer {
  const rows = settingsOf(inquiry).flatMap((setting, unit) => {
    const part = parts[unit];
    const { decay, hops, firstHop, tie, thresholds } = setting;
    return part
      ? [[decay, hops, firstHop, tie, thresholds[1] ?? 0, ...part.slice(0, 1), ...part.slice(2)]]
      : [];
  });
  const table: Table = {
    name: 'sweep',
    title: 'Ordered pairs by setting',
    columns: [
      number('decay'),
      count('hops'),
      text('first_hop'),
      text('tie'),
      number('verified_threshold'),
      count('reached'),
      ...bandNames.slice(1).map((level) => count(`${level}_or_better`)),
    ],
    rows,
  };
  return { lines: [`${rows.length} settings.`], tables: [table], plots: [verifiedByDecay(rows)] };
}

function verifiedByDecay(rows: readonly (readonly (string | number)[])[]) {
  const names = [...new Set(rows.map((row) => nameOf(row)))].slice(0, 6);
  return {
    name: 'sweep',
    title: 'Pairs verified or better, by decay',
    kind: 'lines',
    x: 'decay of a hop',
    y: 'ordered pairs',
    series: names.map((name) => ({
      name,
      points: rows
        .filter((row) => nameOf(row) === name)
        .map((row) => [Number(row[0]), Number(row[7])] as const),
    })),
  } as const;
}

const nameOf = ([, hops, firstHop, tie, verified]: readonly (string | number)[]) =>
  `${hops} hops, first hop ${firstHop}, ${tie} tie, verified from ${verified}`;
