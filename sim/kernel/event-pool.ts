/**
 * Events as a structure of arrays with a free list: nothing is allocated when an event is pushed. A
 * slot is used again and again; its generation tells one use from the next, so a handle to an event
 * that has fired or was cancelled is worth nothing.
 */
import { invariant } from '../../reference/assert.ts';

/** Generation and slot in one exact number. */
export type Handle = number;

/** End of a list of slots. */
export const NONE = -1;
/** The kind of a slot whose event was cancelled, or that is free. */
export const DEAD = 0;

const FIRST_SLOTS = 1024;
const SLOT_LIMIT = 2 ** 24;
/** 2^24 slots leave 2^29 generations below 2^53. */
const GENERATION_LIMIT = 2 ** 29;

export interface EventPool {
  /** Ticks. */
  at: Float64Array;
  kind: Uint8Array;
  entity: Int32Array;
  /** Place in the order of all pushes, from 1. */
  sequence: Float64Array;
  /** Sequence of the event that was being processed when this one was pushed; 0: none. */
  cause: Float64Array;
  generation: Uint32Array;
  /** Of the bucket's list, or of the free list. */
  next: Int32Array;
  readonly payload: unknown[];
  free: number;
  /** Slots that are neither free nor dead. */
  live: number;
}

export function createEventPool(): EventPool {
  const pool: EventPool = {
    at: new Float64Array(0),
    kind: new Uint8Array(0),
    entity: new Int32Array(0),
    sequence: new Float64Array(0),
    cause: new Float64Array(0),
    generation: new Uint32Array(0),
    next: new Int32Array(0),
    payload: [],
    free: NONE,
    live: 0,
  };
  grow(pool, FIRST_SLOTS);
  return pool;
}

/** A slot for a new event; everything but the free list is the caller's to fill. */
export function allocate(pool: EventPool): number {
  if (pool.free === NONE) grow(pool, pool.next.length * 2);
  const slot = pool.free;
  pool.free = pool.next[slot] as number;
  pool.live += 1;
  return slot;
}

/** Whatever handle there was to the slot is void from now on. */
export function release(pool: EventPool, slot: number): void {
  if (pool.kind[slot] !== DEAD) retire(pool, slot);
  pool.next[slot] = pool.free;
  pool.free = slot;
}

/** The event will not fire. Its slot stays where it is queued until its time comes. */
export function retire(pool: EventPool, slot: number): void {
  pool.kind[slot] = DEAD;
  pool.payload[slot] = undefined;
  pool.generation[slot] = ((pool.generation[slot] as number) + 1) % GENERATION_LIMIT;
  pool.live -= 1;
}

export function handleOf(pool: EventPool, slot: number): Handle {
  return (pool.generation[slot] as number) * SLOT_LIMIT + slot;
}

/** The slot that a handle names, or NONE when its event is over. */
export function slotOf(pool: EventPool, handle: Handle): number {
  const slot = handle % SLOT_LIMIT;
  return handleOf(pool, slot) === handle && pool.kind[slot] !== DEAD ? slot : NONE;
}

function grow(pool: EventPool, slots: number): void {
  invariant(slots <= SLOT_LIMIT, `more than ${SLOT_LIMIT} events are pending`);
  const before = pool.next.length;
  pool.at = copied(pool.at, new Float64Array(slots));
  pool.kind = copied(pool.kind, new Uint8Array(slots));
  pool.entity = copied(pool.entity, new Int32Array(slots));
  pool.sequence = copied(pool.sequence, new Float64Array(slots));
  pool.cause = copied(pool.cause, new Float64Array(slots));
  pool.generation = copied(pool.generation, new Uint32Array(slots));
  pool.next = copied(pool.next, new Int32Array(slots));
  for (let slot = slots - 1; slot >= before; slot -= 1) {
    pool.payload[slot] = undefined;
    pool.next[slot] = pool.free;
    pool.free = slot;
  }
}

type Column = Float64Array | Int32Array | Uint8Array | Uint32Array;

function copied<C extends Column>(from: C, to: C): C {
  to.set(from);
  return to;
}
