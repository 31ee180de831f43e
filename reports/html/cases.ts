/**
 * Every case: what was expected, what came, the exchange, the reading it hangs on, the line that
 * reruns it.
 */
import { layers } from '../counts.ts';
import type { CaseResult, CheckResult } from '../results.ts';
import type { PageContext } from './context.ts';
import { exchange } from './exchange.ts';
import { contrast, SHOWN } from './findings.ts';
import { html, type Markup } from './markup.ts';
import { hangsOn } from './readings.ts';
import { cutName, cutText, type Detail } from './wire-text.ts';
import { caseAnchor, chip, idLink, levelMark, prose, span, strip, tally } from './words.ts';

export function cases(context: PageContext): Markup {
  const { cases: all } = context.results;
  const groups = new Map<string, CaseResult[]>();
  for (const result of all) {
    const topic = result.id.split('/').slice(0, -1).join('/') || 'cases';
    groups.set(topic, [...(groups.get(topic) ?? []), result]);
  }
  return html`<section id="cases"><h2>Cases</h2>
${all.length === 0 ? html`<p class="none">No case was run.</p>` : null}
${[...groups].map(([topic, own]) => group(topic, own, context))}</section>`;
}

function group(topic: string, own: readonly CaseResult[], context: PageContext): Markup {
  return html`<details class="group topic"><summary><span
class="mono title">${topic}</span>${strip(own)}${tally(own)}
</summary>${own.map((result) => caseItem(result, context))}</details>`;
}

function caseItem(result: CaseResult, context: PageContext): Markup {
  const levels = [
    ...new Set(result.verifies.map((id) => context.requirement.get(id)?.level ?? '')),
  ];
  return html`<details class="item case" data-verdict="${result.verdict}"
data-layer="${layerOf(result.id)}"
data-levels="${levels.join(',')}"><summary>${chip(result.verdict)}<span
class="title">${cutName(result.title)}</span>
<span class="mono id">${result.id.split('/').at(-1) ?? result.id}</span><span
class="time">${span(result.durationMs * 1000)}</span></summary>
<div class="body" id="${caseAnchor(result.id)}">${body(result, context)}</div></details>`;
}

/**
 * The first segment of an id is its folder; what is common to all layers is called `wire` there.
 */
function layerOf(id: string): string {
  const folder = id.split('/')[0] ?? '';
  return layers.find((layer) => layer === folder) ?? 'cross-cutting';
}

function body(result: CaseResult, context: PageContext): Markup {
  const broken = result.checks.filter((check) => !check.holds);
  const held = result.checks.filter((check) => check.holds);
  return html`<p class="mono path">${result.id}</p>
${
  context.known.has(result.id)
    ? html`<p class="notice">The baseline lists it as known to
fail.</p>`
    : null
}
${because(result)}
${broken.map(
  (check) => html`<p class="broken">${idLink(check.requirement)} does not
hold</p>${contrast(check)}`,
)}
${verifies(result, context)}${hangsOn(result.readings, context)}${heldChecks(held)}
<h4>Exchange</h4>${exchange(result, placeOf(result, context))}
<h4>Run it again</h4><p class="rerun"><code>${result.rerun}</code></p>`;
}

/** Nothing that the title of the case has said already. */
function because({ reason, title }: CaseResult): Markup | null {
  return reason === null || reason === title
    ? null
    : html`<p class="because">${cutText(reason)}</p>`;
}

function placeOf(
  result: CaseResult,
  { position, findings }: PageContext,
): { position: number; detail: Detail } {
  const rank = findings.indexOf(result);
  const found = rank < SHOWN ? 'full' : 'some';
  return { position: position.get(result.id) ?? 0, detail: rank < 0 ? 'brief' : found };
}

function verifies({ verifies: ids }: CaseResult, { requirement }: PageContext): Markup | null {
  if (ids.length === 0) return null;
  const entries = ids.map((id) => {
    const row = requirement.get(id);
    return html`<li>${idLink(id)} ${row ? [levelMark(row), ' ', prose(row.statement)] : null}</li>`;
  });
  return html`<h4>Verifies</h4><ul class="plain">${entries}</ul>`;
}

function heldChecks(checks: readonly CheckResult[]): Markup | null {
  if (checks.length === 0) return null;
  const rows = checks.map(
    ({
      requirement,
      what,
      expected,
      got,
    }) => html`<tr><td data-name="requirement">${idLink(requirement)}</td>
<td data-name="judged">${cutName(what)}</td><td
data-name="expected"><code>${cutName(expected)}</code></td>
<td data-name="got"><code>${cutName(got)}</code></td></tr>`,
  );
  return html`<h4>Held</h4><table
class="checks cards"><thead><tr><th>Requirement</th><th>Judged</th>
<th>Expected</th><th>Got</th></tr></thead><tbody>${rows}</tbody></table>`;
}
