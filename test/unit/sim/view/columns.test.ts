import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arrivalsOf, type Columns, pack, unpack } from '../../../../sim/view/columns.ts';
import { lineageOf, PAST } from '../../../../sim/view/lineage.ts';

/** Any forest of records, in the order of time. */
const columns = (): fc.Arbitrary<Columns> =>
  fc
    .array(
      fc.record({
        ...{ later: fc.nat(2 ** 33), back: fc.nat(40), kind: fc.nat(11) },
        ...{ label: fc.nat(300), server: fc.nat(40), peer: fc.nat(40), size: fc.nat(2 ** 31) },
      }),
      { maxLength: 60 },
    )
    .map((rows) => {
      let now = 0;
      const at = rows.map(({ later }) => {
        now += later;
        return now;
      });
      const parent = rows.map(({ back }, row) => (back === 0 || back > row ? -1 : row - back));
      return {
        rows: rows.length,
        at: Float64Array.from(at),
        parent: Int32Array.from(parent),
        kind: Uint8Array.from(rows, ({ kind }) => kind),
        label: Uint16Array.from(rows, ({ label }) => label),
        server: Uint16Array.from(rows, ({ server }) => server),
        peer: Uint16Array.from(rows, ({ peer }) => peer),
        // What arrives without a size of its own has that of what was sent.
        size: Uint32Array.from(rows, ({ size }, row) =>
          rows[row]?.kind === 1 ? Math.max(1, size) : size,
        ),
      };
    });

test('what was packed is unpacked', () =>
  fc.assert(
    fc.property(columns(), (given) => {
      expect(unpack(pack(given), given.rows)).toEqual(given);
    }),
  ));

test('the past of a record is its line of parents, and its future all whose line has it', () =>
  fc.assert(
    fc.property(columns(), fc.nat(60), (given, wanted) => {
      fc.pre(wanted < given.rows);
      const { past, next, futureRows, marks } = lineageOf(given, wanted);
      const lineOf = (row: number): readonly number[] => {
        const from = given.parent[row] as number;
        return from < 0 ? [] : [from, ...lineOf(from)];
      };
      expect(past).toEqual(lineOf(wanted));
      expect(past.every((row) => marks[row] === PAST)).toBe(true);
      const all = Array.from({ length: given.rows }, (_, row) => row);
      expect(next).toEqual(all.filter((row) => given.parent[row] === wanted));
      expect(futureRows).toBe(all.filter((row) => lineOf(row).includes(wanted)).length);
    }),
  ));

test('a message has arrived when a record of its arrival comes from it', () =>
  fc.assert(
    fc.property(columns(), (given) => {
      for (const [row, arrival] of arrivalsOf(given).entries()) {
        if (arrival < 0) continue;
        expect([given.kind[row], given.kind[arrival], given.parent[arrival]]).toEqual([0, 1, row]);
      }
    }),
  ));
