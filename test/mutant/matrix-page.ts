/**
 * The matrix as a page: for every requirement the cases that claim it, and the broken reference that
 * each of them has found out. One file, readable without a script, in light and dark.
 */
import { html } from '../../reports/html/markup.ts';
import type { MatrixRow, Score } from './score.ts';

type Reasons = { readonly [claim: string]: string };

export function renderMatrix(score: Score, rows: readonly MatrixRow[], reasons: Reasons): string {
  const families = [...new Set(rows.map(familyOf))];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>NORC conformance: what the cases find out</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
td, th { border-top: 1px solid #8884; padding: .2rem .6rem; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
.lost { background: #c803; }
summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
</style>
</head>
<body>
<h1>What the cases find out</h1>
<p>${figures(score)}</p>
<p>Every case claims requirements; each claim is borne out by a reference that is wrong in that one
way, and which the case has failed.</p>
${families.map((family) => familyPart(family, rows, reasons))}
</body>
</html>
`;
  return page.markup;
}

function figures({ claims, mutants }: Score): string {
  return (
    `${claims.found} of ${claims.of} claims are borne out; ` +
    `${mutants.found} of ${mutants.of} broken references are found out.`
  );
}

const familyOf = ({ requirement }: MatrixRow): string => requirement.slice(0, -3);

function familyPart(family: string, rows: readonly MatrixRow[], reasons: Reasons) {
  const own = rows.filter((row) => familyOf(row) === family);
  const lost = own.filter(({ provenBy }) => provenBy === null).length;
  const count = lost === 0 ? `${own.length}` : `${own.length}, of which ${lost} not borne out`;
  return html`<details><summary>${family} (${count})</summary><table>
<tr><th>requirement</th><th>case</th><th>found out</th><th>how</th></tr>
${own.map((row) => matrixRow(row, reasons))}</table></details>`;
}

function matrixRow({ requirement, case: id, provenBy, ending }: MatrixRow, reasons: Reasons) {
  if (provenBy !== null) {
    return html`<tr><td>${requirement}</td><td>${id}</td><td>${provenBy}</td><td>${ending}</td></tr>`;
  }
  const why = reasons[`${id} ${requirement}`] ?? 'no reason given';
  return html`<tr class="lost"><td>${requirement}</td><td>${id}</td><td>nothing</td>
<td>${why}</td></tr>`;
}
