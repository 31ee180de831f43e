/**
 * Gzip of bytes that are stored as they are, followed by zeros that are a run: whatever ratio is
 * wanted, and the same bytes on every machine, which no library promises.
 */
import { crc32 } from 'node:zlib';
import { concat, filled, fromHex } from './bytes.ts';

const STORED_BYTES = 0xffff;
const RUN = 258;

export interface Zipped {
  readonly bytes: Uint8Array;
  readonly text: Uint8Array;
}

export function gzip(stored: Uint8Array, zeros: number): Zipped {
  const text = concat(stored, filled(zeros, 0));
  const bytes = concat(
    fromHex('1f8b08000000000000ff'), // deflate, no flags, no time, no system
    ...storedBlocks(stored),
    runOfZeros(zeros),
    littleEndian(crc32(text)),
    littleEndian(text.length),
  );
  return { bytes, text };
}

/** What `gzip` of these would take, without making it. */
export function gzipLength(stored: number, zeros: number): number {
  const heads = 5 * Math.ceil(stored / STORED_BYTES);
  return 10 + stored + heads + Math.ceil(bitsOf(zeros) / 8) + 8;
}

const bitsOf = (zeros: number): number => {
  const { runs, single } = partsOf(zeros);
  return 3 + 13 * runs + 8 * single + 7;
};

/** A first zero that the runs copy, and those that fill none. */
function partsOf(zeros: number): { readonly runs: number; readonly single: number } {
  const runs = Math.floor(Math.max(0, zeros - 1) / RUN);
  return { runs, single: zeros - runs * RUN };
}

function storedBlocks(stored: Uint8Array): Uint8Array[] {
  const count = Math.ceil(stored.length / STORED_BYTES);
  return Array.from({ length: count }, (_, at) => {
    const part = stored.slice(at * STORED_BYTES, (at + 1) * STORED_BYTES);
    const length = littleEndian(part.length).slice(0, 2);
    return concat(
      Uint8Array.of(0),
      length,
      length.map((byte) => byte ^ 0xff),
      part,
    );
  });
}

/** The last block, in the fixed code: zero is 00110000, a run of 258 is 11000101, back by one 00000. */
function runOfZeros(zeros: number): Uint8Array {
  const { runs, single } = partsOf(zeros);
  const text = `1${'10'}${'00110000'.repeat(single)}${'1100010100000'.repeat(runs)}0000000`;
  const bytes = text.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(bytes, (bits) => Number.parseInt([...bits].reverse().join(''), 2));
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.from([0, 8, 16, 24], (shift) => (value >>> shift) & 0xff);
}
