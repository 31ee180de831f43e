/** RFC 4180, with the shortest decimals that give the same binary64 back. */
import type { Cell, Table } from '../answer.ts';

export const csvOf = ({ columns, rows }: Table) =>
  [csvLine(columns.map(({ name }) => name)), ...rows.map(csvLine)].join('');

export const csvLine = (cells: readonly Cell[]) => `${cells.map(csvCell).join(',')}\n`;

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  const written = String(cell);
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
}
