/** The matrix of versions as text of at most 80 columns. */
import { cellMark, kindOf, letterOf, setMark } from '../../reports/amc/letters.ts';
import {
  answerText,
  disagreements,
  type MatrixResults,
  type MatrixTable,
  tableTitle,
} from '../../reports/amc/matrix.ts';
import type { Terminal } from '../terminal.ts';

const WIDTH = 80;
const INDENT = '  ';

export function matrixLines(results: MatrixResults, { paint }: Terminal): readonly string[] {
  const { versions, tables } = results;
  return [
    versions.map((version) => `${letterOf(versions, version)} = ${version}`).join('   '),
    'A capital: in compatibility mode.  ·  no session.  !  not what the rule says.',
    ...tables.flatMap((table) => ['', tableTitle(table), ...square(results, table, paint)]),
    '',
    ...differences(results, paint),
  ];
}

/** In strips, where all columns do not fit beside each other. */
function square(
  results: MatrixResults,
  table: MatrixTable,
  paint: Terminal['paint'],
): readonly string[] {
  const { sets, versions } = results;
  const perStrip = Math.floor((WIDTH - versions.length - INDENT.length) / 2);
  const strips = Array.from({ length: Math.ceil(sets.length / perStrip) }, (_, at) => at);
  return strips.flatMap((strip) => {
    const columns = sets.map((_, at) => at).slice(strip * perStrip, (strip + 1) * perStrip);
    return ['', ...header(results, columns), ...rows(results, table, columns, paint)];
  });
}

/** The sets of the columns, read downwards. */
function header(results: MatrixResults, columns: readonly number[]): readonly string[] {
  const marks = columns.map((at) => setMark(results, results.sets[at] ?? []));
  const margin = ' '.repeat(results.versions.length + INDENT.length);
  return results.versions.map((_, line) => `${margin}${marks.map((mark) => mark[line]).join(' ')}`);
}

function rows(
  results: MatrixResults,
  { cells }: MatrixTable,
  columns: readonly number[],
  paint: Terminal['paint'],
): readonly string[] {
  const byPlace = new Map(cells.map((cell) => [`${cell.asking}/${cell.answering}`, cell]));
  const markAt = (asking: number, answering: number): string => {
    const cell = byPlace.get(`${asking}/${answering}`);
    if (!cell) return ' ';
    return paint(styles[kindOf(cell)], cellMark(results, cell));
  };
  return results.sets.map((set, asking) =>
    `${setMark(results, set)}${INDENT}${columns.map((at) => markAt(asking, at)).join(' ')}`.trimEnd(),
  );
}

const styles = { exact: 'green', compatible: 'yellow', none: 'dim', differs: 'red' } as const;

function differences(results: MatrixResults, paint: Terminal['paint']): readonly string[] {
  const count = results.tables.reduce((sum, { cells }) => sum + cells.length, 0);
  const found = disagreements(results);
  if (found.length === 0) return [paint('green', `${count} negotiations, all as the rule says`)];
  const nameOf = (at: number): string => (results.sets[at] ?? []).join(', ');
  return [
    paint('red', `${found.length} of ${count} negotiations are not as the rule says`),
    ...found.flatMap(({ layer, carrier, asking, answering, got, expected, refusal }) => [
      `${layer}${carrier === null ? '' : ` on ${carrier}`}: ${nameOf(asking)} with ${nameOf(answering)}`,
      `${INDENT}the rule       ${answerText(expected)}`,
      `${INDENT}the reference  ${answerText(got)}${refusal === null ? '' : ` (${refusal})`}`,
    ]),
  ];
}
