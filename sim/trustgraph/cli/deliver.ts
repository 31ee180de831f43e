/** Shows an answer, and writes it: with everything that is needed to get it again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Table } from '../answer.ts';
import { GraphFault } from '../fault.ts';
import type { Json } from '../question.ts';
import { csvOf } from '../write/csv.ts';
import { svgOf } from '../write/svg.ts';
import { textTable } from '../write/text-table.ts';
import type { Given } from './options.ts';

export type Provenance = Readonly<Record<string, Json>>;

export function suiteName(): string {
  const file = new URL('../../../package.json', import.meta.url);
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  return `${name} ${version}`;
}

export async function deliver(answer: Answer, provenance: Provenance, given: Given) {
  if (given.out !== undefined) await writeFiles(answer, provenance, given, given.out);
  if (given.json) process.stdout.write(jsonOf(answer, provenance));
  else if (given.csv) process.stdout.write(csvOf(firstTable(answer)));
  else printText(answer, given);
}

function firstTable({ tables: [first] }: Answer): Table {
  if (first) return first;
  throw new GraphFault('this answer has no table: leave out --csv');
}

function jsonOf({ lines, tables }: Answer, provenance: Provenance): string {
  const named = tables.map(({ name, title, columns, rows }) => ({ name, title, columns, rows }));
  return `${JSON.stringify({ provenance, lines, tables: named }, null, 1)}\n`;
}

function printText({ lines, tables }: Answer, given: Given): void {
  const parts = [lines, ...tables.map(textTable)].filter((part) => part.length > 0);
  console.log(parts.map((part) => part.join('\n')).join('\n\n'));
  if (given.out) console.log(`\nwritten to ${given.out}`);
}

async function writeFiles(answer: Answer, provenance: Provenance, given: Given, folder: string) {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: string | Uint8Array) =>
    writeFileSync(join(folder, name), content);
  write('answer.json', jsonOf(answer, provenance));
  for (const table of answer.tables) write(`${table.name}.csv`, csvOf(table));
  for (const plot of answer.plots) write(`${plot.name}.svg`, svgOf(plot));
  for (const [name, content] of Object.entries(answer.files ?? {})) write(name, content);
  if (!given.parquet) return;
  const { parquetOf } = await import('./parquet.ts');
  for (const table of answer.tables)
    write(`${table.name}.parquet`, parquetOf(table, JSON.stringify(provenance)));
}
