/**
 * Which trust level each method reaches, as the run found it: made from the cases whose id is
 * `trust/levels/<level>-by-<method>`, and left out where a run played none of them.
 */
import type { CaseResult } from '../results.ts';
import type { PageContext } from './context.ts';
import { fragment, html, type Markup } from './markup.ts';
import { chip } from './words.ts';

const ID = /^trust\/levels\/([a-z]+)-by-([a-z_]+)$/;
/** What a conforming subject does; the verdict says whether this one did. */
const OUTCOME = / is (granted|refused with \d+)/;

export function levels({ results }: Pick<PageContext, 'results'>): Markup | null {
  const cells = new Map<string, Map<string, CaseResult>>();
  for (const result of results.cases) {
    const [, level, method] = ID.exec(result.id) ?? [];
    if (level === undefined || method === undefined) continue;
    cells.set(level, (cells.get(level) ?? new Map()).set(method, result));
  }
  if (cells.size === 0) return null;
  const methods = [...new Set([...cells.values()].flatMap((row) => [...row.keys()]))];
  return html`<section id="levels"><h2>Levels by method</h2>
<p class="lead">What a conforming subject does with a request for each level by each method, with all
evidence that the level asks for, and whether this one did.</p>
<table class="totals cards"><caption>Trust levels and the methods that reach them</caption>
<thead><tr><th>Level</th>${methods.map((method) => html`<th>${method}</th>`)}</tr></thead>
<tbody>${[...cells].map(([level, row]) => levelRow(level, methods, row))}</tbody></table></section>`;
}

function levelRow(
  level: string,
  methods: readonly string[],
  row: ReadonlyMap<string, CaseResult>,
): Markup {
  return html`<tr><th data-name="level">${level}</th>${methods.map((method) =>
    cell(method, row.get(method)),
  )}</tr>`;
}

function cell(method: string, result: CaseResult | undefined): Markup {
  if (!result) return html`<td data-name="${method}" class="none"></td>`;
  const [, outcome = 'judged'] = OUTCOME.exec(result.title) ?? [];
  return html`<td data-name="${method}">${chip(result.verdict)} <a
href="${fragment(`case-${result.id}`)}">${outcome}</a></td>`;
}
