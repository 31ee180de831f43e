/** V-CAN: canonical text and its hash; the published values of the vector documents. */
import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../../reference/assert.ts';
import { canonicalBytes, canonicalText, without } from '../../../reference/wire/canonical.ts';
import { dropNulls, type Json } from '../../../reference/wire/json.ts';

const authRequest = {
  type: 'auth_request',
  user_id: 'alice@example.org',
  device_id: '550e8400-e29b-41d4-a716-446655440000',
  timestamp: 1734900000,
};

describe('canonical form', () => {
  test('of the auth_request of TV §2 is the known text with the known hash', () => {
    expect(canonicalText(authRequest)).toBe(
      '{"device_id":"550e8400-e29b-41d4-a716-446655440000","timestamp":1734900000,' +
        '"type":"auth_request","user_id":"alice@example.org"}',
    );
    expect(bytesToHex(blake3(canonicalBytes(authRequest)))).toBe(
      '7dee93e66333804710bc4ae1bc484e5ea62aa1b979a3ac910e2929c60a0e561a',
    );
  });
  test('of the first audit entry gives the known chain head', () => {
    const genesis = new Uint8Array(32);
    const head = blake3(new Uint8Array([...genesis, ...canonicalBytes({ a: 1 })]));
    expect(bytesToHex(head)).toBe(
      '7e94084bce94902db91a1fcd90448c118e748e57c8c812348e09af0d03830054',
    );
  });
  test.each<[string, Json, string]>([
    ['null members are absent', { a: null, b: { c: null } }, '{"b":{}}'],
    ['null items are items', [null, { a: null }], '[null,{}]'],
    ['empty lists, maps and strings are kept', { a: [], b: {}, c: '' }, '{"a":[],"b":{},"c":""}'],
    [
      'names are ordered by UTF-16 code units',
      { '\ufb33': 1, '\u{1f600}': 2, a: 3, '1': 4, '': 5 },
      '{"":5,"1":4,"a":3,"\u{1f600}":2,"\ufb33":1}',
    ],
    ['numeric names are texts', { 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    [
      'control characters are escaped as in RFC 8785',
      '\u0000\b\t\n\f\r\u001f"\\/\u007f\u2028é\u{1f600}',
      '"\\u0000\\b\\t\\n\\f\\r\\u001f\\"\\\\/\u007f\u2028é\u{1f600}"',
    ],
    ['a decimal', 95.5, '95.5'],
    ['the greatest integer', 2 ** 53 - 1, '9007199254740991'],
    ['negative zero', -0, '0'],
    ['a large number as ECMAScript has it', 1e21, '1e+21'],
    ['words', [true, false], '[true,false]'],
  ])('%s', (_, value, text) => {
    expect(canonicalText(value)).toBe(text);
  });
  test.each<[string, Json]>([
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['infinity', Number.POSITIVE_INFINITY],
    ['what is no number', Number.NaN],
  ])('%s has none, which is our own mistake', (_, value) => {
    expect(() => canonicalText(value)).toThrow(InvariantError);
  });
});

describe('without', () => {
  test('removes the one member that is being signed and no other', () => {
    const message = { ...authRequest, signature: 'AA', origin_signature: 'BB' };
    expect(without(message, 'signature')).toEqual({ ...authRequest, origin_signature: 'BB' });
    expect(message.signature).toBe('AA');
  });
  test('keeps a member named __proto__', () => {
    const message = JSON.parse('{"__proto__":1,"signature":"AA"}');
    expect(canonicalText(without(message, 'signature'))).toBe('{"__proto__":1}');
  });
});

describe('dropNulls', () => {
  test('shares what has no null and copies the rest', () => {
    const inner = { a: 1 };
    const same = { inner, list: [inner, null] };
    expect(dropNulls(same)).toBe(same);
    const dropped = dropNulls({ inner, gone: null, list: [{ x: null }] });
    expect(dropped).toEqual({ inner: { a: 1 }, list: [{}] });
    expect(dropNulls({ outer: { x: null, list: [null] } })).toEqual({ outer: { list: [null] } });
    expect((dropped as { inner: object }).inner).toBe(inner);
  });
  test('keeps a member named __proto__', () => {
    const dropped = dropNulls(JSON.parse('{"__proto__":{"a":1},"b":null}'));
    expect(Object.keys(dropped)).toEqual(['__proto__']);
  });
});
