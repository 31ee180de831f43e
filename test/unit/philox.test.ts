/** Philox4x32-10 against the known answers that its authors publish (Random123, kat_vectors). */
import { expect, test } from 'vitest';
import { type Block, createStream, philox } from '../../sim/philox.ts';

const all = 0xffffffff;
const known: readonly (readonly [Block, readonly [number, number], Block])[] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [all, all, all, all],
    [all, all],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

test.each(known)('gives the published words for counter %j and key %j', (counter, key, words) => {
  expect(philox(counter, key)).toEqual(words);
});

test('streams of different names share no beginning, and the same name repeats', () => {
  const first = (purpose: number, entity = 0) => createStream({ seed: 1, entity, purpose }).word();
  expect(first(1)).toBe(first(1));
  expect(new Set([first(1), first(2), first(1, 1), first(2, 1)]).size).toBe(4);
});

test('draws below a bound stay below it and meet every value', () => {
  const stream = createStream({ seed: 7, entity: 0, purpose: 1 });
  const seen = new Set(Array.from({ length: 200 }, () => stream.below(6)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
});
