/** X-CAN-05 to 07, X-FMT-03: what a strict reader refuses and where, and what mutants do. */
import { describe, expect, test } from 'vitest';
import { createMust, type Exercised } from '../../../reference/assert.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';

const utf8 = new TextEncoder();
const maxBytes = 1 << 20;

function parse(input: string | Uint8Array, off: readonly RequirementId[] = []) {
  const bytes = typeof input === 'string' ? utf8.encode(input) : input;
  return parseStrict(bytes, { maxBytes, must: createMust({ off: new Set(off) }) });
}

function bytes(...parts: (string | number)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'number' ? [part] : [...utf8.encode(part)])),
  );
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a duplicate name', () => {
  const twice = '{"decision":"accept","decision":"reject"}';
  test('is refused where it stands', () => {
    expect(parse(twice)).toMatchObject({
      ok: false,
      error: { requirement: 'X-CAN-05', offset: 21 },
    });
  });
  test('is refused when only an escape tells them apart', () => {
    expect(parse('{"a":1,"\\u0061":2}')).toMatchObject({ error: { requirement: 'X-CAN-05' } });
  });
  test('is refused when the first value is null', () => {
    expect(parse('{"a":null,"a":2}')).toMatchObject({ error: { requirement: 'X-CAN-05' } });
  });
  test('is refused at any depth', () => {
    expect(parse('{"a":[{"b":{"c":1,"c":1}}]}')).toMatchObject({
      error: { requirement: 'X-CAN-05' },
    });
  });
  test('is no concern of another object', () => {
    expect(parse('[{"a":1},{"a":2}]')).toEqual({ ok: true, value: [{ a: 1 }, { a: 2 }] });
  });
  test('is decided by the last without the guard', () => {
    expect(parse(twice, ['X-CAN-05'])).toEqual({ ok: true, value: { decision: 'reject' } });
  });
});

describe('numbers', () => {
  test.each([
    ['9007199254740992', 9007199254740992],
    ['-9007199254740992', -9007199254740992],
    ['9007199254740993', 9007199254740992],
    ['12345678901234567890', 12345678901234567000],
    ['1e400', Number.MAX_VALUE],
    ['-1e400', -Number.MAX_VALUE],
    ['1e300', 1e300],
    ['-0', -0],
    ['-0.0', -0],
    ['-0e5', -0],
    ['1e-400', 0],
    ['-1e-400', -0],
  ])('%s would lose its meaning and is refused', (text, careless) => {
    const result = parse(`{"n": ${text}}`);
    expect(result).toMatchObject({ error: { requirement: 'X-CAN-06', offset: 6 } });
    expect(parse(text, ['X-CAN-06'])).toEqual({ ok: true, value: careless });
  });
  test.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['0', 0],
    ['-1', -1],
    ['95.5', 95.5],
    ['1E2', 100],
    ['1.0', 1],
    ['0.000e1', 0],
    ['5e-1', 0.5],
    ['0.1', 0.1],
    ['123456789012345', 123456789012345],
    ['1234567890123456', 1234567890123456],
  ])('%s is read', (text, value) => {
    expect(parse(text)).toEqual({ ok: true, value });
  });
  test.each(['01', '-01', '00', '+1', '.5', '5.', '1e', '1e+', '-', '--1', '0x10', '1_000', 'NaN'])(
    '%s is not JSON',
    (text) => {
      expect(parse(text)).toMatchObject({ error: { requirement: 'X-CAN-01' } });
    },
  );
  test.each(['Infinity', '-Infinity', 'nan', 'undefined', 'True', 'nul', 'nulL', 'tru', 'falsey'])(
    'the word %s is not JSON',
    (text) => {
      expect(parse(text)).toMatchObject({ ok: false, error: { requirement: 'X-CAN-01' } });
    },
  );
});

describe('text', () => {
  test.each([
    ['a byte order mark', bytes(0xef, 0xbb, 0xbf, '{}'), 0],
    ['an overlong slash', bytes('"', 0xc0, 0xaf, '"'), 1],
    ['an overlong NUL', bytes('"', 0xe0, 0x80, 0x80, '"'), 1],
    ['a surrogate in UTF-8', bytes('"x', 0xed, 0xa0, 0x80, '"'), 2],
    ['a code point beyond Unicode', bytes('"', 0xf4, 0x90, 0x80, 0x80, '"'), 1],
    ['a lead byte above F4', bytes('"', 0xf5, 0x80, 0x80, 0x80, '"'), 1],
    ['an overlong form of two bytes', bytes('"', 0xc1, 0xbf, '"'), 1],
    ['an overlong form of three bytes', bytes('"', 0xe0, 0x9f, 0xbf, '"'), 1],
    ['an overlong form of four bytes', bytes('"', 0xf0, 0x8f, 0xbf, 0xbf, '"'), 1],
    ['a stray continuation byte', bytes('"', 0x80, '"'), 1],
    ['a sequence cut by a quote', bytes('"é', 0xe2, 0x82, '"'), 3],
    ['a sequence cut by the end', bytes('"', 0xf0, 0x9f, 0x98), 1],
    ['a lone high surrogate', utf8.encode('"ab\\ud83d"'), 3],
    ['a high surrogate before another escape', utf8.encode('"\\ud83d\\n"'), 1],
    ['two high surrogates', utf8.encode('"\\ud83d\\ud83d\\ude00"'), 1],
    ['a lone low surrogate', utf8.encode('"\\ude00"'), 1],
    ['a lone surrogate in a name', utf8.encode('{"\\ud800":1}'), 2],
  ])('with %s is refused, and survives a careless reader', (_, input, offset) => {
    expect(parse(input)).toMatchObject({ error: { requirement: 'X-CAN-07', offset } });
    const careless = parse(input, ['X-CAN-07']);
    // What a careless reader lets in can still be written: no fault of a peer throws.
    if (careless.ok) expect(() => canonicalText(careless.value)).not.toThrow();
  });
  test('may be at the edges of what UTF-8 holds', () => {
    for (const edge of [
      '\u007f',
      '\u0080',
      '\u07ff',
      '\u0800',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{10ffff}',
    ]) {
      expect(parse(`"${edge}"`)).toEqual({ ok: true, value: edge });
    }
  });
  test('keeps what it is: no Unicode normalisation', () => {
    expect(parse('["é","e\u0301"]')).toEqual({ ok: true, value: ['é', 'e\u0301'] });
  });
  test('may be escaped', () => {
    const text =
      '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\uD83D\\uDE00 \u{1f600} and more than sixteen"';
    expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });
  test('keeps a byte order mark that is content', () => {
    expect(parse('"\ufeff and what follows it"')).toEqual({
      ok: true,
      value: '\ufeff and what follows it',
    });
  });
  test.each(['"\\x"', '"\\u12"', '"\\u12g4"', '"\\', '"abc', '"\\u', "'a'"])(
    '%s is not JSON',
    (text) => {
      expect(parse(text)).toMatchObject({ error: { requirement: 'X-CAN-01' } });
    },
  );
});

