/**
 * A trace on disk: the blocks as they are, then what is needed to read them as JSON, then the length
 * of that in four bytes and the mark of the format.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { RecordedTrace } from '../../sim/trace/divergence.ts';
import { BLOCK_BYTES, type TraceIndex } from '../../sim/trace/trace.ts';
import { UsageError } from '../usage-error.ts';

const MARK = Buffer.from('NORCSIM1');
const LENGTH_BYTES = 4;

export interface TraceFile {
  block(block: ArrayBuffer): void;
  close(index: TraceIndex): void;
}

export function createTraceFile(path: string): TraceFile {
  const file = open(path);
  return {
    block: (block) => void writeSync(file, new Uint8Array(block)),
    close(index) {
      const text = Buffer.from(JSON.stringify(index));
      const length = Buffer.alloc(LENGTH_BYTES);
      length.writeUInt32LE(text.length);
      writeSync(file, Buffer.concat([text, length, MARK]));
      closeSync(file);
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    throw new UsageError(`--trace ${path}: cannot be written to (${code}); name another file`);
  }
}

export function readTraceFile(path: string): RecordedTrace {
  const bytes = readFileSync(path);
  const end = bytes.length - MARK.length;
  if (end < LENGTH_BYTES || !bytes.subarray(end).equals(MARK)) {
    throw new UsageError(`${path} is no trace, or was not finished`);
  }
  const length = bytes.readUInt32LE(end - LENGTH_BYTES);
  const start = end - LENGTH_BYTES - length;
  const index = JSON.parse(bytes.toString('utf8', start, start + length)) as TraceIndex;
  const blocks: ArrayBuffer[] = [];
  for (let at = 0; at < start; at += BLOCK_BYTES) {
    blocks.push(Uint8Array.from(bytes.subarray(at, at + BLOCK_BYTES)).buffer);
  }
  return { index, blocks };
}
