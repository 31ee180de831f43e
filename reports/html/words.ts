/** The small pieces that every part of the page is written with. */
import { type Counts, countsOf, grouped } from '../counts.ts';
import { type RequirementResult, type Verdict, verdicts } from '../results.ts';
import { anchor, fragment, html, type Markup } from './markup.ts';

export const verdictWords: { readonly [verdict in Verdict]: string } = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  'not-applicable': 'n/a',
  untestable: 'untested',
  error: 'error',
};

export const verdictMeanings: { readonly [verdict in Verdict]: string } = {
  pass: 'pass: the requirement is kept',
  fail: 'fail: a MUST is broken',
  warn: 'warn: a SHOULD or MAY is not followed',
  'not-applicable': 'not applicable: an optional capability that the subject does not declare',
  untestable: 'untestable: something was missing; never counts as passed',
  error: 'error: a defect of the suite itself',
};

export function chip(verdict: Verdict): Markup {
  const title = verdictMeanings[verdict];
  return html`<span class="chip v-${verdict}" title="${title}">${verdictWords[verdict]}</span>`;
}

/** The register's own sentences, in which back quotes stand around names. */
export function prose(text: string): readonly Markup[] {
  return text
    .split(/`([^`]+)`/)
    .map((part, at) => (at % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}

/** `MUST*` where the level is ours. */
export function levelMark({ level, assigned }: RequirementResult): Markup {
  if (!assigned) return html`<span class="level">${level}</span>`;
  const title = 'The documents show a schema, an example or a narrative; the level is ours.';
  return html`<span class="level" title="${title}">${level}<b>*</b></span>`;
}

export const caseAnchor = (id: string): string => anchor(`case-${id}`);

export function caseLink(id: string): Markup {
  return html`<a class="mono" href="${fragment(`case-${id}`)}">${id}</a>`;
}

export function idLink(id: string): Markup {
  return html`<a class="mono" href="${fragment(id)}">${id}</a>`;
}

/** A requirement or case a cell, coloured by its verdict: a picture beside the numbers. */
export function strip(items: readonly { readonly verdict: Verdict }[]): Markup {
  const shown = items.slice(0, STRIP_CELLS);
  const cells = shown.map(({ verdict }) => html`<i class="v-${verdict}"></i>`);
  return html`<span class="strip" aria-hidden="true">${cells}</span>`;
}

const STRIP_CELLS = 120;

/** `2 fail, 14 pass`, the worst first. */
export function tally(items: readonly { readonly verdict: Verdict }[]): Markup {
  const counts = countsOf(items);
  const words = byWeight
    .filter((verdict) => counts[verdict] > 0)
    .map(
      (verdict) =>
        html`<span class="t-${verdict}">${counts[verdict]} ${verdictWords[verdict]}</span>`,
    );
  return html`<span class="tally">${words}</span>`;
}

const byWeight: readonly Verdict[] = [
  'error',
  'fail',
  'warn',
  'pass',
  'untestable',
  'not-applicable',
];

/** Widths are attributes of an SVG: the page's policy allows no style attributes. */
export function bar(counts: Counts): Markup {
  const total = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
  let x = 0;
  const parts = byLook.map((verdict) => {
    const width = total === 0 ? 0 : (counts[verdict] / total) * 100;
    const part = html`<rect class="v-${verdict}" x="${percent(x)}" width="${percent(width)}"/>`;
    x += width;
    return width > 0 ? part : null;
  });
  return html`<svg class="bar" aria-hidden="true">${parts}</svg>`;
}

const byLook: readonly Verdict[] = [
  'pass',
  'warn',
  'fail',
  'error',
  'not-applicable',
  'untestable',
];

export const percent = (value: number): string => `${Math.round(value * 100) / 100}%`;

/** Time in the unit that a person would choose. */
export function span(micros: number): string {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  const seconds = micros / 1e6;
  if (seconds < 1) return `${rounded(micros / 1000)} ms`;
  if (seconds < 120) return `${rounded(seconds)} s`;
  if (seconds < 7200) return `${rounded(seconds / 60)} min`;
  return seconds < 172_800 ? `${rounded(seconds / 3600)} h` : `${rounded(seconds / 86_400)} days`;
}

const rounded = (value: number): string => grouped(Math.round(value * 10) / 10);
