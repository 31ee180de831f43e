/**
 * The durable store: an append-only journal in a data directory. A record is on the disk when
 * write() returns; a crash in the middle of one loses that record and nothing acknowledged. The
 * journal is written anew when most of it is dead.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../core.ts';
import { lockDirectory } from './directory-lock.ts';
import {
  encodeRecord,
  journalFile,
  openingRecord,
  type Replay,
  type Rows,
  replay,
} from './journal-record.ts';
import type { Store } from './store.ts';

export interface JournalOptions {
  /** Told of an unfinished record that was cut off, and of a compaction that failed. */
  readonly report?: (notice: string) => void;
  /** Below this size dead rows are left where they are. */
  readonly compactFromBytes?: number;
}

/** The disk did not do what it must; what was written last may not survive. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

const COMPACT_FROM_BYTES = 1024 * 1024;
/** While running, the journal is written anew when it has grown by this factor. */
const GROWTH = 8;
const ROWS_PER_RECORD = 256;

/**
 * Creates the directory when it is not there. Throws DirectoryHeld, JournalDamaged, system errors.
 */
export function openJournal(directory: string, options: JournalOptions = {}): Store {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const release = lockDirectory(directory);
  try {
    return new Journal(directory, release, options);
  } catch (error) {
    release();
    throw error;
  }
}

class Journal implements Store {
  readonly #directory: string;
  readonly #file: string;
  readonly #release: () => void;
  readonly #compactFromBytes: number;
  readonly #report: (notice: string) => void;
  #descriptor: number;
  #lengthBytes: number;
  #compactAtBytes: number;
  /** What was read on opening, until it is fetched or goes stale. */
  #opened: Rows | null;
  #failure: StoreFailed | null = null;

  constructor(directory: string, release: () => void, options: JournalOptions) {
    this.#directory = directory;
    this.#release = release;
    this.#report = options.report ?? (() => {});
    this.#file = join(directory, journalFile);
    this.#compactFromBytes = options.compactFromBytes ?? COMPACT_FROM_BYTES;
    rmSync(this.#spare, { force: true });
    if (!existsSync(this.#file)) {
      this.#prepare([]);
      this.#install();
    }
    const { rows, goodBytes, tornBytes } = this.#replay();
    this.#descriptor = openSync(this.#file, 'a');
    this.#lengthBytes = goodBytes;
    if (tornBytes > 0) this.#cut();
    if (goodBytes === 0) this.#append(openingRecord());
    this.#opened = rows;
    this.#compactAtBytes = this.#nextCompaction();
    if (this.#lengthBytes >= this.#compactFromBytes) this.#compactIfMostlyDead(rows);
  }

  load(): readonly Row[] {
    return [...(this.#opened ?? this.#replay().rows).values()];
  }

  write(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    if (this.#failure) throw this.#failure;
    this.#opened = null;
    this.#append(encodeRecord(rows));
    if (this.#lengthBytes >= this.#compactAtBytes) this.#compact(this.#replay().rows);
  }

  close(): void {
    if (this.#descriptor !== -1) closeSync(this.#descriptor);
    this.#descriptor = -1;
    this.#failure = new StoreFailed(`${this.#file}: the store is closed`);
    this.#release();
  }

  get #spare(): string {
    return `${this.#file}.new`;
  }

  #replay(): Replay {
    return replay(readFileSync(this.#file), this.#file);
  }

  #append(record: Buffer): void {
    try {
      writeAll(this.#descriptor, record);
      fsyncSync(this.#descriptor);
      this.#lengthBytes += record.length;
    } catch (error) {
      this.#undo();
      throw this.#fail(error);
    }
  }

  /** After a failed fsync nobody knows what the disk holds: no later write may pretend to. */
  #fail(error: unknown): StoreFailed {
    this.#failure = new StoreFailed(`${this.#file}: ${describe(error)}`, { cause: error });
    return this.#failure;
  }

  /** Half a record must not stand before whole ones, should the operator start us again. */
  #undo(): void {
    try {
      ftruncateSync(this.#descriptor, this.#lengthBytes);
    } catch {
      // The next opening cuts it off.
    }
  }

  #cut(): void {
    const tornBytes = statSync(this.#file).size - this.#lengthBytes;
    ftruncateSync(this.#descriptor, this.#lengthBytes);
    fsyncSync(this.#descriptor);
    this.#report(`${this.#file}: cut off an unfinished record of ${tornBytes} bytes`);
  }

  #compactIfMostlyDead(rows: Rows): void {
    let liveBytes = 0;
    for (const record of recordsOf(rows)) liveBytes += record.length;
    if (liveBytes * 2 <= this.#lengthBytes) this.#compact(rows);
  }

  #compact(rows: Rows): void {
    this.#compactAtBytes = this.#nextCompaction();
    try {
      this.#prepare(recordsOf(rows));
    } catch (error) {
      // No room for a second copy: nothing is lost, the old journal serves on.
      rmSync(this.#spare, { force: true });
      this.#report(`${this.#file}: not compacted: ${describe(error)}`);
      return;
    }
    this.#replaceBySpare();
    this.#compactAtBytes = this.#nextCompaction();
  }

  #replaceBySpare(): void {
    try {
      this.#install();
      closeSync(this.#descriptor);
      this.#descriptor = openSync(this.#file, 'a');
      this.#lengthBytes = statSync(this.#file).size;
    } catch (error) {
      // The open descriptor may belong to the journal that has just been replaced.
      throw this.#fail(error);
    }
  }

  #nextCompaction(): number {
    return Math.max(this.#compactFromBytes, this.#lengthBytes) * GROWTH;
  }

  #prepare(records: Iterable<Buffer>): void {
    const descriptor = openSync(this.#spare, 'w', 0o600);
    try {
      writeAll(descriptor, openingRecord());
      for (const record of records) writeAll(descriptor, record);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  /** The new journal replaces the old one whole, or not at all. */
  #install(): void {
    renameSync(this.#spare, this.#file);
    const directory = openSync(this.#directory, 'r');
    fsyncSync(directory);
    closeSync(directory);
  }
}

function* recordsOf(rows: Rows): Generator<Buffer> {
  let batch: Row[] = [];
  for (const row of rows.values()) {
    batch.push(row);
    if (batch.length < ROWS_PER_RECORD) continue;
    yield encodeRecord(batch);
    batch = [];
  }
  if (batch.length > 0) yield encodeRecord(batch);
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
