/** The table of counts in vectors/README.md, between its two marks. */
import type { Expectation, VectorFile } from '../vector-file.ts';

const BEGIN = '<!-- counts: generated -->';
const END = '<!-- /counts -->';

export function withCounts(page: string, files: readonly VectorFile[]): string {
  const start = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (start < 0 || end < start) throw new Error(`vectors/README.md lacks ${BEGIN} … ${END}`);
  return `${page.slice(0, start + BEGIN.length)}\n\n${table(files)}\n\n${page.slice(end)}`;
}

function table(files: readonly VectorFile[]): string {
  const rows = [
    ...files.map((file) => row(`[${file.category}](${file.category}.json)`, file.title, [file])),
    row('**all**', '', files),
  ];
  const header = '| category | what | vectors | valid | invalid | acceptable |';
  return [header, '| --- | --- | --: | --: | --: | --: |', ...rows].join('\n');
}

function row(name: string, title: string, files: readonly VectorFile[]): string {
  const count = (result: Expectation): number =>
    files.flatMap(({ vectors }) => vectors).filter((vector) => vector.result === result).length;
  const counts = [count('valid'), count('invalid'), count('acceptable')];
  const sum = counts.reduce((total, one) => total + one, 0);
  return `| ${name} | ${title} | ${sum} | ${counts.join(' | ')} |`;
}