describe('structure', () => {
  test.each(['', ' ', '{', '[', '{"a"', '{"a":', '{"a":1', '{"a" 1}', '{a:1}', '[1 2]', '[1,,2]'])(
    '%j is not JSON',
    (text) => {
      expect(parse(text)).toMatchObject({ error: { requirement: 'X-CAN-01' } });
      expect(parse(text, ['X-CAN-01'])).toMatchObject({ ok: false });
    },
  );
  test.each([
    ['a trailing comma', '[1,2,]', [1, 2]],
    ['a trailing comma in an object', '{"a":1, }', { a: 1 }],
    ['text behind the value', '{"a":1} x', { a: 1 }],
    ['a second value', '{"a":1}{"a":2}', { a: 1 }],
    ['a bare control character', '"a\tb"', 'a\tb'],
    ['a bare line break in a name', '{"a\nb":1}', { 'a\nb': 1 }],
  ])('%s is refused, and read over by a careless reader', (_, text, careless) => {
    expect(parse(text)).toMatchObject({ error: { requirement: 'X-CAN-01' } });
    expect(parse(text, ['X-CAN-01'])).toEqual({ ok: true, value: careless });
  });
  test('white space is the four characters of JSON', () => {
    expect(parse(' \t\r\n{ "a" :\n[ ] , "b" : { } } ')).toEqual({
      ok: true,
      value: { a: [], b: {} },
    });
    expect(parse('\u00a0{}')).toMatchObject({ ok: false });
    expect(parse('\v{}')).toMatchObject({ ok: false });
  });
  test('nests 32 deep and no deeper', () => {
    expect(parse(nested(32))).toMatchObject({ ok: true });
    expect(parse(nested(33))).toMatchObject({ error: { requirement: 'X-FMT-03', offset: 32 } });
    expect(parse('{"a":'.repeat(33))).toMatchObject({ error: { requirement: 'X-FMT-03' } });
  });
  test('breadth is not depth', () => {
    expect(parse(`[${Array(1000).fill('[[]]').join()}]`)).toMatchObject({ ok: true });
  });
  test('nests deeper without the guard, but never as deep as the stack', () => {
    expect(parse(nested(33), ['X-FMT-03'])).toMatchObject({ ok: true });
    expect(parse(nested(400_000), ['X-FMT-03'])).toMatchObject({ ok: false });
  });
  test('is not read at all when it is too large', () => {
    const must = createMust();
    const input = utf8.encode('[1,2]');
    expect(parseStrict(input, { maxBytes: 5, must })).toMatchObject({ ok: true });
    expect(parseStrict(input, { maxBytes: 4, must })).toMatchObject({
      error: { requirement: 'X-FMT-03' },
    });
  });
});

describe('a member named __proto__', () => {
  test('is a member', () => {
    const result = parse('{"__proto__":{"admin":true},"b":1}');
    if (!result.ok) throw new Error('refused');
    expect(Object.keys(result.value as object)).toEqual(['__proto__', 'b']);
    expect((result.value as { admin?: boolean }).admin).toBeUndefined();
    expect(canonicalText(result.value)).toBe('{"__proto__":{"admin":true},"b":1}');
  });
  test('may not stand twice', () => {
    expect(parse('{"__proto__":1,"__proto__":2}')).toMatchObject({
      error: { requirement: 'X-CAN-05' },
    });
  });
  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    'nor is %s special',
    (name) => {
      expect(parse(`{"${name}":1}`)).toEqual({ ok: true, value: { [name]: 1 } });
    },
  );
});

test('a run reports which of the rules of reading it exercised', () => {
  const exercised: Exercised = new Map();
  const must = createMust({ exercised });
  parseStrict(utf8.encode('{"a":1}'), { maxBytes, must });
  parseStrict(utf8.encode('{"a":1,"a":1}'), { maxBytes, must });
  expect(exercised.get('X-CAN-05')).toEqual({ held: 1, broken: 1 });
  expect(exercised.get('X-FMT-03')).toEqual({ held: 2, broken: 0 });
});
