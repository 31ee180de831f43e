/**
 * The report as one self-contained page: it fetches nothing, works without its script, and its own
 * policy lets nothing run or load but the style sheet and the script that stand in it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Requirement } from '../spec/register-schema.ts';
import { cases } from './html/cases.ts';
import { createContext, type Ledger, loadLedger } from './html/context.ts';
import { findings } from './html/findings.ts';
import { head, mutants } from './html/head.ts';
import { levels } from './html/levels.ts';
import { html, verbatim } from './html/markup.ts';
import { readings } from './html/readings.ts';
import { requirements } from './html/requirements.ts';
import { arrowHeads } from './html/sequence-diagram.ts';
import { toolbar } from './html/toolbar.ts';
import { totals } from './html/totals.ts';
import type { Results } from './results.ts';

export function renderHtml(
  results: Results,
  register: readonly Requirement[],
  ledger: Ledger = loadLedger(),
): string {
  const context = createContext(results, register, ledger);
  const style = styleSheets.map((name) => part(`style/${name}.css`)).join('\n');
  const script = part('page.js');
  const main = [
    totals(context),
    findings(context),
    levels(context),
    requirements(context),
    cases(context),
    readings(context),
    mutants(context),
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${`norc-conformance ${results.run.suiteVersion}`}">
<link rel="icon" href="data:,">
<title>${results.run.subject.name}: NORC conformance</title>
<style>${verbatim(style)}</style>
</head>
<body>
${head(context)}
${toolbar(context)}
<main>${main}</main>
<footer><p>Made from the results file of the run and the register. Hidden characters of a subject
appear by name, as
<i class="hid">U+202E</i>; a line break inside a message is never a byte of it.</p></footer>
${arrowHeads()}
<script>${verbatim(script)}</script>
</body>
</html>
`;
  return page.markup;
}

/** In the order of the cascade. */
const styleSheets = ['colours', 'page', 'toolbar', 'tables', 'items', 'exchange', 'narrow'];

function part(file: string): string {
  return readFileSync(new URL(`html/${file}`, import.meta.url), 'utf8');
}

/** Even if a foreign text broke out of its element, it could load and run nothing. */
function policy(style: string, script: string): string {
  return [
    "default-src 'none'",
    'img-src data:',
    `style-src '${hashOf(style)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

const hashOf = (text: string): string =>
  `sha256-${createHash('sha256').update(text).digest('base64')}`;
