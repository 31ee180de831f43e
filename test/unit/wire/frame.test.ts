/** V-FRM, V-AAD: the two byte layouts. */
import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { createMust, InvariantError } from '../../../reference/assert.ts';
import { type AadFields, encodeAad } from '../../../reference/wire/aad.ts';
import { createCodeTable, decodeFrame, encodeFrame } from '../../../reference/wire/frame.ts';
import { aadV1, binaryFrame, widthBytes } from '../../../spec/messages/common/byte-layouts.ts';
import { declarations } from '../../../spec/messages.ts';

const options = { maxBytes: 1 << 20, must: createMust() };
const id = '4d3c2b1a09084706bfeeddccbbaa9988';
const frame = {
  major: 2,
  code: 0x10,
  messageId: hexToBytes(id),
  sequenceNumber: 5,
  previousHash: new Uint8Array(32).fill(7),
  ciphertext: new Uint8Array(16).fill(9),
};

describe('a binary frame', () => {
  test('has a header of 62 bytes in the order of the layout', () => {
    const bytes = encodeFrame(frame);
    expect(bytes.length).toBe(62 + 16);
    expect(widthBytes(binaryFrame)).toBe(62);
    expect(Buffer.from(bytes).toString('hex')).toBe(
      ['021000000010', id, '0000000000000005', '07'.repeat(32), '09'.repeat(16)].join(''),
    );
  });
  test('is read as it was written', () => {
    expect(decodeFrame(encodeFrame(frame), options)).toEqual({ ok: true, value: frame });
    const empty = { ...frame, ciphertext: new Uint8Array(0), sequenceNumber: 2 ** 53 - 1 };
    expect(decodeFrame(encodeFrame(empty), options)).toEqual({ ok: true, value: empty });
  });
  test('is refused when it is cut at any byte', () => {
    const bytes = encodeFrame(frame);
    for (let length = 0; length < bytes.length; length += 1) {
      const result = decodeFrame(bytes.subarray(0, length), options);
      expect(result, `cut at ${length}`).toMatchObject({ error: { requirement: 'X-FMT-01' } });
    }
  });
  test('is refused with a byte too many, and with a second frame behind it', () => {
    const bytes = encodeFrame(frame);
    for (const tail of [[0], [...bytes]]) {
      const long = Uint8Array.from([...bytes, ...tail]);
      expect(decodeFrame(long, options)).toMatchObject({
        error: { requirement: 'X-FMT-01', offset: 2 },
      });
    }
  });
  test('is refused when it claims 2^32 − 1 bytes', () => {
    const bytes = encodeFrame(frame);
    bytes.fill(255, 2, 6);
    expect(decodeFrame(bytes, options)).toMatchObject({ error: { requirement: 'X-FMT-01' } });
  });
  test('is refused above the size limit before anything else', () => {
    expect(decodeFrame(encodeFrame(frame), { ...options, maxBytes: 77 })).toMatchObject({
      error: { requirement: 'X-FMT-03' },
    });
  });
  test('is refused with a sequence number that no party may reach', () => {
    const bytes = encodeFrame(frame);
    bytes[22] = 255;
    expect(decodeFrame(bytes, options)).toMatchObject({
      error: { requirement: 'X-CAN-06', offset: 22 },
    });
  });
  test('is read somehow at any length without its guard', () => {
    const careless = { ...options, must: createMust({ off: new Set(['X-FMT-01']) }) };
    const bytes = Uint8Array.from([...encodeFrame(frame), 1, 2, 3]);
    for (let length = 0; length <= bytes.length; length += 1) {
      expect(decodeFrame(bytes.subarray(0, length), careless)).toMatchObject({ ok: true });
    }
    expect(decodeFrame(bytes, careless)).toEqual({ ok: true, value: frame });
  });
  test('that we could not write is our own mistake', () => {
    expect(() => encodeFrame({ ...frame, major: 256 })).toThrow(InvariantError);
    expect(() => encodeFrame({ ...frame, messageId: new Uint8Array(15) })).toThrow(InvariantError);
    expect(() => encodeFrame({ ...frame, sequenceNumber: 2 ** 53 })).toThrow(InvariantError);
  });
});

describe('the code table', () => {
  const table = createCodeTable(declarations);
  test('X-FMT-02: finds every declared type by its code and back', () => {
    for (const { type, code } of declarations) {
      expect(table.codeOf(type)).toBe(code);
      if (code !== null) expect(table.typeOf(code)).toBe(type);
    }
    expect(table.typeOf(0x10)).toBe('message_send');
  });
  test('knows nothing of other codes and types', () => {
    expect(table.typeOf(0xff)).toBeNull();
    expect(table.codeOf('no_such_type')).toBeNull();
  });
  test('refuses to be built with one code for two types', () => {
    const twice = [
      { type: 'a', code: 1 },
      { type: 'b', code: 1 },
    ];
    expect(() => createCodeTable(twice)).toThrow(InvariantError);
  });
});

describe('AAD_v1', () => {
  const fields: AadFields = {
    major: 2,
    minor: 0,
    messageTypeCode: 0x10,
    sequenceNumber: 5,
    messageId: frame.messageId,
    ciphertextBytes: 512,
    previousHash: new Uint8Array(32),
    transcriptHash: new Uint8Array(32),
  };
  test('X-AAD-01, X-AAD-02: is the 95 bytes of V-AAD', () => {
    const expected = `0200100000000000000005${id}00000200${'00'.repeat(64)}`;
    expect(Buffer.from(encodeAad(fields)).toString('hex')).toBe(expected);
    expect(widthBytes(aadV1)).toBe(95);
  });
  test('differs with every field', () => {
    const other = new Uint8Array(32).fill(1);
    const variants: Partial<AadFields>[] = [
      { major: 1 },
      { minor: 1 },
      { messageTypeCode: 0x40 },
      { sequenceNumber: 6 },
      { messageId: other.slice(0, 16) },
      { ciphertextBytes: 1024 },
      { previousHash: other },
      { transcriptHash: other },
    ];
    const texts = [{}, ...variants].map((change) => encodeAad({ ...fields, ...change }).join());
    expect(new Set(texts).size).toBe(9);
  });
  test.each<Partial<AadFields>>([
    { major: 256 },
    { minor: -1 },
    { messageTypeCode: 0.5 },
    { sequenceNumber: 2 ** 53 },
    { ciphertextBytes: 2 ** 32 },
    { previousHash: new Uint8Array(31) },
  ])('does not hold %o', (change) => {
    expect(() => encodeAad({ ...fields, ...change })).toThrow(InvariantError);
  });
});
