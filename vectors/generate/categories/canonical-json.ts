/** V-CAN: strict reading and the canonical form (L-S01 to L-S09, RFC 8785). */
import type { VectorValue } from '../../vector-file.ts';
import {
  acceptable,
  type CategorySource,
  type Draft,
  type Grounds,
  invalid,
  valid,
} from '../category.ts';
import {
  base64url,
  concat,
  fromHex,
  hex,
  seeded,
  seededUuid,
  textHex,
  utf8,
} from '../primitives/bytes.ts';
import { canonicalBytes } from '../primitives/canonical-json.ts';
import { blake3 } from '../primitives/hash.ts';
import { octets, octetsOf, text } from '../shape.ts';

const grounds = {
  sorted: { requirements: ['X-CAN-01'], readings: ['L-S01', 'L-S06'], flags: ['order'] },
  nulls: { requirements: ['X-CAN-03'], readings: ['L-S04'], flags: ['null-member'] },
  empty: { requirements: ['X-CAN-04'], readings: ['L-S04'], flags: ['empty-dropped'] },
  strings: { requirements: ['X-CAN-01'], readings: ['L-S06'], flags: ['escaping'] },
  normal: { requirements: ['X-CAN-07'], readings: ['L-S06'], flags: ['normalisation'] },
  numbers: { requirements: ['X-CAN-06'], readings: ['L-S03'], flags: ['number-range'] },
  decimals: { requirements: ['X-CAN-06'], readings: ['L-S03'], flags: ['number-form'] },
  duplicate: { requirements: ['X-CAN-05'], readings: ['L-S06'], flags: ['duplicate-member'] },
  unicode: { requirements: ['X-CAN-07'], readings: ['L-S06'], flags: ['bad-text'] },
  grammar: { requirements: ['X-CAN-01'], readings: ['L-S06'], flags: ['loose-grammar'] },
  depth: { requirements: ['X-FMT-03'], readings: ['L-W05'], flags: ['depth'] },
  unknown: { requirements: ['X-CAN-08'], readings: ['L-S05'], flags: ['unknown-member'] },
  binary: { requirements: ['X-CAN-02'], readings: ['L-S07'], flags: ['second-spelling'] },
  uuid: { requirements: ['X-CAN-13'], readings: ['L-S09'], flags: ['loose-uuid'] },
} satisfies Record<string, Grounds>;

function answerOf(value: VectorValue): VectorValue {
  const canonical = canonicalBytes(value);
  return { canonical_hex: hex(canonical), blake3: hex(blake3(canonical)) };
}

const asked = (json: string | Uint8Array): VectorValue => ({
  function: 'canonicalize',
  json_hex: typeof json === 'string' ? textHex(json) : hex(json),
});

function reads(about: Grounds, name: string, json: string): Draft {
  return valid(about, name, asked(json), answerOf(JSON.parse(json)));
}

const refuses = (about: Grounds, name: string, json: string | Uint8Array): Draft =>
  invalid(about, name, asked(json));

const AUTH_REQUEST =
  '{"type":"auth_request","user_id":"alice@example.org","device_id":"550e8400-e29b-41d4-a716-446655440000","timestamp":1734900000}';

