/** X-CAN-02: one text for the same bytes, and no other. */
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import {
  bytesOf,
  decodeBase64url,
  encodeBase64url,
  encodePortably,
} from '../../../reference/wire/base64url.ts';

const must = createMust();
const careless = createMust({ off: new Set(['X-CAN-02']) });

describe('base64url', () => {
  test.each([
    ['', []],
    ['AA', [0]],
    ['_w', [255]],
    ['-_8', [251, 255]],
    ['AQID', [1, 2, 3]],
    ['Zm9vYmE', [102, 111, 111, 98, 97]],
  ])('%s', (text, values) => {
    expect(encodeBase64url(Uint8Array.from(values))).toBe(text);
    expect(decodeBase64url(text, must)).toEqual({ ok: true, value: Uint8Array.from(values) });
  });
  test.each([
    ['padding', 'AA==', [0]],
    ['padding of two bytes', 'AAA=', [0, 0]],
    ['the plain alphabet', '+/8', [251, 255]],
    ['a single character left over', 'AAAAA', [0, 0, 0]],
    ['unused bits after one byte', 'AB', [0]],
    ['unused bits after two bytes', 'AAB', [0, 0]],
    ['a space', 'AA AA', [0, 0, 0]],
    ['a line break', 'AAAA\n', [0, 0, 0]],
    ['a character beyond ASCII', 'AAAé', [0, 0]],
    ['a character beyond U+FFFF', 'AA\u{1f600}', [0]],
    ['NUL', 'AAA\0', [0, 0]],
  ])('%s is refused, and read over without the guard', (_, text, values) => {
    expect(decodeBase64url(text, must)).toMatchObject({
      ok: false,
      error: { requirement: 'X-CAN-02' },
    });
    expect(decodeBase64url(text, careless)).toEqual({ ok: true, value: Uint8Array.from(values) });
    expect(bytesOf(text)).toEqual(Uint8Array.from(values));
  });
});

test.each([0, 1, 2, 3, 32, 94, 1040])('%d bytes are one text, whoever writes it', (length) => {
  const bytes = Uint8Array.from({ length }, (_, at) => (at * 167 + length) & 0xff);
  const expected = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  expect(encodeBase64url(bytes)).toBe(expected);
  expect(encodePortably(bytes)).toBe(expected);
});
