/** A table in Markdown, as the formatter of this repository leaves it. */

/** Padded: the first `words` columns to the left, the numbers after them to the right. */
export function table(
  words: number,
  [head = [], ...body]: readonly (readonly string[])[],
): readonly string[] {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((row) => row[column]?.length ?? 0)),
  );
  const pad = (word: string, column: number) =>
    column < words ? word.padEnd(widths[column] ?? 0) : word.padStart(widths[column] ?? 0);
  const rule = widths.map((width, column) =>
    column < words ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [head.map(pad), rule, ...body.map((row) => row.map(pad))].map(
    (row) => `| ${row.join(' | ')} |`,
  );
}
