/** A table for people: aligned, numbers grouped and short. */
import { type Cell, type Column, grouped, type Table } from '../answer.ts';

const MOST_ROWS = 40;

export function textTable(table: Table): readonly string[] {
  const { title, columns } = table;
  const rows = visibleRows(table);
  const shown = rows
    .slice(0, MOST_ROWS)
    .map((row) => row.map((cell, at) => cellText(cell, columns[at])));
  const header = columns.map(({ name }) => name.replaceAll('_', ' '));
  const widths = header.map((name, at) =>
    Math.max(name.length, ...shown.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells
      .map((cell, at) =>
        columns[at]?.kind === 'text'
          ? cell.padEnd(widths[at] ?? 0)
          : cell.padStart(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd()}`;
  const more = rows.length - shown.length;
  return [
    title,
    line(header),
    ...shown.map(line),
    ...(more > 0 ? [`  … and ${grouped(more)} more: --csv or --out shows all`] : []),
  ];
}

function visibleRows({ columns, rows, hiddenAtZero }: Table) {
  const at = columns.findIndex(({ name }) => name === hiddenAtZero);
  return at < 0 ? rows : rows.filter((row) => row[at] !== 0);
}

function cellText(cell: Cell, column: Column | undefined): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  if (column?.kind === 'count') return grouped(cell);
  return Number.isInteger(cell) ? String(cell) : cell.toPrecision(6).replace(/\.?0+$/, '');
}
