/**
 * Events beyond the horizon of the wheel: a heap with four children a node over slots of the pool,
 * ordered by time and then by sequence, so that equal times keep the order of their pushes.
 */
import { DEAD, type EventPool, release } from './event-pool.ts';

export interface OverflowHeap {
  readonly size: number;
  push(slot: number): void;
  /** Time of the first event; Infinity when there is none. */
  firstAt(): number;
  pop(): number;
  /** One of the events in here was cancelled. */
  noteDead(): void;
}

const CHILDREN = 4;
/** So many cancelled events are not worth a sweep. */
const FEW = 1024;

export function createOverflowHeap(pool: EventPool): OverflowHeap {
  let slots: number[] = [];
  let dead = 0;
  const isBefore = (a: number, b: number): boolean => {
    const difference = (pool.at[a] as number) - (pool.at[b] as number);
    return difference === 0
      ? (pool.sequence[a] as number) < (pool.sequence[b] as number)
      : difference < 0;
  };
  const push = (slot: number): void => {
    slots.push(slot);
    rise(slots, slots.length - 1, isBefore);
  };
  return {
    get size() {
      return slots.length;
    },
    push,
    firstAt: () => (slots.length > 0 ? (pool.at[slots[0] as number] as number) : Infinity),
    pop() {
      const first = slots[0] as number;
      const last = slots.pop() as number;
      if (slots.length > 0) {
        slots[0] = last;
        sink(slots, isBefore);
      }
      if (pool.kind[first] === DEAD) dead -= 1;
      return first;
    },
    // Timers of months that are set anew every minute would else be kept for months.
    noteDead() {
      dead += 1;
      if (dead < FEW || dead * 2 < slots.length) return;
      const before = slots;
      slots = [];
      dead = 0;
      for (const slot of before) {
        if (pool.kind[slot] === DEAD) release(pool, slot);
        else push(slot);
      }
    },
  };
}

type IsBefore = (a: number, b: number) => boolean;

function rise(slots: number[], from: number, isBefore: IsBefore): void {
  let index = from;
  const slot = slots[index] as number;
  while (index > 0) {
    const parent = (index - 1) >> 2;
    if (!isBefore(slot, slots[parent] as number)) break;
    slots[index] = slots[parent] as number;
    index = parent;
  }
  slots[index] = slot;
}

function sink(slots: number[], isBefore: IsBefore): void {
  let index = 0;
  const slot = slots[0] as number;
  for (;;) {
    const child = leastChild(slots, index * CHILDREN + 1, isBefore);
    if (child < 0 || !isBefore(slots[child] as number, slot)) break;
    slots[index] = slots[child] as number;
    index = child;
  }
  slots[index] = slot;
}

function leastChild(slots: readonly number[], first: number, isBefore: IsBefore): number {
  if (first >= slots.length) return -1;
  let least = first;
  const end = Math.min(first + CHILDREN, slots.length);
  for (let child = first + 1; child < end; child += 1) {
    if (isBefore(slots[child] as number, slots[least] as number)) least = child;
  }
  return least;
}
