/** What is not JSON, or could mean two things. */
import type { Draft, Grounds } from '../../category.ts';
import { concat, fromHex, utf8 } from '../../primitives/bytes.ts';
import { grounds, refuses } from './scene.ts';

const RFC_NUMBERS = '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]}';

const NUMBERS = {
  'two-to-the-53': '9007199254740992',
  'minus-two-to-the-53': '-9007199254740992',
  'two-to-the-53-plus-one': '9007199254740993',
  'two-to-the-64': '18446744073709551616',
  'two-to-the-64-less-one': '18446744073709551615',
  'twenty-nines': '99999999999999999999',
  'minus-zero': '-0',
  'minus-zero-with-fraction': '-0.0',
  'minus-zero-with-exponent': '-0e1',
  'beyond-a-double': '1e400',
  'minus-beyond-a-double': '-1e400',
  'large-by-exponent': '1e16',
  'rfc-8785-1e30': '1E30',
} as const;

const GRAMMAR = {
  nan: 'NaN',
  infinity: 'Infinity',
  'minus-infinity': '-Infinity',
  'leading-zero': '01',
  'minus-leading-zero': '-01',
  'plus-sign': '+1',
  'leading-point': '.5',
  'trailing-point': '1.',
  'exponent-without-digits': '1e',
  'signed-exponent-without-digits': '1e+',
  'two-points': '1.2.3',
  'two-signs': '--1',
  'lone-minus': '-',
  'hexadecimal-number': '0x10',
  'digit-separator': '1_000',
  'full-width-digit': '\uff11',
  'trailing-comma-in-map': '{"a":1,}',
  'trailing-comma-in-list': '[1,]',
  'leading-comma': '[,1]',
  'two-commas': '[1,,2]',
  'missing-comma-in-list': '[1 2]',
  'missing-comma-in-map': '{"a":1 "b":2}',
  'missing-colon': '{"a" 1}',
  'two-colons': '{"a"::1}',
  'missing-value': '{"a":}',
  'name-without-quotes': '{a:1}',
  'name-is-a-number': '{1:2}',
  'single-quotes': "{'a':1}",
  'line-comment': '{"a":1}//',
  'block-comment': '{/**/"a":1}',
  'hash-comment': '{"a":1}#',
  'unclosed-map': '{"a":1',
  'unclosed-list': '[1',
  'unclosed-string': '"a',
  'wrong-closing-bracket': '[1}',
  'closing-bracket-too-many': '[1]]',
  'second-value': '{} {}',
  'letter-after-the-value': '{}x',
  'null-byte-after-the-value': '{}\u0000',
  empty: '',
  'only-white-space': ' \n',
  'capital-true': 'True',
  'shortened-true': 'tru',
  'capital-null': 'NULL',
  undefined: 'undefined',
  'vertical-tab-as-space': '\u000b{}',
  'form-feed-as-space': '\u000c{}',
  'no-break-space-as-space': '\u00a0{}',
  'unescaped-line-feed': '"a\nb"',
  'unescaped-tab': '"a\tb"',
  'unescaped-null': '"a\u0000b"',
  'unescaped-unit-separator': '"a\u001fb"',
  'unknown-escape': String.raw`"\a"`,
  'escaped-single-quote': String.raw`"\'"`,
  'hexadecimal-escape': String.raw`"\x41"`,
  'short-unicode-escape': String.raw`"\u041"`,
  'unicode-escape-of-letters': String.raw`"\u00zz"`,
  'braced-unicode-escape': String.raw`"\u{41}"`,
  'capital-unicode-escape': String.raw`"\U00000041"`,
  'lone-backslash': String.raw`"\"`,
} as const;

