/** The page of a run, or of two: one file that fetches nothing. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { amount } from '../../../reports/counts.ts';
import { html, type Markup, verbatim } from '../../../reports/html/markup.ts';
import { renderPage } from '../../../reports/html/shell.ts';
import { secondsText } from '../../../sim/ticks.ts';
import { type Columns, pack } from '../../../sim/view/columns.ts';
import type { Picture } from '../../../sim/view/picture.ts';
import { suiteVersion } from '../../suite-version.ts';

export interface Shown {
  readonly picture: Picture;
  readonly columns: Columns;
}

export interface Parting {
  readonly row: number;
  readonly fields: readonly string[];
  readonly first: string;
  readonly second: string;
}

/** `parting`: of two, where they part; null for one, and for two that are the same. */
export async function runPage(shown: readonly Shown[], parting: Parting | null): Promise<string> {
  const [first] = shown;
  return renderPage({
    title: `${first?.picture.title ?? 'A run'}: NORC simulation`,
    generator: `norc-conformance ${suiteVersion()}`,
    styleSheets: ['colours', 'page', 'toolbar', 'narrow'],
    ownStyle: readFileSync(new URL('../../../sim/view/page/view.css', import.meta.url), 'utf8'),
    script: { module: await pageScript() },
    body: html`${head(shown.map(({ picture }) => picture))}
${parting === null ? null : partingOf(parting)}
${toolbar}
<main>
<noscript><p class="notice">The drawing needs the script of this page; the verdicts do not.</p></noscript>
<div id="panes">${shown.map(({ picture }, number) => pane(picture, number, shown.length))}</div>
<div class="below"><div id="details" aria-live="polite">${hint}</div>
<div>${shown.map(({ picture }) => verdicts(picture))}</div></div>
</main>
<footer><p>Made from a trace. A record’s past is what led to it, step by step; its future is all that came
of it. Nothing is fetched by this page.</p></footer>
${exported}
${holding('pictures', jsonText(shown.map(({ picture }) => picture)))}
${holding('divergence', jsonText(parting))}
${shown.map(({ columns }, number) => holding(`columns-${number}`, packedText(columns)))}`,
  });
}

/** The modules of the page as one. */
async function pageScript(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../../sim/view/page/main.js', import.meta.url))],
    ...{ bundle: true, format: 'esm', target: 'es2022', write: false, minify: true },
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

function head(pictures: readonly Picture[]): Markup {
  const broken = pictures.flatMap((picture) => picture.verdicts.filter(isBroken)).length;
  const titles = new Set(pictures.map(({ title }) => title));
  return html`<header class="head tone-${broken === 0 ? 'pass' : 'fail'}">
<p class="kind">NORC simulation</p>
${[...titles].map((title) => html`<h1><bdi>${title}</bdi></h1>`)}
<p class="ending">${endingOf(pictures, broken)}</p>
${pictures.map(about)}
</header>`;
}

const isBroken = ({ status }: Picture['verdicts'][number]): boolean => status === 'broken';

function endingOf(pictures: readonly Picture[], broken: number): string {
  if (pictures.every(({ verdicts }) => verdicts.length === 0)) return 'No verdicts in the trace';
  return broken === 0 ? 'Nothing was broken' : `${amount(broken, 'expectation')} broken`;
}

const about = ({ name, servers, rows, seed, plan, hash }: Picture): Markup => html`<p class="about">
<b>${name}</b> <span>${amount(servers.length, 'server')}</span> <span>${amount(rows, 'record')}</span>
<span>seed ${seed}</span> <span>${amount(plan.length, 'planned item')}</span> <code>${hash}</code></p>`;

const partingOf = ({ fields, first, second, row }: Parting): Markup => html`<div class="head">
<p class="parting">The two are the same up to record ${row}, and part there in ${fields.join(', ')}:
<code>first   ${first}</code><code>second  ${second}</code></p></div>`;

const groups = [
  ['messages', 'message'],
  ['timers and links', 'timer'],
  ['logs and audits', 'log'],
  ['users', 'person'],
  ['operators and faults', 'fault'],
] as const;

const toolbar = html`<div class="bar-top"><div class="inner">
<div class="tools">
<button type="button" id="back" title="Record before (←)">◀ back</button>
<button type="button" id="forward" title="Record after (→)">forward ▶</button>
<button type="button" id="cause" title="What led to it (c)"><span class="k-past">↖ cause</span></button>
<button type="button" id="effect" title="What it led to (e)"><span class="k-future">effect ↘</span></button>
<button type="button" id="nearer" title="Nearer (+)" aria-label="Nearer">+</button>
<button type="button" id="farther" title="Farther (−)" aria-label="Farther">−</button>
<button type="button" id="whole">whole run</button>
<label><input type="checkbox" id="by-time"> to scale of time</label>
<label><input type="checkbox" id="concerned"> only servers concerned</label>
<button type="button" id="mermaid">window as Mermaid</button>
</div>
<div class="tools">${groups.map(
  ([name, tone]) => html`<label class="g-${tone}"><input type="checkbox" name="group"
value="${name}" checked><i></i>${name}</label>`,
)}</div>
<input id="search" type="search" placeholder="Search: trust_request leaf-3, timer, a record’s number"
aria-label="Search records">
<button type="button" id="previous">previous</button><button type="button" id="next">next</button>
<span id="found" role="status"></span>
<span class="keys"><kbd>←</kbd> <kbd>→</kbd> step <kbd>↑</kbd> <kbd>↓</kbd> same server <kbd>c</kbd> cause
<kbd>e</kbd> effect <kbd>/</kbd> search</span>
</div></div>`;

const hint = html`<p class="lead">Click a record, or step with the arrow keys. Drag, or hold Shift and turn the
wheel, to move; Ctrl and the wheel to come nearer.</p>`;

function pane({ name }: Picture, number: number, of: number): Markup {
  const title = of > 1 ? html`<h2 class="run">${name}</h2>` : null;
  return html`${title}<canvas id="pane-${number}" tabindex="0"
role="img" aria-label="Servers and messages of ${name}; the arrow keys step through the records"></canvas>`;
}

const chips = { held: 'pass', broken: 'fail', unreached: 'untestable' } as const;

const verdicts = ({
  verdicts: all,
  name,
}: Picture): Markup => html`<section><h2>Verdicts of ${name}</h2>
<ul class="verdicts-list">${all.map(
  ({ name: expectation, ids, status, at, why }) => html`<li class="v-${chips[status]}">
<span class="chip">${status}</span><span>${expectation} ${ids.map((id) => html`<span class="mono">${id}</span> `)}
${at === null ? null : html`<br><button type="button" data-tick="${at}">${secondsText(at)}</button> ${why}`}</span></li>`,
)}</ul></section>`;

const exported = html`<dialog id="exported"><p>Mermaid sequence diagram of what the window shows:</p>
<textarea id="diagram" readonly spellcheck="false"></textarea>
<p><button type="button" id="copy">copy</button> <button type="button" id="close">close</button></p></dialog>`;

/** Text that no browser runs. */
const holding = (id: string, text: string): Markup =>
  html`<script type="text/plain" id="${id}">${verbatim(text)}</script>`;

/** Nothing in it can end the element that holds it. */
const jsonText = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c');

const packedText = (columns: Columns): string =>
  deflateRawSync(pack(columns), { level: 9 }).toString('base64');
