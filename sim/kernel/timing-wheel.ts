/**
 * A hashed timing wheel (Varghese and Lauck, 1987): one bucket a tick, each a list in the order of
 * the pushes, as far ahead as there are buckets. Pushing and taking are of constant cost.
 */
import { type EventPool, NONE } from './event-pool.ts';
import { createOccupancy } from './occupancy.ts';

/** Ticks ahead of now that the wheel covers. */
export const HORIZON = 2 ** 17;

export interface TimingWheel {
  /** `at` lies less than HORIZON after the present tick. */
  push(slot: number, at: number): void;
  /** The first tick at or after `now` that has events; Infinity when none has. */
  firstAt(now: number): number;
  /** First slot of the bucket of a tick; the others follow in `pool.next`. */
  head(at: number): number;
  /** Takes a slot out of the bucket; `before` is its predecessor there, or NONE. */
  take(slot: number, before: number, at: number): void;
}

/** Of the bucket: the low bits of a tick, however large it is. */
const MASK = HORIZON - 1;

export function createTimingWheel(pool: EventPool): TimingWheel {
  const heads = new Int32Array(HORIZON).fill(NONE);
  const tails = new Int32Array(HORIZON).fill(NONE);
  const occupied = createOccupancy(HORIZON);
  return {
    push(slot, at) {
      const bucket = at & MASK;
      pool.next[slot] = NONE;
      const tail = tails[bucket] as number;
      if (tail === NONE) {
        heads[bucket] = slot;
        occupied.set(bucket);
      } else pool.next[tail] = slot;
      tails[bucket] = slot;
    },
    firstAt(now) {
      const start = now & MASK;
      const ahead = occupied.firstFrom(start);
      if (ahead >= 0) return now + (ahead - start);
      const wrapped = occupied.firstFrom(0);
      return wrapped < 0 ? Infinity : now + ((wrapped - start) & MASK);
    },
    head: (at) => heads[at & MASK] as number,
    take(slot, before, at) {
      const bucket = at & MASK;
      const after = pool.next[slot] as number;
      if (before === NONE) heads[bucket] = after;
      else pool.next[before] = after;
      if (after === NONE) tails[bucket] = before;
      if (heads[bucket] === NONE) occupied.clear(bucket);
    },
  };
}