/** 3.2.2 and 3.2.3 of RFC 8785, the number with an exponent left out: it is beyond 2^53. */
const RFC_STRING = String.raw`{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;
const RFC_SORTING = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
const RFC_NUMBERS = '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]}';

function accepted(): Draft[] {
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join('');
  return [
    reads(grounds.sorted, 'auth-request-of-the-plan', AUTH_REQUEST),
    reads(grounds.sorted, 'members-in-order', '{"a":1,"b":2,"c":3}'),
    reads(grounds.sorted, 'members-reversed', '{"c":3,"b":2,"a":1}'),
    reads(grounds.sorted, 'nested-members', '{"b":{"d":1,"c":2},"a":[{"f":1,"e":2}]}'),
    reads(grounds.sorted, 'upper-case-before-lower', '{"a":1,"B":2,"A":3,"b":4,"_":5}'),
    reads(grounds.sorted, 'prefix-before-longer', '{"aa":1,"a":2,"a1":3,"a-":4}'),
    reads(grounds.sorted, 'digits-as-text', '{"10":1,"9":2,"1":3,"01":4}'),
    reads(grounds.sorted, 'empty-name', '{"b":1,"":2}'),
    reads(grounds.sorted, 'surrogates-before-private-use', '{"\uff5e":1,"\ud83d\ude00":2}'),
    reads(grounds.sorted, 'rfc-8785-sorting', RFC_SORTING),
    reads(grounds.sorted, 'prototype-is-a-name', '{"constructor":1,"__proto__":{"a":2},"a":3}'),
    reads(grounds.sorted, 'white-space', ' \t\r\n{ "b" :\n[ 1 ,\t2 ] , "a" : { } }\r\n'),
    reads(grounds.sorted, 'list-keeps-its-order', '[3,1,2,"b","a"]'),
    reads(grounds.sorted, 'bare-string', '"text"'),
    reads(grounds.sorted, 'bare-true', 'true'),
    reads(grounds.nulls, 'null-member', '{"a":1,"b":null}'),
    reads(grounds.nulls, 'without-the-null-member', '{"a":1}'),
    reads(grounds.nulls, 'nested-null-member', '{"a":{"b":null,"c":1}}'),
    reads(grounds.nulls, 'null-member-in-a-list', '{"a":[{"b":null,"c":1}]}'),
    reads(grounds.nulls, 'null-item-stays', '{"a":[null,1,null]}'),
    reads(grounds.nulls, 'only-null-members', '{"a":null,"b":null}'),
    reads(grounds.empty, 'empty-object', '{}'),
    reads(grounds.empty, 'empty-list-member', '{"a":[],"b":1}'),
    reads(grounds.empty, 'empty-map-member', '{"a":{},"b":1}'),
    reads(grounds.empty, 'empty-text-member', '{"a":"","b":1}'),
    reads(grounds.empty, 'false-and-zero', '{"a":false,"b":0}'),
    reads(grounds.strings, 'rfc-8785-string', RFC_STRING),
    reads(grounds.strings, 'every-control-character', JSON.stringify(controls)),
    reads(grounds.strings, 'needless-escapes', String.raw`"\u0041\u002f\/\u00e4"`),
    reads(grounds.strings, 'short-escapes', String.raw`"\b\t\n\f\r\"\\"`),
    reads(grounds.strings, 'delete-is-not-escaped', '"\u007f"'),
    reads(grounds.strings, 'line-separators-are-not-escaped', '"\u2028\u2029"'),
    reads(grounds.strings, 'escaped-pair-of-surrogates', String.raw`"\ud834\udd1e"`),
    reads(grounds.strings, 'beyond-the-basic-plane', '"\ud834\udd1e\ud83d\ude00"'),
    reads(grounds.strings, 'upper-case-escape', String.raw`"\u00E4\u001F"`),
    reads(grounds.strings, 'html-is-not-escaped', '"<script>&\'</script>"'),
    reads(grounds.normal, 'composed', '"\u00e9"'),
    reads(grounds.normal, 'decomposed-stays', '"e\u0301"'),
    reads(grounds.normal, 'compatibility-form-stays', '"\ufb01\u212b"'),
    reads(grounds.numbers, 'zero', '0'),
    reads(grounds.numbers, 'largest', '{"sequence_number":9007199254740991}'),
    reads(grounds.numbers, 'smallest', '{"offset":-9007199254740991}'),
    reads(grounds.numbers, 'microseconds', '{"timestamp":1734900000123456}'),
    reads(grounds.decimals, 'score-of-one-decimal', '{"trust_score":95.5}'),
    reads(grounds.decimals, 'score-of-none', '{"trust_score":100}'),
    reads(grounds.decimals, 'percentages', '{"uptime_percentage":99.8,"cpu_percent":45.2}'),
    reads(grounds.decimals, 'small-decimal', '{"overall_trust_score":0.1}'),
    reads(grounds.unknown, 'unknown-member-stays', '{"type":"ping","timestamp":1,"x_new":[1]}'),
    reads(grounds.depth, 'depth-32', `${'['.repeat(32)}1${']'.repeat(32)}`),
    reads(grounds.depth, 'depth-32-of-maps', `${'{"a":'.repeat(32)}1${'}'.repeat(32)}`),
    reads(grounds.depth, 'broad-but-flat', JSON.stringify(Array.from({ length: 200 }, () => []))),
  ];
}

/** Numbers that a double holds, in a form or place that the profile leaves to the message. */
function discouraged(): Draft[] {
  const cases = {
    'exponent-form': '{"a":1e2}',
    'capital-exponent': '{"a":1E2}',
    'signed-exponent': '{"a":1e+2}',
    'fraction-of-zero': '{"a":1.0}',
    'zero-with-exponent': '{"a":0e5}',
    'decimal-of-a-member-that-has-none': '{"ttl":1.5}',
    'two-decimals': '{"trust_score":95.55}',
    'rfc-8785-small-numbers': '{"numbers":[4.50,2e-3,0.000000000000000000000000001]}',
  };
  return Object.entries(cases).map(([name, json]) =>
    acceptable(grounds.decimals, name, asked(json), answerOf(JSON.parse(json))),
  );
}

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

function refused(): Draft[] {
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

function binary(): Draft[] {
  const read = (name: string, text: string, bytes: Uint8Array): Draft =>
    valid(
      grounds.binary,
      `base64url-${name}`,
      { function: 'decode-base64url', text },
      { hex: hex(bytes) },
    );
  const wrong = {
    'one-pad': 'AAE=',
    'two-pads': 'AA==',
    'pad-alone': '=',
    plus: 'A+AA',
    slash: 'A/AA',
    'single-character': 'A',
    'five-characters': 'AAAAA',
    'unused-bits-of-two': 'AB',
    'unused-bits-of-two-high': 'AP',
    'unused-bits-of-three': 'AAB',
    'space-inside': 'AA AA',
    'line-feed-inside': 'AA\nAA',
    'space-before': ' AAAA',
    'null-character': 'AAA\u0000',
    'full-stop': 'AA.A',
    'full-width-letter': 'AAA\uff21',
    percent: 'AA%3D',
  };
  return [
    read('empty', '', new Uint8Array()),
    ...[1, 2, 3, 4, 31, 32, 33, 64].map((length) => {
      const bytes = seeded('base64url', length);
      return read(`${length}-bytes`, base64url(bytes), bytes);
    }),
    read('both-special-characters', '-_-_', fromHex('fbffbf')),
    ...Object.entries(wrong).map(([name, text]) =>
      invalid(grounds.binary, `base64url-${name}`, { function: 'decode-base64url', text }),
    ),
  ];
}

function identifiers(): Draft[] {
  const good = seededUuid('identifier');
  const asked = (text: string): VectorValue => ({ function: 'check-uuid', text });
  const wrong = {
    'upper-case': good.toUpperCase(),
    'version-1': good.replace(/-4(...-)/, '-1$1'),
    'version-7': good.replace(/-4(...-)/, '-7$1'),
    'variant-0': good.replace(/^(.{19})./, '$10'),
    'variant-c': good.replace(/^(.{19})./, '$1c'),
    nil: '00000000-0000-0000-0000-000000000000',
    'without-hyphens': good.replaceAll('-', ''),
    braces: `{${good}}`,
    urn: `urn:uuid:${good}`,
    'one-short': good.slice(1),
    'one-long': `${good}0`,
    'line-feed-after': `${good}\n`,
    'not-hexadecimal': good.replace(/^./, 'g'),
    empty: '',
    'device-name': 'alice-device-1',
  };
  return [
    valid(grounds.uuid, 'uuid-version-4', asked(good)),
    ...['8', '9', 'a', 'b'].map((variant) =>
      valid(
        grounds.uuid,
        `uuid-variant-${variant}`,
        asked(`550e8400-e29b-41d4-${variant}716-446655440000`),
      ),
    ),
    ...Object.entries(wrong).map(([name, text]) =>
      invalid(grounds.uuid, `uuid-${name}`, asked(text)),
    ),
  ];
}

export const canonicalJson: CategorySource = {
  category: 'canonical-json',
  prefix: 'V-CAN',
  title: 'Strict JSON and its canonical form',
  description:
    'Received bytes are parsed strictly (order and white space are free, everything that could mean ' +
    'two things is refused), null members are dropped at any depth, and the result is written as RFC ' +
    '8785 has it. Nesting is bounded by 32.',
  functions: {
    canonicalize: {
      does: 'the canonical bytes of the JSON text json_hex, and their BLAKE3-256; reject what is malformed.',
      input: { json_hex: octets },
      output: { canonical_hex: octets, blake3: octetsOf(32) },
    },
    'decode-base64url': {
      does: 'the bytes of a binary member: base64url without padding, unused bits zero; else reject.',
      input: { text },
      output: { hex: octets },
    },
    'check-uuid': {
      does: 'whether text is a lower-case version 4 UUID of 36 characters; else reject.',
      input: { text },
      output: {},
    },
  },
  flags: {
    order: {
      bug: 'Members are not sorted by UTF-16 code units, or white space survives.',
      effect:
        'Honest signatures fail between implementations, so somebody switches verification off.',
    },
    'null-member': {
      bug: 'A null member and an absent one give different bytes.',
      effect:
        'Two readings of one message have two signatures; one can be chosen by whoever relays.',
    },
    'empty-dropped': {
      bug: 'Empty values are dropped like null ones.',
      effect: 'An empty list of permissions or conditions can be removed under the signature.',
    },
    escaping: {
      bug: 'Strings are escaped in another way than RFC 8785 has it.',
      effect: 'Honest signatures fail, or two spellings are signed as different messages.',
    },
    normalisation: {
      bug: 'Unicode is normalised before hashing.',
      effect: 'Two different user names share one signature.',
    },
    'number-range': {
      bug: 'Numbers are accepted that a double cannot hold exactly.',
      effect: 'Signer and verifier see different numbers under one signature.',
    },
    'number-form': {
      bug: 'Decimals or exponents are written as they were received.',
      effect: 'One value has several signed forms.',
    },
    'duplicate-member': {
      bug: 'A second member of the same name is let through.',
      effect:
        'One parser checks the first, another obeys the last: a rejected decision is accepted.',
    },
    'bad-text': {
      bug: 'Bytes that are not UTF-8, or lone surrogates, are read with replacement.',
      effect: 'Different identifiers become equal after decoding.',
    },
    'loose-grammar': {
      bug: 'What is not JSON is read all the same.',
      effect: 'Two implementations read two messages from the same bytes.',
    },
    depth: {
      bug: 'Nesting is not bounded.',
      effect: 'A few kilobytes end the process by its stack.',
    },
    'unknown-member': {
      bug: 'Members that are not known are dropped before hashing.',
      effect: 'Signatures of newer peers fail, and what they signed can be stripped.',
    },
    'second-spelling': {
      bug: 'Padding, plain base64 or stray bits are accepted.',
      effect: 'The same key or hash has many spellings: caches, bans and duplicate checks miss.',
    },
    'loose-uuid': {
      bug: 'Identifiers of other forms are accepted.',
      effect: 'One identifier has several spellings, and replay caches take each for a new one.',
    },
  },
  drafts: () => [...accepted(), ...discouraged(), ...refused(), ...binary(), ...identifiers()],
};
