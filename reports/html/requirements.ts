/** Every requirement of the register with its verdict, by layer and family. */
import { type Layer, layers, layerTitles } from '../counts.ts';
import type { RequirementResult } from '../results.ts';
import type { PageContext } from './context.ts';
import { anchor, html, type Markup } from './markup.ts';
import { hangsOn } from './readings.ts';
import { cutText } from './wire-text.ts';
import { caseLink, chip, levelMark, prose, strip, tally } from './words.ts';

export function requirements(context: PageContext): Markup {
  return html`<section id="requirements"><h2>Requirements</h2>
<p class="lead">A square is a requirement. Open a family for its rows, a row for what its verdict
rests on.</p>
${layers.map((layer) => layerPart(layer, context))}</section>`;
}

function layerPart(layer: Layer, context: PageContext): Markup | null {
  const rows = context.results.requirements.filter((row) => row.layer === layer);
  if (rows.length === 0) return null;
  return html`<h3>${layerTitles[layer]} <small>${rows.length}</small></h3>
${families(rows).map(([family, own]) => familyPart(family, own, context))}`;
}

function families(
  rows: readonly RequirementResult[],
): readonly (readonly [string, readonly RequirementResult[]])[] {
  const found = new Map<string, RequirementResult[]>();
  for (const row of rows) {
    const family = row.id.replace(/-\d+$/, '');
    found.set(family, [...(found.get(family) ?? []), row]);
  }
  return [...found];
}

function familyPart(
  family: string,
  rows: readonly RequirementResult[],
  context: PageContext,
): Markup {
  return html`<details class="group"><summary><span class="mono">${family}</span>
<span class="title">${context.family.get(family) ?? ''}</span>${strip(rows)}${tally(rows)}</summary>
${rows.map((row) => requirement(row, context))}</details>`;
}

function requirement(row: RequirementResult, context: PageContext): Markup {
  return html`<details class="item requirement" data-verdict="${row.verdict}"
data-layer="${row.layer}"
data-levels="${row.level}"><summary>${chip(row.verdict)}<span
class="mono id">${row.id}</span>${levelMark(row)}
<span class="title">${prose(row.statement)}</span></summary><div class="body"
id="${anchor(row.id)}">
${row.reason === null ? null : html`<p class="because">${cutText(row.reason)}</p>`}
<dl class="pairs">${facts(row, context)}</dl>
${verifiedBy(row, context)}${hangsOn(row.readings, context)}
</div></details>`;
}

function facts(row: RequirementResult, { register }: PageContext): readonly Markup[] {
  const entry = register.get(row.id);
  const pairs: (readonly [string, string | null | undefined])[] = [
    ['Source', row.source],
    ['Shown by', row.observe],
    ['A peer sees', entry ? sight[entry.box] : null],
    [
      'Judges',
      entry?.subject === 'device' ? 'a device: no server is judged by it on the wire' : null,
    ],
    ['A peer does', entry?.check.wire],
    ['A simulation asserts', entry?.check.simulation?.replace(/^∀$/, 'it for any input')],
  ];
  return pairs
    .filter(([, value]) => value)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${prose(value ?? '')}</dd></div>`);
}

const sight = {
  black: 'all of it',
  'partly-white': 'a part of it',
  white: 'nothing of it without looking inside',
} as const;

function verifiedBy({ cases }: RequirementResult, context: PageContext): Markup | null {
  if (cases.length === 0) return null;
  const entries = cases.map((id) => {
    const result = context.case.get(id);
    return html`<li>${result ? chip(result.verdict) : null} ${result ? caseLink(id) : id}</li>`;
  });
  return html`<h4>Judged by</h4><ul class="plain">${entries}</ul>`;
}
