/** X-CAN-02, X-FMT-01, X-PAD-01, X-PAD-03: byte layouts, for all lengths and contents. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { bytesOf, decodeBase64url, encodeBase64url } from '../../../reference/wire/base64url.ts';
import { decodeFrame, encodeFrame } from '../../../reference/wire/frame.ts';
import { bucketFor, isBucket, pad, unpad } from '../../../reference/wire/padding.ts';

const must = createMust();
const bytes = fc.uint8Array({ maxLength: 300 });

describe('base64url', () => {
  test('gives back every byte string, in the text of the platform', () =>
    fc.assert(
      fc.property(bytes, (value) => {
        const text = encodeBase64url(value);
        expect(text).toBe(Buffer.from(value).toString('base64url'));
        expect(decodeBase64url(text, must)).toEqual({ ok: true, value });
        expect(bytesOf(text)).toEqual(value);
      }),
    ));
  test('has one text for each byte string: what decodes encodes to itself', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_\-+/= ]{0,9}$/), (text) => {
        const result = decodeBase64url(text, must);
        const again = encodeBase64url(bytesOf(text));
        expect(result.ok).toBe(again === text);
      }),
      { numRuns: 2000 },
    ));
});

describe('a frame', () => {
  const frames = fc.record({
    major: fc.nat(255),
    code: fc.nat(255),
    messageId: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    sequenceNumber: fc.maxSafeNat(),
    previousHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    ciphertext: bytes,
  });
  test('is read as it was written', () =>
    fc.assert(
      fc.property(frames, (frame) => {
        const result = decodeFrame(encodeFrame(frame), { maxBytes: 1000, must });
        expect(result).toEqual({ ok: true, value: frame });
      }),
    ));
  test('of random bytes is read or refused, never thrown', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const result = decodeFrame(noise, { maxBytes: 150, must });
        if (result.ok) expect(encodeFrame(result.value)).toEqual(noise);
      }),
    ));
});

describe('padding', () => {
  const tenths = fc.constantFrom(10, 13, 16, 20);
  test('X-PAD-03, X-PAD-05: comes off again, whatever the multiplier', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), tenths, (plaintext, multiplier) => {
        expect(unpad(pad(plaintext, multiplier), must)).toEqual({ ok: true, value: plaintext });
      }),
    ));
  test('X-PAD-01: makes a size of the set that holds the plaintext and no larger than it must', () =>
    fc.assert(
      fc.property(fc.nat(400_000), (length) => {
        const bucket = bucketFor(length);
        expect(isBucket(bucket)).toBe(true);
        expect(bucket).toBeGreaterThanOrEqual(length + 20);
        const smaller = bucket > 65_536 ? bucket - 65_536 : bucket / 2;
        expect(bucket === 512 || smaller < length + 20).toBe(true);
      }),
    ));
  test('X-PAD-05: never shrinks under a multiplier, and the set of sizes stays the same', () =>
    fc.assert(
      fc.property(fc.nat(400_000), tenths, (length, multiplier) => {
        const bucket = bucketFor(length, multiplier);
        expect(bucket).toBeGreaterThanOrEqual(bucketFor(length));
        expect(isBucket(bucket)).toBe(true);
      }),
    ));
  test('X-PAD-03: with any single byte behind the plaintext changed is refused', () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 490 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (plaintext, place, flip) => {
          const padded = pad(plaintext);
          const room = padded.length - 4 - plaintext.length;
          const at = 4 + plaintext.length + (place % room);
          padded[at] = (padded[at] ?? 0) ^ flip;
          expect(unpad(padded, must).ok).toBe(false);
        },
      ),
    ));
});
