/** `norc vectors list`: the categories, or the vectors of some. */
import type { VectorFile } from '../../vectors/vector-file.ts';
import { createTerminal, type Terminal } from '../terminal.ts';
import { wrap } from '../text.ts';
import { type SelectionFlags, selectedFiles } from './selection.ts';

export interface ListFlags extends SelectionFlags {
  readonly json?: true;
}

const MOST_COLUMNS = 100;

export function listCommand(flags: ListFlags, terminal: Terminal = createTerminal()): void {
  const files = selectedFiles(flags);
  const isDetailed = (flags.category ?? []).length > 0;
  if (flags.json) {
    const listed = isDetailed ? files : files.map(summary);
    terminal.print(JSON.stringify(listed, null, 1));
  } else if (isDetailed) for (const file of files) printFile(terminal, file);
  else printCategories(terminal, files);
}

function summary({ category, title, vectors }: VectorFile) {
  const count = (result: string) => vectors.filter((vector) => vector.result === result).length;
  return {
    category,
    title,
    vectors: vectors.length,
    valid: count('valid'),
    invalid: count('invalid'),
    acceptable: count('acceptable'),
  };
}

function printCategories(terminal: Terminal, files: readonly VectorFile[]): void {
  const rows = files.map(summary);
  const words = ['vectors', 'valid', 'invalid', 'acceptable'] as const;
  const header = words.map((word) => word.padStart(word.length + 2)).join('');
  terminal.print(terminal.paint('bold', `${'category'.padEnd(18)}${header}  what`));
  for (const row of rows) {
    const cells = words.map((word) => String(row[word]).padStart(word.length + 2)).join('');
    terminal.print(`${row.category.padEnd(18)}${cells}  ${row.title}`);
  }
  const sum = words.map((word) => rows.reduce((total, row) => total + row[word], 0));
  const cells = sum.map((count, at) => String(count).padStart((words[at]?.length ?? 0) + 2));
  terminal.print(`${'all'.padEnd(18)}${cells.join('')}`);
  terminal.print();
  terminal.print(terminal.paint('gray', 'next  norc vectors list --category canonical-json'));
}

function printFile(terminal: Terminal, file: VectorFile): void {
  const width = Math.min(terminal.columns, MOST_COLUMNS);
  terminal.print(`${terminal.paint('bold', file.category)}  ${file.title}`);
  const paragraphs = file.description.split('\n');
  for (const line of paragraphs.flatMap((text) => wrap(text, width - 2, '  '))) {
    terminal.print(`  ${line}`);
  }
  terminal.print();
  const longest = Math.max(...file.vectors.map(({ id }) => id.length));
  for (const { id, result, requirements } of file.vectors) {
    const rules = terminal.paint('gray', requirements.join(' '));
    terminal.print(`  ${id.padEnd(longest + 2)}${result.padEnd(12)}${rules}`);
  }
  terminal.print();
}
