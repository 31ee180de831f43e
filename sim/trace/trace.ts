/**
 * The record of a run, and its fingerprint. Records of 32 bytes stand in columns, 2,048 of them in a
 * block of 64 KiB; each block is hashed together with the hash before it, so that one value at the
 * end stands for all that happened, in its order. The first hash is of the run's identity.
 *
 * | column   | bytes | holds                                               |
 * | -------- | ----- | --------------------------------------------------- |
 * | at       | 8     | tick, float64                                       |
 * | sequence | 4     | of the kernel event during which it happened        |
 * | cause    | 4     | of the event that pushed that one                   |
 * | digest   | 4     | FNV-1a of all that the record says                  |
 * | size     | 4     | of what crossed, in bytes                           |
 * | label    | 2     | place in the list of labels                         |
 * | server   | 2     | place in the list of names, from 1; 0 for none      |
 * | peer     | 2     | likewise                                            |
 * | kind     | 2     | place in `eventNames`                               |
 */
import { encodeBase64url } from '../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../reference/wire/canonical.ts';
import type { Json } from '../../spec/schema.ts';
import { sizeOf } from '../network/parcel.ts';
import type { Entry, Happening } from './journal.ts';
import { digestOf, labelOf, numberOf, peerOf } from './label.ts';

export const ROWS = 2048;
export const BLOCK_BYTES = 65_536;
/** Changes whenever a trace of the same run would be another one. */
export const TRACE_FORMAT = 1;

export interface TraceColumns {
  readonly buffer: ArrayBuffer;
  readonly at: Float64Array;
  readonly sequence: Uint32Array;
  readonly cause: Uint32Array;
  readonly digest: Uint32Array;
  readonly size: Uint32Array;
  readonly label: Uint16Array;
  readonly server: Uint16Array;
  readonly peer: Uint16Array;
  readonly kind: Uint16Array;
}

export function columnsOf(buffer: ArrayBuffer): TraceColumns {
  let offset = 0;
  const next = (bytes: number): number => {
    offset += bytes * ROWS;
    return offset - bytes * ROWS;
  };
  return {
    buffer,
    at: new Float64Array(buffer, next(8), ROWS),
    sequence: new Uint32Array(buffer, next(4), ROWS),
    cause: new Uint32Array(buffer, next(4), ROWS),
    digest: new Uint32Array(buffer, next(4), ROWS),
    size: new Uint32Array(buffer, next(4), ROWS),
    label: new Uint16Array(buffer, next(2), ROWS),
    server: new Uint16Array(buffer, next(2), ROWS),
    peer: new Uint16Array(buffer, next(2), ROWS),
    kind: new Uint16Array(buffer, next(2), ROWS),
  };
}

/** What a trace is of: with the same code, the same identity gives the same hash. */
export interface RunIdentity {
  readonly format: number;
  readonly scenario: string;
  readonly plan: string;
  readonly seed: number;
  readonly ties: Json;
  readonly crypto: string;
  readonly off: readonly string[];
}

/** What is needed to read the blocks. */
export interface TraceIndex {
  readonly identity: RunIdentity;
  readonly rows: number;
  readonly labels: readonly string[];
  readonly names: readonly string[];
  /** base64url BLAKE3-256. */
  readonly hash: string;
}

export interface TraceWriter {
  write(entry: Entry): void;
  /** Of what has been written so far; nothing may follow. */
  finish(): TraceIndex;
}

export interface TraceParts {
  readonly identity: RunIdentity;
  readonly blake3: (...parts: readonly Uint8Array[]) => Uint8Array;
  /** Takes each block when it is full, and the last one as it is. */
  readonly sink?: (block: ArrayBuffer) => void;
}

export function createTrace({ identity, blake3, sink }: TraceParts): TraceWriter {
  const labels = createNumbering(0);
  const names = createNumbering(1);
  let columns = columnsOf(new ArrayBuffer(BLOCK_BYTES));
  let hash = blake3(canonicalBytes(identity as unknown as Json));
  let rows = 0;
  const close = (): void => {
    hash = blake3(hash, new Uint8Array(columns.buffer));
    sink?.(columns.buffer);
  };
  return {
    write(entry) {
      const row = rows % ROWS;
      if (row === 0 && rows > 0) {
        close();
        columns = columnsOf(new ArrayBuffer(BLOCK_BYTES));
      }
      fill(columns, row, entry, { labels, names });
      rows += 1;
    },
    finish() {
      close();
      const read = { rows, labels: labels.list, names: names.list };
      hash = blake3(hash, canonicalBytes(read as unknown as Json));
      return { identity, ...read, hash: encodeBase64url(hash) };
    },
  };
}

interface Numbering {
  readonly list: string[];
  of(text: string): number;
}

/** In the order of first appearance. The empty text is 0 where numbers begin with 1. */
function createNumbering(first: number): Numbering {
  const list: string[] = [];
  const numbers = new Map<string, number>();
  return {
    list,
    of(text) {
      if (text === '' && first === 1) return 0;
      const known = numbers.get(text);
      if (known !== undefined) return known;
      list.push(text);
      const number = list.length - 1 + first;
      numbers.set(text, number);
      return number;
    },
  };
}

function fill(
  columns: TraceColumns,
  row: number,
  { at, sequence, cause, server, happening }: Entry,
  { labels, names }: { labels: Numbering; names: Numbering },
): void {
  columns.at[row] = at;
  columns.sequence[row] = sequence;
  columns.cause[row] = cause;
  columns.digest[row] = digestOf(happening);
  columns.size[row] = sizeIn(happening);
  columns.label[row] = labels.of(labelOf(happening));
  columns.server[row] = names.of(server);
  columns.peer[row] = names.of(peerOf(happening));
  columns.kind[row] = numberOf(happening.event);
}

const sizeIn = (happening: Happening): number =>
  happening.event === 'sent' || happening.event === 'received' ? sizeOf(happening.parcel) : 0;
