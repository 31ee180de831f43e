/** V-PAD: sizes, and the padding that a sender may not choose. */
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { bucketFor, isBucket, pad, unpad } from '../../../reference/wire/padding.ts';

const must = createMust();
const text = new TextEncoder().encode('Hello, NORC!');

describe('bucketFor', () => {
  test.each([
    [0, 512],
    [491, 512],
    [492, 512],
    [493, 1024],
    [1004, 1024],
    [1005, 2048],
    [65_516, 65_536],
    [65_517, 131_072],
    [131_053, 196_608],
    [195, 512], // the manifest of TV §12
  ])('%i bytes of plaintext make %i of ciphertext', (plaintext, ciphertext) => {
    expect(bucketFor(plaintext)).toBe(ciphertext);
    expect(isBucket(ciphertext)).toBe(true);
  });
  test.each([
    [373, 13, 512], // 393 · 1.3 = 510.9
    [374, 13, 1024], // 394 · 1.3 = 512.2
    [300, 16, 512], // 320 · 1.6 = 512 exactly
    [301, 16, 1024],
    [236, 20, 512],
    [237, 20, 1024],
    [32_749, 20, 131_072],
  ] as const)('%i bytes with multiplier %i/10 make %i', (plaintext, tenths, ciphertext) => {
    expect(bucketFor(plaintext, tenths)).toBe(ciphertext);
    expect(pad(new Uint8Array(plaintext), tenths).length).toBe(ciphertext - 16);
  });
});

describe('unpad', () => {
  test('gives back what was padded', () => {
    expect(unpad(pad(text), must)).toEqual({ ok: true, value: text });
  });
  test.each([0, 1, 15, 496 - 1, 496 + 1, 500, 1009, 65_536])('%i bytes is no bucket', (length) => {
    expect(unpad(new Uint8Array(length), must)).toMatchObject({
      error: { requirement: 'X-PAD-01' },
    });
  });
  test('refuses a fill that is not zero, at its first and last byte', () => {
    for (const at of [4 + text.length, 495]) {
      const padded = pad(text);
      padded[at] = 1;
      expect(unpad(padded, must)).toMatchObject({ error: { requirement: 'X-PAD-03' } });
    }
  });
  test('refuses a length that is too large', () => {
    for (const length of [493, 0xffffffff]) {
      const padded = pad(text);
      new DataView(padded.buffer).setUint32(0, length);
      expect(unpad(padded, must)).toMatchObject({ error: { requirement: 'X-PAD-03', offset: 0 } });
    }
  });
  test('reads the same in a larger buffer', () => {
    const padded = pad(text);
    const larger = new Uint8Array(padded.length + 7);
    larger.set(padded, 7);
    expect(unpad(larger.subarray(7), must)).toEqual({ ok: true, value: text });
  });
  test('reads something from anything without its guards', () => {
    const careless = createMust({ off: new Set(['X-PAD-01', 'X-PAD-03']) });
    for (const length of [0, 3, 4, 5, 496]) {
      expect(unpad(new Uint8Array(length).fill(255), careless)).toMatchObject({ ok: true });
    }
  });
});
