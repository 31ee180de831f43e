/**
 * The ledger as far as a verdict hangs on it (architecture §4): where the documents disagree, the
 * reading taken, and what the other reading would have accepted.
 */
import type { Reading } from '../../spec/register-schema.ts';
import type { PageContext } from './context.ts';
import { anchor, html, type Markup } from './markup.ts';
import { idLink, prose } from './words.ts';

/** The readings under a verdict, in short; the whole entry is in its own section. */
export function hangsOn(ids: readonly string[], context: PageContext): Markup | null {
  if (ids.length === 0) return null;
  const entries = ids.map((id) => {
    const reading = context.reading.get(id);
    if (!reading) return html`<li>${idLink(id)}</li>`;
    return html`<li>${idLink(id)} <b>${prose(reading.title)}.</b> ${taken(reading, context)}</li>`;
  });
  return html`<div class="hangs"><h4>Hangs on
${ids.length === 1 ? 'the reading' : 'the readings'}</h4>
<ul>${entries}</ul></div>`;
}

function taken(reading: Reading, { results }: PageContext): readonly Markup[] {
  const chosen = results.run.readings.find((choice) => choice.startsWith(`${reading.id}=`));
  if (chosen) return [html`<span class="other">This run read it by ${chosen}.</span>`];
  const other = alternative(reading);
  return other === null
    ? [html`Taken: ${prose(reading.take)}`]
    : [html`Taken: ${prose(reading.take)} `, html`<span class="other">${prose(other)}</span>`];
}

/** What the other reading would have accepted, and how to be judged by it. */
function alternative({ id, options, testable_alternative: key }: Reading): string | null {
  if (key === undefined) return null;
  const text = options?.find((option) => option.key === key)?.text ?? 'the other reading';
  return `The other reading: ${text} (--reading ${id}=${key}).`;
}

export function readings(context: PageContext): Markup | null {
  const cited = citedIn(context);
  const entries = [...context.reading.values()].filter(({ id }) => cited.has(id));
  if (entries.length === 0) return null;
  return html`<section id="readings"><h2>Readings</h2>
<p class="lead">Where the documents contradict each other or are silent, a verdict hangs on how
they are
read. These are the entries of the ledger that this report cites.</p>
${entries.map((entry) => reading(entry, context))}</section>`;
}

function citedIn({ results }: PageContext): ReadonlySet<string> {
  return new Set([
    ...results.requirements.flatMap((row) => row.readings),
    ...results.cases.flatMap((result) => result.readings),
    ...results.run.readings.map((choice) => choice.split('=')[0] ?? choice),
  ]);
}

function reading(entry: Reading, context: PageContext): Markup {
  const options = entry.options?.map(
    ({ key, text }) =>
      html`<li class="${key === entry.option ? 'taken' : ''}"><b class="mono">${key}</b>
${prose(text)}${key === entry.option ? ' (taken)' : null}</li>`,
  );
  return html`<details class="reading"><summary><span class="mono">${entry.id}</span>
<span>${prose(entry.title)}</span></summary><div class="body" id="${anchor(entry.id)}">
<p>${prose(entry.problem)}</p>${options ? html`<ul class="options">${options}</ul>` : null}
<p>${taken(entry, context)}</p><dl class="pairs"><div><dt>Why</dt><dd>${prose(entry.why)}</dd></div>
<div><dt>Seen from outside</dt><dd>${prose(entry.visible)}</dd></div></dl></div></details>`;
}
