/**
 * A trace as a page holds it: one column a member, numbers of varying length, so that a million
 * records compress well. What led to what is a column too: the record's parent.
 *
 * | column | holds                                                    |
 * | ------ | -------------------------------------------------------- |
 * | at     | ticks since the record before                            |
 * | parent | how many records back what led to it stands; 0: unknown  |
 * | kind   | place in `eventNames`                                    |
 * | label  | place in the list of labels                              |
 * | server | place in the list of names, from 1; 0 for none           |
 * | peer   | likewise                                                 |
 * | size   | in bytes; 0 where the parent has the same                |
 */

/** A trace in whole columns, as long as it has records. */
export interface Columns {
  readonly rows: number;
  readonly at: Float64Array;
  /** −1: nothing that is known. */
  readonly parent: Int32Array;
  readonly kind: Uint8Array;
  readonly label: Uint16Array;
  readonly server: Uint16Array;
  readonly peer: Uint16Array;
  readonly size: Uint32Array;
}

export const emptyColumns = (rows: number): Columns => ({
  rows,
  at: new Float64Array(rows),
  parent: new Int32Array(rows).fill(-1),
  kind: new Uint8Array(rows),
  label: new Uint16Array(rows),
  server: new Uint16Array(rows),
  peer: new Uint16Array(rows),
  size: new Uint32Array(rows),
});

const packed = ['at', 'parent', 'kind', 'label', 'server', 'peer', 'size'] as const;

/** Each column in turn, as numbers of seven bits a byte, the lowest first. */
export function pack(columns: Columns): Uint8Array {
  const writer = createWriter(columns.rows * packed.length * 2);
  for (const name of packed) {
    for (let row = 0; row < columns.rows; row += 1) writer.write(smaller(columns, name, row));
  }
  return writer.bytes();
}

export function unpack(bytes: Uint8Array, rows: number): Columns {
  const columns = emptyColumns(rows);
  let place = 0;
  const next = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[place] as number;
      place += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  for (const name of packed) {
    for (let row = 0; row < rows; row += 1) columns[name][row] = larger(columns, name, row, next());
  }
  return columns;
}

function smaller(columns: Columns, name: (typeof packed)[number], row: number): number {
  const value = columns[name][row] as number;
  switch (name) {
    case 'at':
      return value - (row === 0 ? 0 : (columns.at[row - 1] as number));
    case 'parent':
      return value < 0 ? 0 : row - value;
    case 'size':
      return value === sizeOfParent(columns, row) ? 0 : value;
    default:
      return value;
  }
}

function larger(columns: Columns, name: (typeof packed)[number], row: number, value: number) {
  switch (name) {
    case 'at':
      return value + (row === 0 ? 0 : (columns.at[row - 1] as number));
    case 'parent':
      return value === 0 ? -1 : row - value;
    case 'size':
      return value === 0 ? sizeOfParent(columns, row) : value;
    default:
      return value;
  }
}

/** Of what arrives, which is mostly what was sent. */
function sizeOfParent({ kind, parent, size }: Columns, row: number): number {
  const from = parent[row] as number;
  return from >= 0 && isArrival(kind, row, from) ? (size[from] as number) : 0;
}

const SENT = 0;
const RECEIVED = 1;

const isArrival = (kind: Uint8Array, row: number, from: number): boolean =>
  kind[row] === RECEIVED && kind[from] === SENT;

/** For each message that was sent, the record of its arrival; −1: none has come. */
export function arrivalsOf({ rows, kind, parent }: Columns): Int32Array {
  const arrivals = new Int32Array(rows).fill(-1);
  for (let row = 0; row < rows; row += 1) {
    const from = parent[row] as number;
    if (from >= 0 && isArrival(kind, row, from)) arrivals[from] = row;
  }
  return arrivals;
}

function createWriter(sizeBytes: number) {
  let bytes = new Uint8Array(Math.max(sizeBytes, 64));
  let length = 0;
  return {
    write(value: number): void {
      if (length + 8 > bytes.length) bytes = grown(bytes);
      let rest = value;
      for (; rest >= 128; rest = Math.floor(rest / 128)) {
        bytes[length] = (rest % 128) | 128;
        length += 1;
      }
      bytes[length] = rest;
      length += 1;
    },
    bytes: () => bytes.subarray(0, length),
  };
}

function grown(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2);
  larger.set(bytes);
  return larger;
}
