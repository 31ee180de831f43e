/** The matrix of versions as one page: a square a layer, and every disagreement in words. */
import { type Content, html, type Markup } from '../html/markup.ts';
import { renderPage } from '../html/shell.ts';
import { cellMark, type Kind, kindOf, letterOf, setMark } from './letters.ts';
import {
  answerText,
  disagreements,
  type MatrixCell,
  type MatrixResults,
  type MatrixTable,
  tableTitle,
} from './matrix.ts';

export function renderMatrixPage(results: MatrixResults, suiteVersion: string): string {
  return renderPage({
    title: 'NORC: which versions meet',
    generator: `norc-conformance ${suiteVersion}`,
    styleSheets: ['colours', 'page', 'tables', 'matrix'],
    script: null,
    body: html`<header class="head"><h1>Which versions meet</h1>
<p>${summary(results)}</p></header>
<main>${[key(results), differences(results), results.tables.map((table) => sheet(results, table))]}
</main>`,
  });
}

function summary(results: MatrixResults): string {
  const count = results.tables.reduce((sum, { cells }) => sum + cells.length, 0);
  const differing = disagreements(results).length;
  const verdict = differing === 0 ? 'all as the rule says' : `${differing} not as the rule says`;
  const where = results.ground === 'sockets' ? 'over sockets' : 'in one process';
  return `${count} negotiations of the reference ${where}, ${verdict}.`;
}

const meanings: { readonly [kind in Kind]: readonly [mark: string, meaning: string] } = {
  exact: ['a', 'the version agreed on'],
  compatible: ['A', 'the same, in compatibility mode'],
  none: ['·', 'no session'],
  differs: ['!', 'not what the rule says'],
};

function key({ versions }: MatrixResults): Markup {
  const letters = versions.map(
    (version) => html`<li><i>${letterOf(versions, version)}</i>${version}</li>`,
  );
  const kinds = Object.entries(meanings).map(
    ([kind, [mark, meaning]]) => html`<li><i class="${kind}">${mark}</i>${meaning}</li>`,
  );
  return html`<section><ul class="key">${letters}</ul><ul class="key">${kinds}</ul></section>`;
}

function differences(results: MatrixResults): Content {
  const found = disagreements(results);
  if (found.length === 0) return null;
  const rows = found.map(
    ({ layer, carrier, asking, answering, got, expected, refusal }) => html`<tr><td>${layer}</td>
<td>${carrier ?? ''}</td><td>${namesOf(results, asking)}</td><td>${namesOf(results, answering)}</td>
<td>${answerText(expected)}</td><td class="t-fail">${answerText(got)}</td>
<td>${refusal ?? ''}</td></tr>`,
  );
  return html`<section><h2>Not as the rule says</h2><table>
<thead><tr><th>Layer</th><th>Link</th><th>Asking</th><th>Answering</th><th>Rule</th>
<th>Reference</th><th>Logged</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function sheet(results: MatrixResults, table: MatrixTable): Markup {
  const { sets } = results;
  const byPlace = new Map(
    table.cells.map((cell) => [`${cell.asking}/${cell.answering}`, cell] as const),
  );
  const columns = sets.map((set) => html`<th scope="col">${setMark(results, set)}</th>`);
  const rows = sets.map((set, asking) => {
    const cells = sets.map((_, answering) =>
      square(results, byPlace.get(`${asking}/${answering}`)),
    );
    return html`<tr><th scope="row">${setMark(results, set)}</th>${cells}</tr>`;
  });
  return html`<section><h2>${tableTitle(table)}</h2><div class="sheet"><table class="matrix">
<thead><tr><td></td>${columns}</tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** A sample has holes. */
function square(results: MatrixResults, cell: MatrixCell | undefined): Markup {
  if (!cell) return html`<td></td>`;
  const { asking, answering, got, refusal } = cell;
  const pair = `${namesOf(results, asking)} with ${namesOf(results, answering)}`;
  const why = refusal === null || kindOf(cell) !== 'none' ? '' : ` (${refusal})`;
  const title = `${pair}: ${answerText(got)}${why}`;
  return html`<td class="${kindOf(cell)}" title="${title}">${cellMark(results, cell)}</td>`;
}

const namesOf = ({ sets }: MatrixResults, at: number): string => (sets[at] ?? []).join(', ');
