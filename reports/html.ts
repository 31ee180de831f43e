/** The report of a conformance run as one page. */
import type { Requirement } from '../spec/register-schema.ts';
import { cases } from './html/cases.ts';
import { createContext, type Ledger, loadLedger } from './html/context.ts';
import { findings } from './html/findings.ts';
import { head, mutants } from './html/head.ts';
import { levels } from './html/levels.ts';
import { html } from './html/markup.ts';
import { readings } from './html/readings.ts';
import { requirements } from './html/requirements.ts';
import { arrowHeads } from './html/sequence-diagram.ts';
import { renderPage } from './html/shell.ts';
import { toolbar } from './html/toolbar.ts';
import { totals } from './html/totals.ts';
import type { Results } from './results.ts';

export function renderHtml(
  results: Results,
  register: readonly Requirement[],
  ledger: Ledger = loadLedger(),
): string {
  const context = createContext(results, register, ledger);
  const main = [
    totals(context),
    findings(context),
    levels(context),
    requirements(context),
    cases(context),
    readings(context),
    mutants(context),
  ];
  return renderPage({
    title: `${results.run.subject.name}: NORC conformance`,
    generator: `norc-conformance ${results.run.suiteVersion}`,
    styleSheets: ['colours', 'page', 'toolbar', 'tables', 'items', 'exchange', 'narrow'],
    script: 'page.js',
    body: html`${head(context)}
${toolbar(context)}
<main>${main}</main>
<footer><p>Made from the results file of the run and the register. Hidden characters of a subject
appear by name, as
<i class="hid">U+202E</i>; a line break inside a message is never a byte of it.</p></footer>
${arrowHeads()}`,
  });
}
