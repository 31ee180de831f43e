/** The top of the page: who was judged, how it ended, in what run. */
import { amount, countsOf, grouped, judgedOf, type Tone, toneOf } from '../counts.ts';
import type { Results } from '../results.ts';
import { html, type Markup } from './markup.ts';
import { cutName, cutText } from './wire-text.ts';
import { bar, span } from './words.ts';

export function head({ results }: { readonly results: Results }): Markup {
  const { run, requirements } = results;
  const tone = toneOf(results);
  return html`<header class="head tone-${tone}">
<p class="kind">NORC conformance report</p>
<h1><bdi>${cutName(run.subject.name)}</bdi></h1>
<p class="ending">${endings[tone](results)}</p>
<p class="judged">${judgedSentence(results)}</p>
${bar(countsOf(requirements))}
${notices(results)}
<dl class="facts">${facts(results)}</dl>
</header>`;
}

const endings: { readonly [tone in Tone]: (results: Results) => string } = {
  error: ({ cases, requirements }) =>
    `The suite itself erred in ${amount(countsOf(cases).error, 'case')}; ` +
    `${amount(countsOf(requirements).fail, 'requirement')} broken`,
  fail: (results) => failing(results),
  warn: ({ requirements }) =>
    `Nothing required is broken, ` +
    `${amount(countsOf(requirements).warn, 'recommendation')} not followed`,
  pass: () => 'Nothing that was judged is broken',
  nothing: () => 'Nothing was tested',
};

function failing({ requirements, baseline }: Results): string {
  const { fail } = countsOf(requirements);
  if (fail > 0) return `${amount(fail, 'requirement')} broken`;
  return `${amount(baseline?.stale.length ?? 0, 'entry', 'entries')} of the baseline stale`;
}

function judgedSentence({ requirements, cases }: Results): string {
  const counts = countsOf(requirements);
  const judged = `${judgedOf(counts)} of ${amount(requirements.length, 'requirement')} judged`;
  return `${judged} by ${amount(cases.length, 'case')}; an untested one never counts as kept.`;
}

function notices({ run, baseline }: Results): readonly Markup[] {
  const notices: Markup[] = [];
  if (run.interrupted) {
    notices.push(
      html`<p class="notice">The run was stopped before its end: this is what was learnt until
then.</p>`,
    );
  }
  if (run.readings.length > 0) {
    notices.push(
      html`<p class="notice">Judged under other readings than ours:
${cutText(run.readings.join(', '))}.</p>`,
    );
  }
  if (baseline && baseline.known.length > 0) {
    const known = amount(baseline.known.length, 'known failure');
    notices.push(
      html`<p class="notice">The baseline lists ${known}.
${cutText(staleSentence(baseline.stale))}</p>`,
    );
  }
  return notices;
}

function staleSentence(stale: readonly string[]): string {
  if (stale.length === 0) return 'None of them is stale.';
  return `Take out what passes now: ${stale.join(', ')}.`;
}

function facts({ run }: Results): readonly Markup[] {
  const rows: readonly (readonly [string, string])[] = [
    ['Server', run.subject.serverId],
    ['Speaks', run.subject.versions.join(', ') || 'unknown'],
    ['Judged at', run.at],
    ['Ground', grounds[run.ground]],
    ['Started', run.startedAt.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')],
    ['Took', span(run.durationMs * 1000)],
    ['Seed', run.seed],
    ['Suite', run.suiteVersion],
    ['Run', run.id],
    ['Offers', run.subject.capabilities.join(', ') || 'no optional capability'],
  ];
  return rows.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${cutName(value)}</bdi></dd></div>`,
  );
}

const grounds: { readonly [ground in Results['run']['ground']]: string } = {
  sockets: 'real TLS sockets',
  'in-process': 'in process, on a virtual clock',
  adapter: 'vectors, asked one by one',
};

/** How the suite itself was judged, where it was. */
export function mutants({ results }: { readonly results: Results }): Markup | null {
  if (!results.mutants) return null;
  const { killed, survived, survivors } = results.mutants;
  const rows = survivors.map(
    (row) => html`<tr><td data-name="requirement" class="mono">${row.requirement}</td>
<td data-name="case" class="mono">${row.case}</td><td data-name="why">${row.reason}</td></tr>`,
  );
  return html`<section id="mutants"><h2>The suite, judged</h2>
<p class="lead">Of ${grouped(killed + survived)} deliberately broken references the cases found
${grouped(killed)}.</p>
${
  survivors.length === 0
    ? null
    : html`<table class="cards"><thead><tr><th>Requirement</th><th>Case</th>
<th>Why it survived</th></tr></thead><tbody>${rows}</tbody></table>`
}</section>`;
}
