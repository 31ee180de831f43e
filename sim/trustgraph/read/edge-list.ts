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
import { isNumber, quoted, readNumber } from './number.ts';
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
  const plain = splitPlain(line, typeof separator === 'string' ? separator : ' ');
  if (plain !== null) return plain;
  if (typeof separator !== 'string') return line.trim().split(separator).map(unquoted);
  if (!line.includes('"')) return line.split(separator).map((field) => field.trim());
  // RFC 4180: inside quotes a separator is text, and two quotes are one.
  const fields = [...line.matchAll(separator === ',' ? byComma : bySeparator(separator))];
  return fields.map(([, field = '']) => unquoted(field));
}

const QUOTE = 0x22;
const BLANK = 0x20;

/**
 * Nearly every row is this: fields and one separator between them, in plain ASCII. Null where there is
 * more to it: quotes, other blanks, or several blanks that separate.
 */
function splitPlain(line: string, separator: string): readonly string[] | null {
  const cut = separator.charCodeAt(0);
  const fields: string[] = [];
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === cut) {
      if (cut === BLANK && at === from) return null;
      fields.push(line.slice(from, at));
      from = at + 1;
    } else if (code <= BLANK || code === QUOTE || code > 0x7e) return null;
  }
  if (cut === BLANK && from === line.length) return null;
  fields.push(line.slice(from));
  return fields;
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
  const row: Row = { fields: split(line, separator), line, number };
  // KONECT's last columns may be left out; more columns than the first row has are a mistake.
  if (row.fields.length > width)
    throw faultAt(
      placeOf(row, width),
      `${row.fields.length} fields where the first row has ${width}`,
    );
  const { source, target, weight, time } = columns;
  const from = sink.node(labelIn(row, source, 'source'));
  const to = sink.node(labelIn(row, target, 'target'));
  const worth = weight === undefined ? options.defaultWeight : numberIn(row, weight, 'weight');
  if (time === undefined) sink.add(from, to, worth);
  else sink.add(from, to, worth, numberIn(row, time, 'time'));
}

interface Row {
  readonly fields: readonly string[];
  readonly line: string;
  readonly number: number;
}

function labelIn(row: Row, column: number, what: string): string {
  const text = row.fields[column];
  if (text) return text;
  throw faultAt(placeOf(row, column), `no ${what} in ${quoted(row.line)}`);
}

function numberIn(row: Row, column: number, what: string): number {
  const text = row.fields[column] ?? '';
  const digit = text.length === 1 ? text.charCodeAt(0) - 0x30 : -1;
  if (digit >= 0 && digit <= 9) return digit;
  if (isNumber(text)) {
    const value = Number(text);
    if (Number.isFinite(value)) return value;
  }
  // The place is counted only where it is told.
  if (row.fields[column] === undefined)
    throw faultAt(placeOf(row, column), `no ${what} in ${quoted(row.line)}`);
  return readNumber(text, placeOf(row, column), what);
}

const placeOf = ({ fields, number }: Row, column: number) => ({
  line: number,
  column: 1 + fields.slice(0, column).reduce((sum, field) => sum + field.length + 1, 0),
});
