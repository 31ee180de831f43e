/** Which column of an edge list is what. */
import { faultAt, GraphFault } from '../fault.ts';
import { isNumber } from './number.ts';

export interface Columns {
  readonly source: number;
  readonly target: number;
  readonly weight?: number;
  readonly time?: number;
}

type Role = keyof Columns;

/** Names under which the columns of published graphs go, lower case. */
const names: Readonly<Record<Role, readonly string[]>> = {
  source: ['source', 'from', 'source_id', 'src', 'fromnodeid', 'truster', 'issuer', 'rater'],
  target: ['target', 'to', 'target_id', 'dst', 'tonodeid', 'trustee', 'subject', 'ratee'],
  weight: ['weight', 'trust_value', 'trust', 'rating', 'feature', 'trust_score', 'value', 'd'],
  time: ['time', 'timestamp', 'date', 'issued_at', 'time_seconds'],
};

const roles = Object.keys(names) as Role[];

/** A header names a source and a target. */
export function isHeader(fields: readonly string[]): boolean {
  const has = (role: Role) => fields.some((field) => names[role].includes(field.toLowerCase()));
  return has('source') && has('target');
}

export function columnsOf(
  width: number,
  header: readonly string[] | undefined,
  asked: string | undefined,
  line: number,
): Columns {
  if (width < 2) throw faultAt({ line, column: 1 }, 'a row needs a source and a target');
  if (asked !== undefined) return askedColumns(asked, width, header);
  return header ? headerColumns(header) : positions(width);
}

/** Without a header: as SNAP and KONECT have them. */
function positions(width: number): Columns {
  return {
    source: 0,
    target: 1,
    ...(width > 2 ? { weight: 2 } : {}),
    ...(width > 3 ? { time: 3 } : {}),
  };
}

function headerColumns(header: readonly string[]): Columns {
  const found = roles.flatMap((role) => {
    const column = header.findIndex((field) => names[role].includes(field.toLowerCase()));
    return column < 0 ? [] : [[role, column] as const];
  });
  return Object.fromEntries(found) as unknown as Columns;
}

function askedColumns(
  asked: string,
  width: number,
  header: readonly string[] | undefined,
): Columns {
  const found = asked.split(',').map((part) => {
    const [role = '', name = ''] = part.split('=').map((each) => each.trim());
    const column = isNumber(name) ? Number(name) : (header?.indexOf(name) ?? -1);
    const fits = Number.isInteger(column) && column >= 0 && column < width;
    if (!roles.includes(role as Role) || !fits)
      throw new GraphFault(
        `--columns: ${part} names no column (source=0,target=1,weight=2,time=3)`,
      );
    return [role, column] as const;
  });
  const columns = Object.fromEntries(found);
  if (columns.source === undefined || columns.target === undefined)
    throw new GraphFault('--columns must name a source and a target');
  return columns as unknown as Columns;
}
