/** Arbitrary changes, and what a store must hold after them. */
import fc from 'fast-check';
import type { Row } from '../../../reference/core.ts';

export const row = (): fc.Arbitrary<Row> =>
  fc.record({
    table: fc.constantFrom('user', 'message', 'audit'),
    key: fc.constantFrom('a', 'b', 'a/b', '\n', 'ü'),
    value: fc.oneof(
      fc.constant(null),
      fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer())),
    ),
  }) as fc.Arbitrary<Row>;

export const rows = (): fc.Arbitrary<Row[]> => fc.array(row(), { maxLength: 5 });

export function modelOf(writes: readonly (readonly Row[])[]): Row[] {
  const last = new Map(writes.flat().map((change) => [`${change.table} ${change.key}`, change]));
  return sorted([...last.values()].filter(({ value }) => value !== null));
}

export const sorted = (list: readonly Row[]): Row[] =>
  [...list].sort((a, b) => (`${a.table} ${a.key}` < `${b.table} ${b.key}` ? -1 : 1));
