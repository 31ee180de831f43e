/** Ways through the page. The links always work; search and filters appear with the script. */
import { layers, layerTitles } from '../counts.ts';
import { verdicts } from '../results.ts';
import type { PageContext } from './context.ts';
import { html, type Markup } from './markup.ts';
import { verdictWords } from './words.ts';

export function toolbar({ findings }: PageContext): Markup {
  const places = ['totals', 'findings', 'requirements', 'cases', 'readings'].filter(
    (place) => place !== 'findings' || findings.length > 0,
  );
  return html`<nav class="bar-top" aria-label="Page"><div class="inner">
<p class="places">${places.map((place) => html`<a href="#${place}">${titleOf(place)}</a>`)}</p>
<p class="keys" hidden><kbd>/</kbd> search <kbd>j</kbd> <kbd>k</kbd> next, previous
<kbd>Enter</kbd> open
<kbd>e</kbd> all <kbd>Esc</kbd> clear</p>
<form id="filters" role="search" hidden>
<input id="search" type="search" placeholder="Search ids, titles, messages" aria-label="Search"
autocomplete="off">
<fieldset class="verdicts"><legend>Verdicts shown</legend>${verdicts.map(
    (verdict) =>
      html`<label class="v-${verdict}"><input type="checkbox" name="verdict" value="${verdict}"
checked><span>${verdictWords[verdict]}</span></label>`,
  )}</fieldset>
<select id="layer" aria-label="Layer"><option value="">every layer</option>${layers.map(
    (layer) => html`<option value="${layer}">${layerTitles[layer]}</option>`,
  )}</select>
<select id="level" aria-label="Level"><option value="">every level</option><option
value="MUST">MUST</option>
<option value="SHOULD">SHOULD</option><option value="MAY">MAY</option></select>
<button type="button" id="expand">Expand all</button>
<output id="found"></output>
</form>
</div></nav>`;
}

const titleOf = (place: string): string => `${place[0]?.toUpperCase()}${place.slice(1)}`;
