/** What is read, and its canonical form (L-S01 to L-S06, RFC 8785). */
import { acceptable, type Draft } from '../../category.ts';
import { answerOf, asked, grounds, reads } from './scene.ts';

const AUTH_REQUEST =
  '{"type":"auth_request","user_id":"alice@example.org","device_id":"550e8400-e29b-41d4-a716-446655440000","timestamp":1734900000}';

/** 3.2.2 and 3.2.3 of RFC 8785, the number with an exponent left out: it is beyond 2^53. */
const RFC_STRING = String.raw`{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`;

const RFC_SORTING = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;

export function accepted(): Draft[] {
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
export function discouraged(): Draft[] {
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
