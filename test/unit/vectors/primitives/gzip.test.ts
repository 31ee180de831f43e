import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { hex, seeded } from '../../../../vectors/generate/primitives/bytes.ts';
import { gzip, gzipLength } from '../../../../vectors/generate/primitives/gzip.ts';

const sizes = [
  [0, 0],
  [0, 1],
  [0, 258],
  [0, 259],
  [0, 260],
  [1, 0],
  [4096, 100_000],
  [65_535, 7],
  [65_536, 517],
  [140_000, 3],
] as const;

test.each(sizes)('gunzip reads %i stored bytes and %i zeros as they were', (stored, zeros) => {
  const { bytes, text } = gzip(seeded('stored', stored), zeros);
  expect(text.length).toBe(stored + zeros);
  expect(hex(gunzipSync(bytes))).toBe(hex(text));
  expect(bytes.length).toBe(gzipLength(stored, zeros));
});
