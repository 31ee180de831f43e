/** Requirements by layer and level, and a legend that says what each verdict means. */
import { countsOf, layerTitles, type Row, rowsOf } from '../counts.ts';
import { type Results, type Verdict, verdicts } from '../results.ts';
import { html, type Markup } from './markup.ts';
import { bar, chip, verdictMeanings, verdictWords } from './words.ts';

export function totals({ results }: { readonly results: Results }): Markup {
  const rows = rowsOf(results.requirements);
  const assigned = rows.some((row) => row.assigned > 0);
  const columns = verdicts.map((verdict) => html`<th class="number">${verdictWords[verdict]}</th>`);
  const body = rows.map((row, at) =>
    totalsRow(row, { follows: rows[at - 1]?.layer === row.layer }),
  );
  return html`<section id="totals"><h2>Totals</h2>
<table class="totals cards"><caption>Requirements by layer and level</caption>
<thead><tr><th>Layer</th><th>Level</th><th class="number">all</th>${columns}<th
class="wide"></th></tr></thead>
<tbody>${body}</tbody>
<tfoot>${lastRow(results)}</tfoot></table>
<dl class="legend">${verdicts.map(meaning)}${assigned ? assignedMeaning() : null}</dl></section>`;
}

/** The layer is named once for its rows, and again where each row stands alone as a card. */
function totalsRow(
  { layer, level, assigned, total, counts }: Row,
  { follows }: { follows: boolean },
): Markup {
  const note =
    assigned > 0 && assigned < total ? html` <small>${assigned} of them *</small>` : null;
  const star = assigned === total ? '*' : null;
  return html`<tr class="${follows ? 'follows' : 'first'}"><th
data-name="layer">${layerTitles[layer]}</th><td data-name="level">${level}${star}${note}</td>
<td data-name="all" class="number">${total}</td>
${verdicts.map((verdict) => cell(verdict, counts[verdict]))}
<td class="wide">${bar(counts)}</td></tr>`;
}

function lastRow({ requirements }: Results): Markup {
  const counts = countsOf(requirements);
  return html`<tr><th data-name="layer">All</th><td class="none"></td>
<td data-name="all" class="number">${requirements.length}</td>
${verdicts.map((verdict) => cell(verdict, counts[verdict]))}<td
class="wide">${bar(counts)}</td></tr>`;
}

function cell(verdict: Verdict, count: number): Markup {
  const look = count === 0 ? 'zero' : `t-${verdict}`;
  return html`<td data-name="${verdictWords[verdict]}" class="number ${look}">${count}</td>`;
}

function meaning(verdict: Verdict): Markup {
  const text = verdictMeanings[verdict].replace(/^[^:]+: /, '');
  return html`<div><dt>${chip(verdict)}</dt><dd>${text}</dd></div>`;
}

function assignedMeaning(): Markup {
  return html`<div><dt class="level">MUST<b>*</b></dt><dd>the level is ours: the documents show
only a schema, an
example or a narrative</dd></div>`;
}
