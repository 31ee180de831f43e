/** X-CAN-01, 03, 04, 08, 09, 10: what canonical form promises, for every value. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createMust } from '../../../reference/assert.ts';
import { canonicalBytes, canonicalText, without } from '../../../reference/wire/canonical.ts';
import { dropNulls, type Json, type JsonObject } from '../../../reference/wire/json.ts';
import { parseStrict } from '../../../reference/wire/parse.ts';
import { objects, scrambled, shuffled, texts, values } from './json-values.ts';

const options = { maxBytes: 1 << 24, must: createMust() };
const utf8 = new TextEncoder();

function read(text: string): Json {
  const result = parseStrict(utf8.encode(text), options);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe('canonical form', () => {
  test('X-CAN-10: reads back as the value it was made of', () =>
    fc.assert(
      fc.property(values, (value) => {
        expect(read(canonicalText(value))).toEqual(dropNulls(value));
      }),
    ));
  test('X-CAN-10: of a canonical text is that text', () =>
    fc.assert(
      fc.property(values, (value) => {
        const text = canonicalText(value);
        expect(canonicalText(read(text))).toBe(text);
      }),
    ));
  test('does not depend on the order, spacing or escapes of the sender', () =>
    fc.assert(
      fc.property(
        values.chain((value) => fc.tuple(fc.constant(value), scrambled(value))),
        ([value, text]) => {
          expect(canonicalText(read(text))).toBe(canonicalText(value));
        },
      ),
    ));
  test('does not depend on the order of building', () =>
    fc.assert(
      fc.property(
        objects.chain((object) =>
          fc.tuple(fc.constant(object), shuffled(Object.entries(object)).map(Object.fromEntries)),
        ),
        ([object, other]) => {
          expect(canonicalText(other)).toBe(canonicalText(object));
        },
      ),
    ));
  test('of two values is the same only if they are the same but for null members', () =>
    fc.assert(
      fc.property(values, values, (a, b) => {
        const same = canonicalText(a) === canonicalText(b);
        expect(same).toBe(isSame(dropNulls(a), dropNulls(b)));
      }),
    ));
  test('changes with any change of one member', () =>
    fc.assert(
      fc.property(objects, texts, values, (object, name, value) => {
        const changed: JsonObject = Object.fromEntries([...Object.entries(object), [name, value]]);
        const before = Object.hasOwn(object, name) ? (object[name] as Json) : null;
        const same = isSame(dropNulls(before), dropNulls(value));
        expect(canonicalText(changed) === canonicalText(object)).toBe(same);
      }),
    ));
  test('X-CAN-11: of a message without its signature is that of the message before signing', () =>
    fc.assert(
      fc.property(objects, (object) => {
        const unsigned = without(object, 'signature');
        const signed = { ...unsigned, signature: 'AA' };
        expect(canonicalText(without(signed, 'signature'))).toBe(canonicalText(unsigned));
      }),
    ));
  test('is the UTF-8 of its text', () =>
    fc.assert(
      fc.property(values, (value) => {
        expect(new TextDecoder().decode(canonicalBytes(value))).toBe(
          canonicalText(value).replace(/^\ufeff/, ''),
        );
      }),
    ));
});

/** Equality of parsed values by their members, written without canonical form. */
function isSame(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && isSame(value, right.get(name) ?? null))
  );
}
