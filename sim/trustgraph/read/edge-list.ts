/**
 * One edge a line: SNAP, KONECT, CSV and TSV. Comments begin with # or %. Fields are separated by
 * commas, semicolons, tabs or blanks: by what the first row is separated by. A header is recognised by
 * the names below; without one the columns are source, target, weight, time, as SNAP and KONECT have
 * them.
 */
import { faultAt } from '../fault.ts';
import { createRowSink, type RowSink } from '../rows.ts';
import { type Columns, columnsOf, isHeader } from './columns.ts';
import { createLineCutter } from './lines.ts';
import { quoted, readNumber } from './number.ts';
import type { GraphReader, ReadOptions } from './reader.ts';

const MOST_LINE_CHARACTERS = 65_536;

export function createEdgeListReader(options: ReadOptions): GraphReader {
  const sink = createRowSink();
  let form: Form | undefined;
  const takeLine = (line: string, number: number) => {
    if (line.trim() === '' || line.startsWith('#') || line.startsWith('%')) return;
    if (!form) {
      form = formOf(line, number, options);
      if (form.startsAt > number) return;
    }
    addRow(sink, form, line, number, options);
  };
  const cutter = createLineCutter(MOST_LINE_CHARACTERS, takeLine);
  return {
    write: cutter.write,
    get rowCount() {
      return sink.count;
    },
    end() {
      cutter.end();
      const doubt = cutter.isOpenEnded ? '; the last line has no end: cut off?' : '';
      return { rows: sink.finish(), understood: (form ? form.text : 'no rows') + doubt };
    },
  };
}

interface Form {
  readonly separator: string | RegExp;
  readonly columns: Columns;
  readonly width: number;
  /** Number of the first line that is a row. */
  readonly startsAt: number;
  readonly text: string;
}

function formOf(line: string, number: number, options: ReadOptions): Form {
  const separator = separatorOf(line);
  const fields = split(line, separator);
  const header = isHeader(fields) ? fields : undefined;
  const columns = columnsOf(fields.length, header, options.columns, number);
  const name = (column: number | undefined) =>
    column === undefined ? 'none' : (header?.[column] ?? `column ${column + 1}`);
  return {
    separator,
    columns,
    width: fields.length,
    startsAt: header ? number + 1 : number,
    text:
      `edge list: source = ${name(columns.source)}, target = ${name(columns.target)}, ` +
      `weight = ${columns.weight === undefined ? options.defaultWeight : name(columns.weight)}, ` +
      `time = ${name(columns.time)}`,
  };
}

function separatorOf(line: string): string | RegExp {
  for (const separator of [',', ';', '\t']) if (line.includes(separator)) return separator;
  return / +/;
}

function split(line: string, separator: string | RegExp): readonly string[] {
  if (typeof separator !== 'string') return line.trim().split(separator).map(unquoted);
  if (!line.includes('"')) return line.split(separator).map((field) => field.trim());
  // RFC 4180: inside quotes a separator is text, and two quotes are one.
  const fields = [...line.matchAll(separator === ',' ? byComma : bySeparator(separator))];
  return fields.map(([, field = '']) => unquoted(field));
}

const bySeparator = (separator: string) =>
  new RegExp(`(?:^|${separator})(\\s*"(?:[^"]|"")*"\\s*(?=${separator}|$)|[^${separator}]*)`, 'g');
const byComma = bySeparator(',');

function unquoted(field: string): string {
  const text = field.trim();
  const isQuoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return isQuoted ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function addRow(
  sink: RowSink,
  { columns, separator, width }: Form,
  line: string,
  number: number,
  options: ReadOptions,
): void {
  const fields = split(line, separator);
  const place = (column: number) => ({ line: number, column: columnOf(fields, column) });
  // KONECT's last columns may be left out; more columns than the first row has are a mistake.
  if (fields.length > width)
    throw faultAt(place(width), `${fields.length} fields where the first row has ${width}`);
  const label = (column: number, what: string) => {
    const text = fields[column];
    if (!text) throw faultAt(place(column), `no ${what} in ${quoted(line)}`);
    return sink.node(text);
  };
  const value = (column: number, what: string) => {
    const text = fields[column];
    if (text === undefined) throw faultAt(place(column), `no ${what} in ${quoted(line)}`);
    return readNumber(text, place(column), what);
  };
  const { source, target, weight, time } = columns;
  const from = label(source, 'source');
  const to = label(target, 'target');
  const worth = weight === undefined ? options.defaultWeight : value(weight, 'weight');
  if (time === undefined) sink.add(from, to, worth);
  else sink.add(from, to, worth, value(time, 'time'));
}

const columnOf = (fields: readonly string[], column: number) =>
  1 + fields.slice(0, column).reduce((sum, field) => sum + field.length + 1, 0);
