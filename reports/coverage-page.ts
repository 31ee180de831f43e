/**
 * The page `coverage.md`: what shows each requirement of the register, for whoever asks what the
 * suite's silence about one of them means. It holds no time, count of cases or seed.
 */

import { layerTitles } from './counts.ts';
import {
  type Coverage,
  type CoverageRow,
  type Standing,
  standings,
  standingTitles,
} from './coverage.ts';
import { table } from './markdown-table.ts';

const layerNames: { readonly [first: string]: string } = {
  X: layerTitles['cross-cutting'],
  C: layerTitles.client,
  F: layerTitles.federation,
  T: layerTitles.trust,
};

export function renderCoverage({ rows }: Coverage): string {
  return [
    '# What shows each requirement',
    '',
    'Written by `npm run coverage` from what the runs of `npm test` emitted: both grounds of the',
    'conformance suite against the reference, and the tests whose titles begin with requirement ids.',
    'A requirement stands under the strongest thing that shows it.',
    '',
    ...countsByLayer(rows),
    '',
    ...standings.flatMap((standing) => section(standing, rows)),
  ].join('\n');
}

function countsByLayer(rows: readonly CoverageRow[]): readonly string[] {
  const layers = Object.keys(layerNames);
  const count = (standing: Standing, layer: string): number =>
    rows.filter((row) => row.standing === standing && row.requirement.id.startsWith(layer)).length;
  const line = (standing: Standing): readonly string[] => {
    const counts = layers.map((layer) => count(standing, layer));
    const sum = counts.reduce((total, each) => total + each, 0);
    return [standingTitles[standing], ...[...counts, sum].map(String)];
  };
  const totals = layers.map((layer) => rows.filter((r) => r.requirement.id.startsWith(layer)));
  return table(1, [
    ['shown by', ...Object.values(layerNames), 'all'],
    ...standings.map(line),
    ['**all**', ...[...totals.map((own) => own.length), rows.length].map(String)],
  ]);
}

function section(standing: Standing, rows: readonly CoverageRow[]): readonly string[] {
  const own = rows.filter((row) => row.standing === standing);
  if (own.length === 0) return [];
  return [`## ${capital(standingTitles[standing])}: ${own.length}`, '', ...listing(own), ''];
}

/** Those that cases judge are many and say nothing more: their ids suffice. */
function listing(rows: readonly CoverageRow[]): readonly string[] {
  const named = rows.filter(({ by }) => by.length > 0);
  if (named.length === 0) return families(rows);
  return rows.map(
    ({ requirement: { id, level }, by }) => `- **${id}** (${level}) ${by.join('; ')}`,
  );
}

function families(rows: readonly CoverageRow[]): readonly string[] {
  const found = new Map<string, string[]>();
  for (const { requirement } of rows) {
    const family = requirement.id.slice(0, -3);
    found.set(family, [...(found.get(family) ?? []), requirement.id.slice(-2)]);
  }
  return [...found].map(([family, numbers]) => `- ${family}: ${numbers.join(' ')}`);
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
