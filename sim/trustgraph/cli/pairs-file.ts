/**
 * Every pair in a file that grows by whole sources. It bears another name until it is whole, and beside
 * it stands how far it has come: so a stopped run goes on from there, however it was stopped.
 */
import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import { GraphFault } from '../fault.ts';

/** What is on disk. */
export interface Kept {
  readonly sources: number;
  readonly pairs: number;
  readonly bytes: number;
  /** What the form of the file must know to go on. */
  readonly state: unknown;
}

/** How pairs become bytes. Bytes come in pieces that end where a source ends. */
export interface PairForm {
  add(source: string, target: string, hops: number, score: number, level: string): void;
  /** What may be written by now, once it is worth it; `all` where the run stops. */
  piece(all: boolean): Uint8Array | null;
  /** For the next piece to go on from. */
  state(): unknown;
  end(): Uint8Array;
}

export interface PairsFile {
  readonly kept: Kept;
  write(piece: Uint8Array, sources: number, pairs: number, state: unknown): void;
  /** Whole: from now on it has its name. */
  finish(rest: Uint8Array): void;
  close(): void;
}

const nothing: Kept = { sources: 0, pairs: 0, bytes: 0, state: null };

/** `identity` says what was asked: a file of another question is not continued but refused. */
export function openPairsFile(file: string, identity: string): PairsFile {
  const [part, record] = [`${file}.part`, `${file}.progress`];
  let kept = existsSync(record) && existsSync(part) ? readRecord(record, identity) : nothing;
  const descriptor = openSync(part, kept.bytes > 0 ? 'r+' : 'w');
  // What was written after the last record is written again.
  ftruncateSync(descriptor, kept.bytes);
  return {
    get kept() {
      return kept;
    },
    write(piece, sources, pairs, state) {
      writeAll(descriptor, piece, kept.bytes);
      kept = { sources, pairs, bytes: kept.bytes + piece.length, state };
      writeFileSync(`${record}.new`, serialize({ identity, kept }));
      renameSync(`${record}.new`, record);
    },
    finish(rest) {
      writeAll(descriptor, rest, kept.bytes);
      closeSync(descriptor);
      renameSync(part, file);
      rmSync(record, { force: true });
    },
    close: () => closeSync(descriptor),
  };
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(descriptor, bytes, at, bytes.length - at, position + at);
}

function readRecord(record: string, identity: string): Kept {
  const said = recordIn(record);
  if (said?.identity === identity) return said.kept;
  throw new GraphFault(
    `${record} is of another question: remove it, or choose another name for --pairs`,
  );
}

function recordIn(record: string): { readonly identity: string; readonly kept: Kept } | null {
  try {
    return deserialize(readFileSync(record));
  } catch {
    return null;
  }
}
