/**
 * What is settled is what a reader would have made of it, member for member and in the same order,
 * and nobody can alter it; what a reader would refuse is not settled.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { Json, JsonObject } from '../../../reference/wire/json.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { isSettled, settle } from '../../../reference/wire/settled.ts';
import { limits } from '../../../spec/limits.ts';
import { objects } from './json-values.ts';

const must = createMust();

function read(value: JsonObject) {
  return parseStrict(canonicalBytes(value), { maxBytes: 2 ** 24, must });
}

describe('settle', () => {
  test('gives what a reader would give, of the size that it would have read', () =>
    fc.assert(
      fc.property(objects, (value) => {
        const settled = settle(value);
        if (settled === null) {
          expect(JSON.stringify(value)).toContain('"__proto__"');
          return;
        }
        const parsed = read(value);
        // As text, because the order of the members counts.
        expect(JSON.stringify(settled.value)).toBe(JSON.stringify(parsed.ok && parsed.value));
        expect(settled.sizeBytes).toBe(canonicalBytes(value).length);
      }),
    ));

  test('freezes its own copy at every depth and leaves what it was given alone', () =>
    fc.assert(
      fc.property(objects, (value) => {
        const before = JSON.stringify(value);
        const settled = settle(value);
        if (settled !== null) expect(isFrozen(settled.value)).toBe(true);
        expect(Object.isFrozen(value)).toBe(false);
        expect(JSON.stringify(value)).toBe(before);
      }),
    ));

  test('shares what is settled already', () =>
    fc.assert(
      fc.property(objects, (value) => {
        const inner = settle(value);
        if (inner === null) return;
        expect(settle({ z: inner.value, a: 1 })?.value.z).toBe(inner.value);
        expect(settle(inner.value)?.value).toBe(inner.value);
      }),
    ));

  test.each<[string, Json]>([
    ['beyond 2^53 − 1', 2 ** 53],
    ['without end', Number.POSITIVE_INFINITY],
    ['no number', Number.NaN],
    ['a lone surrogate', '\ud800'],
    ['a name with a lone surrogate', { '\udc00': 1 }],
    ['a member called __proto__', JSON.parse('{"__proto__":1}') as Json],
    ['deeper than is read', nested(limits.jsonDepth)],
  ])('does not settle what a reader would refuse or read otherwise: %s', (_, member) => {
    expect(settle({ member })).toBeNull();
  });

  test('looks at the depth anew where what is settled is put deeper', () => {
    const deep = settle({ member: nested(limits.jsonDepth - 1) })?.value ?? {};
    expect(isSettled(deep)).toBe(true);
    expect(settle({ member: deep })).toBeNull();
    expect(read({ member: deep }).ok).toBe(false);
  });

  test('takes negative zero for zero and passes over members that are null', () => {
    const settled = settle({ b: -0, a: null, c: [null] });
    expect(Object.is(settled?.value.b, 0)).toBe(true);
    expect(Object.keys(settled?.value ?? {})).toEqual(['b', 'c']);
  });

  test('a frozen value that was not made here is not settled', () => {
    expect(isSettled(Object.freeze({ a: 1 }))).toBe(false);
  });
});

/** So many lists in each other. */
function nested(depth: number): Json {
  return depth === 1 ? [] : [nested(depth - 1)];
}

function isFrozen(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozen);
}
