/** Values as a strict reader may give them: well-formed text, exact numbers, any names. */
import fc from 'fast-check';
import type { Json } from '../../../reference/wire/json.ts';

export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 80 }),
  fc.constantFrom('__proto__', 'constructor', '\ufeff', '\u2028', '"', '\\', '\u0000'),
);

const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.maxSafeInteger(),
  fc.nat(),
  fc.integer({ min: -10_000, max: 10_000 }).map((tenths) => tenths / 10 + 0),
  fc.double({ min: -(2 ** 53 - 1), max: 2 ** 53 - 1, noNaN: true }).map((value) => value + 0),
  fc.constantFrom(0, 2 ** 53 - 1, -(2 ** 53 - 1), 5e-324, 1e-7, 1e15),
);

const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    numbers,
    texts,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(texts, tie('value')), { maxLength: 6 }).map(objectOf),
  ),
}));

/** Any value, null members included. */
export const values: fc.Arbitrary<Json> = value;
export const objects: fc.Arbitrary<{ [name: string]: Json }> = fc
  .array(fc.tuple(texts, values), { maxLength: 8 })
  .map(objectOf);

/** Text of a value with its members and white space as a careless sender might leave them. */
export function scrambled(json: Json): fc.Arbitrary<string> {
  if (typeof json === 'string') return fc.constantFrom(JSON.stringify(json), escaped(json));
  if (typeof json !== 'object' || json === null) return fc.constant(JSON.stringify(json));
  const parts: fc.Arbitrary<string>[] = Array.isArray(json)
    ? json.map(scrambled)
    : Object.entries(json).map(([name, member]) =>
        fc
          .tuple(scrambled(name), spaces, scrambled(member))
          .map(([a, s, b]) => `${a}${s}:${s}${b}`),
      );
  const ordered = fc.tuple(...parts).chain((all) => {
    return Array.isArray(json) ? fc.constant(all) : shuffled(all);
  });
  const [open, close] = Array.isArray(json) ? '[]' : '{}';
  return fc
    .tuple(ordered, spaces)
    .map(([all, s]) => `${s}${open}${s}${all.join(`${s},${s}`)}${close}${s}`);
}

export function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}

const spaces = fc.constantFrom('', ' ', '\n', '\t\r ');

/** Every code unit as an escape. */
function escaped(text: string): string {
  const units = text.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`;
}

function objectOf(members: readonly (readonly [string, Json])[]): { [name: string]: Json } {
  return Object.fromEntries(members);
}