const DUPLICATES = {
  'same-value': '{"a":1,"a":1}',
  'other-value': '{"decision":"accept","decision":"reject"}',
  'not-adjacent': '{"a":1,"b":2,"a":3}',
  nested: '{"a":{"b":1,"b":2}}',
  'in-a-list': '[{"a":1,"a":2}]',
  'first-is-null': '{"a":null,"a":1}',
  'second-is-null': '{"a":1,"a":null}',
  'by-escape': String.raw`{"a":1,"\u0061":2}`,
  'by-escaped-slash': String.raw`{"/":1,"\/":2}`,
  'by-escaped-surrogates': String.raw`{"😀":1,"\ud83d\ude00":2}`,
  'of-the-empty-name': '{"":1,"":2}',
  prototype: '{"__proto__":1,"__proto__":2}',
} as const;

/** Bytes that stand in the middle of a string. */
const BYTES = {
  'lone-continuation-byte': '80',
  'two-bytes-cut-short': 'c3',
  'three-bytes-cut-short': 'e282',
  'four-bytes-cut-short': 'f09f98',
  'wrong-continuation': 'c328',
  'wrong-third-byte': 'e28228',
  'wrong-fourth-byte': 'f09f9828',
  'overlong-slash': 'c0af',
  'overlong-null': 'c080',
  'overlong-three-bytes': 'e080af',
  'overlong-four-bytes': 'f08080af',
  'largest-overlong-two-bytes': 'c1bf',
  'encoded-high-surrogate': 'eda080',
  'encoded-low-surrogate': 'edb080',
  'encoded-pair-of-surrogates': 'eda0bdedb880',
  'beyond-unicode': 'f4908080',
  'five-byte-form': 'f888808080',
  'byte-fe': 'fe',
  'byte-ff': 'ff',
  latin1: 'e4',
} as const;

const SURROGATES = {
  'lone-high': String.raw`"\ud800"`,
  'lone-low': String.raw`"\udc00"`,
  'low-before-high': String.raw`"\udc00\ud800"`,
  'two-highs': String.raw`"\ud83d\ud83d\ude00"`,
  'high-before-a-letter': String.raw`"\ud83dx"`,
  'high-at-the-end': String.raw`"x\ud83d"`,
  'in-a-name': String.raw`{"\ud800":1}`,
} as const;

export function refused(): Draft[] {
  const named = (
    table: Readonly<Record<string, string>>,
    about: Grounds,
    prefix: string,
  ): Draft[] =>
    Object.entries(table).map(([name, json]) => refuses(about, `${prefix}-${name}`, json));
  const inside = (json: string): string => `{"a":${json}}`;
  const numbers = Object.entries(NUMBERS).map(([name, json]) => [name, inside(json)]);
  return [
    ...named(Object.fromEntries(numbers), grounds.numbers, 'number'),
    ...named(GRAMMAR, grounds.grammar, 'grammar'),
    ...named(DUPLICATES, grounds.duplicate, 'duplicate'),
    ...named(SURROGATES, grounds.unicode, 'surrogate'),
    ...Object.entries(BYTES).map(([name, bytes]) =>
      refuses(grounds.unicode, `utf8-${name}`, concat(utf8('{"a":"x'), fromHex(bytes), utf8('"}'))),
    ),
    refuses(grounds.unicode, 'byte-order-mark', '\ufeff{}'),
    refuses(grounds.unicode, 'utf-16-little-endian', Uint8Array.from(Buffer.from('{}', 'utf16le'))),
    refuses(grounds.unicode, 'utf-16-with-mark', fromHex('feff007b007d')),
    refuses(grounds.decimals, 'rfc-8785-numbers-as-published', RFC_NUMBERS),
    refuses(grounds.depth, 'depth-33', `${'['.repeat(33)}1${']'.repeat(33)}`),
    refuses(grounds.depth, 'depth-33-of-maps', `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`),
    refuses(
      grounds.depth,
      'depth-33-in-the-second-member',
      `{"a":1,"b":${'['.repeat(32)}${']'.repeat(32)}}`,
    ),
    refuses(grounds.depth, 'depth-2000', `${'['.repeat(2000)}${']'.repeat(2000)}`),
  ];
}
