/**
 * One line of the journal: everything that one write() made durable, so that it survives whole or
 * not at all.
 *
 *   16 hex digits   checksum: SHA-256 of the rest of the line, cut to 8 bytes
 *   space
 *   JSON            [[table, key, value], …]; JSON has no line feed of its own
 *   line feed
 */
import { createHash } from 'node:crypto';
import type { Row, Table } from '../core.ts';

export type Rows = Map<string, Row>;

export interface Replay {
  readonly rows: Rows;
  /** Up to here every record is whole. */
  readonly goodBytes: number;
  /** Bytes after that: an unfinished record. */
  readonly tornBytes: number;
}

/** Whole records follow after one that is not: this is no torn tail, and nothing may be cut off. */
export class JournalDamaged extends Error {
  override readonly name = 'JournalDamaged';
  /** The record that is damaged; null: the file is no journal at all. */
  readonly record: DamagedRecord | null;
  constructor(message: string, record: DamagedRecord | null = null) {
    super(message);
    this.record = record;
  }
}

/** Checksums in hex: what stands before the record, and what its bytes give. */
export interface DamagedRecord {
  readonly atByte: number;
  readonly expected: string;
  readonly found: string;
}

/** In the data directory. */
export const journalFile = 'journal.jsonl';

const CHECKSUM_DIGITS = 16;
const LINE_FEED = 0x0a;
/** The first record of every journal, so that another format is never taken for this one. */
const FORMAT: Row = { table: 'format' as Table, key: 'norc-journal', value: 1 };

export function encodeRecord(rows: readonly Row[]): Buffer {
  const json = JSON.stringify(rows.map(({ table, key, value }) => [table, key, value]));
  return Buffer.from(`${checksumOf(Buffer.from(json))} ${json}\n`);
}

export const openingRecord = (): Buffer => encodeRecord([FORMAT]);

/** Applies every whole record in order. `file` names the journal in errors. */
export function replay(bytes: Buffer, file: string): Replay {
  const rows: Rows = new Map();
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(LINE_FEED, at);
    const record = end === -1 ? null : decodeRecord(bytes.subarray(at, end));
    if (record === null) break;
    if (at === 0) expectFormat(record, file);
    else applyRows(rows, record);
    at = end + 1;
  }
  if (at === 0 && !openingRecord().subarray(0, bytes.length).equals(bytes)) {
    throw new JournalDamaged(`${file}: not a journal, or its first record is damaged`);
  }
  if (hasWholeRecord(bytes, at)) {
    throw new JournalDamaged(
      `${file}: the record at byte ${at} is damaged and later ones are not; restore it from a copy`,
      damagedAt(bytes, at),
    );
  }
  return { rows, goodBytes: at, tornBytes: bytes.length - at };
}

export function applyRows(rows: Rows, changes: readonly Row[]): void {
  for (const row of changes) {
    const id = `${row.table}/${row.key}`;
    if (row.value === null) rows.delete(id);
    else rows.set(id, row);
  }
}

function decodeRecord(line: Buffer): Row[] | null {
  const json = line.subarray(CHECKSUM_DIGITS + 1);
  if (line.toString('latin1', 0, CHECKSUM_DIGITS + 1) !== `${checksumOf(json)} `) return null;
  // What has the checksum was written by encodeRecord.
  const rows: [Table, string, Row['value']][] = JSON.parse(json.toString());
  return rows.map(([table, key, value]) => ({ table, key, value }));
}

/** Whether a whole record stands somewhere after the one at `at`. */
function hasWholeRecord(bytes: Buffer, at: number): boolean {
  for (let feed = bytes.indexOf(LINE_FEED, at); feed !== -1; ) {
    const next = bytes.indexOf(LINE_FEED, feed + 1);
    if (next !== -1 && decodeRecord(bytes.subarray(feed + 1, next)) !== null) return true;
    feed = next;
  }
  return false;
}

function damagedAt(bytes: Buffer, atByte: number): DamagedRecord {
  const line = bytes.subarray(atByte, bytes.indexOf(LINE_FEED, atByte));
  const expected = line.toString('latin1', 0, CHECKSUM_DIGITS);
  return { atByte, expected, found: checksumOf(line.subarray(CHECKSUM_DIGITS + 1)) };
}

function expectFormat([row]: readonly Row[], file: string): void {
  if (row?.key === FORMAT.key && row.value === FORMAT.value) return;
  throw new JournalDamaged(`${file}: not a journal of this format`);
}

function checksumOf(json: Buffer): string {
  return createHash('sha256').update(json).digest('hex').slice(0, CHECKSUM_DIGITS);
}
