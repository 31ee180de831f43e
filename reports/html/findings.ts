/** What is to be mended, worst first: a reader who has one minute reads only this. */
import { amount } from '../counts.ts';
import type { CaseResult, CheckResult } from '../results.ts';
import type { PageContext } from './context.ts';
import { fragment, html, type Markup } from './markup.ts';
import { cutName, cutText } from './wire-text.ts';
import { chip, idLink, levelMark, prose } from './words.ts';

/** Findings that are quoted here, and whose exchange the page holds in full. */
export const SHOWN = 60;

/** Null when there is nothing to mend. */
export function findings(context: PageContext): Markup | null {
  const { findings: found } = context;
  if (found.length === 0) return null;
  const left = found.length - SHOWN;
  return html`<section id="findings"><h2>Findings</h2>
<p class="lead">${amount(found.length, 'case')} did not end as a conforming subject would make them
end.</p>
<ol class="findings">${found.slice(0, SHOWN).map((result) => finding(result, context))}</ol>
${
  left > 0
    ? html`<p class="lead">${amount(left, 'more case')} in <a href="#cases">the list of
cases</a>.</p>`
    : null
}
</section>`;
}

function finding(result: CaseResult, context: PageContext): Markup {
  const broken = result.checks.find((check) => !check.holds);
  const about = broken ? [broken.requirement] : result.verifies;
  const known = context.known.has(result.id);
  return html`<li class="finding">
<p class="what">${chip(result.verdict)} <a
href="${fragment(`case-${result.id}`)}">${cutName(result.title)}</a>
${known ? html`<span class="known">known failure</span>` : null}</p>
${about.map((id) => rule(id, context))}
${broken ? contrast(broken) : null}
${
  broken || result.reason === null
    ? null
    : html`<p
class="because">${cutText(result.reason)}</p>`
}</li>`;
}

function rule(id: string, { requirement }: PageContext): Markup {
  const row = requirement.get(id);
  return html`<p class="rule">${idLink(id)}
${row ? [levelMark(row), ' ', prose(row.statement)] : null}</p>`;
}

/** What a conforming subject does, and what this one did. */
export function contrast({ what, expected, got }: CheckResult): Markup {
  return html`<p class="judged">${cutText(what)}</p><dl class="contrast"><div
class="expected"><dt>Expected</dt><dd><code>${cutText(expected)}</code></dd></div>
<div class="got"><dt>Got</dt><dd><code>${cutText(got)}</code></dd></div></dl>`;
}
