/**
 * The queue of all that will happen, in virtual time. Time is an integer count of ticks and never
 * goes back. Each event knows the one that was being processed when it was pushed: its cause. There
 * is no promise and nothing is allocated in the loop.
 */
import { invariant } from '../../reference/assert.ts';
import {
  allocate,
  createEventPool,
  DEAD,
  type EventPool,
  type Handle,
  handleOf,
  NONE,
  release,
  retire,
  slotOf,
} from './event-pool.ts';
import { createOverflowHeap, type OverflowHeap } from './overflow-heap.ts';
import { type ChooseTie, createTies, type TiePolicy } from './tie-policy.ts';
import { createTimingWheel, HORIZON, type TimingWheel } from './timing-wheel.ts';

export type { Handle } from './event-pool.ts';
export type { TiePolicy } from './tie-policy.ts';

/** An instant, or a duration, in ticks. */
export type Tick = number;

/** What is being processed. One object for all: valid until the next is taken. */
export interface KernelEvent {
  readonly at: Tick;
  /** 1 … 255; what it means is the caller's. */
  readonly kind: number;
  readonly entity: number;
  readonly payload: unknown;
  readonly sequence: number;
  readonly cause: number;
}

export interface Kernel {
  readonly now: Tick;
  /** Events that will still happen. */
  readonly pending: number;
  /** `at` ≥ now. */
  push(at: Tick, kind: number, entity: number, payload: unknown): Handle;
  /** False when it has happened already, or was cancelled. */
  cancel(handle: Handle): boolean;
  /** Takes the next event up to and including `until`. Null: there is none, and now is `until`. */
  take(until: Tick): KernelEvent | null;
}

export interface KernelOptions {
  readonly seed: number;
  readonly ties?: TiePolicy;
}

interface State {
  readonly pool: EventPool;
  readonly wheel: TimingWheel;
  readonly overflow: OverflowHeap;
  readonly choose: ChooseTie;
  /** Whether the choice looks at a whole bucket, which is then swept as a whole. */
  readonly seesAll: boolean;
  now: Tick;
  pushed: number;
}

type Current = { -readonly [name in keyof KernelEvent]: KernelEvent[name] };

export function createKernel({ seed, ties = { kind: 'fifo' } }: KernelOptions): Kernel {
  const pool = createEventPool();
  const state: State = {
    pool,
    wheel: createTimingWheel(pool),
    overflow: createOverflowHeap(pool),
    choose: createTies(pool, ties, seed),
    seesAll: ties.kind !== 'fifo',
    now: 0,
    pushed: 0,
  };
  const current: Current = {
    ...{ at: 0, kind: DEAD, entity: 0, payload: undefined, sequence: 0, cause: 0 },
  };
  return {
    get now() {
      return state.now;
    },
    get pending() {
      return pool.live;
    },
    push(at, kind, entity, payload) {
      const slot = fill(state, at, kind, entity);
      pool.payload[slot] = payload;
      pool.cause[slot] = current.sequence;
      return handleOf(pool, slot);
    },
    cancel(handle) {
      const slot = slotOf(pool, handle);
      if (slot === NONE) return false;
      retire(pool, slot);
      if ((pool.at[slot] as number) >= state.now + HORIZON) state.overflow.noteDead();
      return true;
    },
    take(until) {
      const slot = nextSlot(state, until);
      if (slot === NONE) {
        current.sequence = 0;
        return null;
      }
      load(current, pool, slot);
      release(pool, slot);
      return current;
    },
  };
}

function fill(state: State, at: Tick, kind: number, entity: number): number {
  invariant(at >= state.now && Number.isSafeInteger(at), `tick ${at} pushed at ${state.now}`);
  invariant(kind > DEAD && kind <= 255, `no kind ${kind}`);
  const { pool } = state;
  const slot = allocate(pool);
  state.pushed += 1;
  pool.at[slot] = at;
  pool.kind[slot] = kind;
  pool.entity[slot] = entity;
  pool.sequence[slot] = state.pushed;
  if (at < state.now + HORIZON) state.wheel.push(slot, at);
  else state.overflow.push(slot);
  return slot;
}

/** Out of its bucket, not yet released. Moves time on. */
function nextSlot(state: State, until: Tick): number {
  for (;;) {
    const at = Math.min(state.wheel.firstAt(state.now), state.overflow.firstAt());
    if (at > until || at === Infinity) {
      if (Number.isFinite(until)) advance(state, until);
      return NONE;
    }
    advance(state, at);
    sweep(state, at);
    const head = state.wheel.head(at);
    if (head !== NONE) return takeOut(state, head, at);
  }
}

/**
 * What comes within the horizon moves into the wheel before anything can be pushed there for the
 * same tick, so the order of pushes holds across both.
 */
function advance(state: State, to: Tick): void {
  invariant(to >= state.now, `time went back from ${state.now} to ${to}`);
  state.now = to;
  const { overflow, pool, wheel } = state;
  while (overflow.firstAt() < to + HORIZON) {
    const slot = overflow.pop();
    if (pool.kind[slot] === DEAD) release(pool, slot);
    else wheel.push(slot, pool.at[slot] as number);
  }
}

/** Takes the cancelled out of the bucket, so that a tie is among what will happen. */
function sweep({ pool, wheel, seesAll }: State, at: Tick): void {
  let before = NONE;
  for (let slot = wheel.head(at); slot !== NONE && (seesAll || before === NONE); ) {
    const after = pool.next[slot] as number;
    if (pool.kind[slot] === DEAD) {
      wheel.take(slot, before, at);
      release(pool, slot);
    } else before = slot;
    slot = after;
  }
}

function takeOut({ pool, wheel, choose }: State, head: number, at: Tick): number {
  const chosen = choose(head);
  let before = NONE;
  for (let slot = head; slot !== chosen; slot = pool.next[slot] as number) before = slot;
  wheel.take(chosen, before, at);
  return chosen;
}

function load(current: Current, pool: EventPool, slot: number): void {
  current.at = pool.at[slot] as number;
  current.kind = pool.kind[slot] as number;
  current.entity = pool.entity[slot] as number;
  current.payload = pool.payload[slot];
  current.sequence = pool.sequence[slot] as number;
  current.cause = pool.cause[slot] as number;
}
