/**
 * A trace on disk: the blocks as they are, then what is needed to read them as JSON, then the length
 * of that in four bytes and the mark of the format. It stands under its name when it is whole.
 */
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import type { Verdict } from '../../sim/monitors/monitor.ts';
import type { RecordedTrace } from '../../sim/trace/divergence.ts';
import { BLOCK_BYTES, type TraceIndex } from '../../sim/trace/trace.ts';
import type { Json } from '../../spec/schema.ts';
import { UsageError } from '../usage-error.ts';

const MARK = Buffer.from('NORCSIM1');
const LENGTH_BYTES = 4;

/** What the trace is of, and how it ended: enough to run it again. */
export interface TraceOrigin {
  /** As the user called it. */
  readonly given: string;
  readonly text: Json;
  /** Texts of files that the scenario names. */
  readonly files: { readonly [path: string]: string };
  readonly verdicts: readonly Verdict[];
}

export interface TraceFile {
  block(block: ArrayBuffer): void;
  close(index: TraceIndex, origin: TraceOrigin): void;
  /** Leaves nothing behind. */
  discard(): void;
}

export function createTraceFile(path: string): TraceFile {
  const draft = `${path}.part`;
  const file = open(path, draft);
  return {
    block: (block) => void writeSync(file, new Uint8Array(block)),
    close(index, origin) {
      const text = Buffer.from(JSON.stringify({ ...index, origin }));
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(text.length);
      writeSync(file, Buffer.concat([text, length, MARK]));
      closeSync(file);
      renameSync(draft, path);
    },
    discard() {
      closeSync(file);
      rmSync(draft, { force: true });
    },
  };
}

function open(path: string, draft: string): number {
  try {
    return openSync(draft, 'w');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new UsageError(`--trace ${path}: cannot be written to (${code}); name another file`);
  }
}

/** Whether a file ends as a trace does. */
export function isTraceFile(path: string): boolean {
  if (!existsSync(path) || !statSync(path).isFile()) return false;
  const { size } = statSync(path);
  const end = Buffer.alloc(MARK.length);
  const file = openSync(path, 'r');
  readSync(file, end, 0, end.length, Math.max(0, size - end.length));
  closeSync(file);
  return end.equals(MARK);
}

export interface StoredTrace extends RecordedTrace {
  readonly origin: TraceOrigin;
}

export function readTraceFile(path: string): StoredTrace {
  const bytes = readFileSync(path);
  const end = bytes.length - MARK.length;
  if (end < LENGTH_BYTES || !bytes.subarray(end).equals(MARK)) {
    throw new UsageError(`${path} is no trace, or was not finished`);
  }
  const length = bytes.readUInt32LE(end - LENGTH_BYTES);
  const start = end - LENGTH_BYTES - length;
  if (start < 0 || start % BLOCK_BYTES !== 0) throw new UsageError(`${path}: the trace is damaged`);
  const { origin, ...index } = JSON.parse(bytes.toString('utf8', start, start + length)) as Stored;
  const blocks: ArrayBuffer[] = [];
  for (let at = 0; at < start; at += BLOCK_BYTES) {
    blocks.push(Uint8Array.from(bytes.subarray(at, at + BLOCK_BYTES)).buffer);
  }
  return { index, blocks, origin };
}

type Stored = TraceIndex & { readonly origin: TraceOrigin };
