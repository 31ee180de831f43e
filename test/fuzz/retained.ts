/**
 * How much a node remembers, counted rather than weighed, so that the same run gives the same numbers
 * on every machine.
 */
import type { Held } from '../../reference/node/server.ts';

interface Count {
  /** Of the table itself: one for each thing that it is about. */
  readonly keys: number;
  /** Of every map, set and list within it as well. */
  readonly entries: number;
}

/** By layer and table, such as `trust/paces`. */
export type Retained = ReadonlyMap<string, Count>;

export function retainedIn(held: Held): Retained {
  const counts = new Map<string, Count>();
  for (const [layer, tables] of Object.entries(held)) {
    for (const [table, value] of Object.entries(tables)) {
      counts.set(`${layer}/${table}`, {
        keys: count(value, 'keys'),
        entries: count(value, 'entries'),
      });
    }
  }
  return counts;
}

function count(value: unknown, what: keyof Count, seen = new Set<object>()): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return 0;
  const parts: Iterable<unknown> = isList(value) ? value.values() : Object.values(value);
  const own = isList(value) ? sizeOf(value) : 0;
  if (isList(value) && what === 'keys') return own;
  let sum = own;
  for (const part of parts) sum += count(part, what, seen);
  return sum;
}

type List = Map<unknown, unknown> | Set<unknown> | readonly unknown[];

const isList = (value: object): value is List =>
  value instanceof Map || value instanceof Set || Array.isArray(value);

const sizeOf = (list: List): number => ('size' in list ? list.size : list.length);
