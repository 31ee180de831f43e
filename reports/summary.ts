/**
 * The summary: a Markdown table of requirements by layer and level. It holds no time, date or seed,
 * so two runs of the same suite on the same subject give the same bytes.
 */
import { plainText } from './characters.ts';
import { type Counts, countsOf, judgedOf, layerTitles, type Row, rowsOf } from './counts.ts';
import { table } from './markdown-table.ts';
import type { RequirementResult, Results } from './results.ts';

const columns = [
  'layer',
  'level',
  'requirements',
  'kept',
  'broken',
  'warned',
  'suite erred',
  'not applicable',
  'not judged',
];

export function renderSummary(results: Results): string {
  const { requirements } = results;
  const rows = rowsOf(requirements);
  const total = countsOf(requirements);
  return [
    headline(results),
    '',
    ...table(2, [
      columns,
      ...rows.map((row) => [layerTitles[row.layer], levelOf(row), ...cells(row)]),
      ['**all**', '', ...cells({ total: requirements.length, counts: total }).map(bold)],
    ]),
    '',
    ...assignedNote(rows),
    ...unjudgedNote(requirements),
  ].join('\n');
}

function headline({ run, requirements, cases }: Results): string {
  const judged = judgedOf(countsOf(requirements));
  const readings = run.readings.length > 0 ? `, read by ${run.readings.join(', ')}` : '';
  const subject = `${run.subject.name} at ${run.at}, ${run.ground}${readings}`;
  const passed = countsOf(cases).pass;
  return (
    `**${cell(subject)}**: ${judged} of ${requirements.length} requirements judged by ` +
    `${cases.length} cases, of which ${passed} pass.`
  );
}

function levelOf({ level, assigned, total }: Row): string {
  if (assigned === 0) return level;
  return assigned === total ? `${level}\\*` : `${level}, ${assigned} of them \\*`;
}

function cells({ total, counts }: { total: number; counts: Counts }): string[] {
  const { pass, fail, warn, error, untestable } = counts;
  return [total, pass, fail, warn, error, counts['not-applicable'], untestable].map(String);
}

const bold = (text: string): string => `**${text}**`;

function assignedNote(rows: readonly Row[]): string[] {
  if (rows.every(({ assigned }) => assigned === 0)) return [];
  return [
    '\\* The documents only show a schema, an example or a narrative; the level is ours.',
    '',
  ];
}

/** Untestable never counts as passed, so the summary says where those verdicts would come from. */
function unjudgedNote(requirements: readonly RequirementResult[]): string[] {
  const unjudged = requirements.filter(({ verdict }) => verdict === 'untestable');
  if (unjudged.length === 0) return [];
  const places = Object.entries(observed)
    .map(([observe, place]) => ({
      place,
      count: unjudged.filter((row) => row.observe === observe).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ place, count }) => `${count} ${place}`);
  return [`Not judged by this run: ${places.join(', ')}.`, ''];
}

const observed: { readonly [observe: string]: string } = {
  wire: 'that a peer could see',
  vector: 'that test vectors show',
  property: 'that property tests show',
  simulation: 'that a simulation of several servers shows',
  architecture: 'that only the form of the code shows',
  none: 'that nothing shows',
};

/** The subject names itself; it shall not draw a table or a link of its own. */
function cell(text: string): string {
  return plainText(text).replace(/[\\`*_[\]<>|#!&]/g, '\\$&');
}
