/**
 * Time that passes only when somebody waits for it. Everything that happens at an instant happens
 * before the next one comes: the clock moves on only after a whole turn of the event loop in which
 * nothing came to the node, so actors that answer asynchronously are never late.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { invariant } from '../../../reference/assert.ts';
import type { Clock, Timers } from '../../../reference/node/run-node.ts';
import { type Micros, millis } from '../../../reference/time.ts';
import { createTimerQueue, type TimerQueue } from './timer-queue.ts';
import { createWaits, type Waiter, type Waits } from './waits.ts';

export interface VirtualTime extends Pick<Waits, 'end' | 'resume' | 'blame'> {
  readonly now: Clock;
  /** For runNode: timers that fire as the clock passes them. */
  timers(clock: Clock, fired: (timer: string) => void): Timers;
  /** Something has happened: whoever waits is asked again before time goes on. */
  stir(): void;
  until<T>(found: () => T | undefined, withinMs: number): Promise<T | undefined>;
  pass(durationMs: number): Promise<void>;
  /** All who wait stop waiting, empty-handed. */
  close(): void;
}

interface State {
  readonly queue: TimerQueue;
  readonly waits: Waits;
  readonly deadlines: Map<Waiter, Micros>;
  now: Micros;
  /** Counts what happens, to see when nothing does. */
  stirred: number;
  /** Timers that have fired at this instant. */
  firedNow: number;
  isDriving: boolean;
}

/** So many timers at one instant are a node that winds itself up for ever. */
const TIMERS_AT_ONE_INSTANT = 10_000;

export function createVirtualTime(start: Micros): VirtualTime {
  const queue = createTimerQueue();
  const waits = createWaits();
  const deadlines = new Map<Waiter, Micros>();
  const counts = { now: start, stirred: 0, firedNow: 0 };
  const state: State = { queue, waits, deadlines, ...counts, isDriving: false };
  const until = <T>(found: () => T | undefined, withinMs: number): Promise<T | undefined> =>
    waits.until(found, (waiter) => {
      deadlines.set(waiter, state.now + millis(withinMs));
      if (!state.isDriving) void drive(state);
      return () => deadlines.delete(waiter);
    });
  const { end, resume, blame } = waits;
  return {
    ...{ end, resume, blame, until },
    now: () => state.now,
    timers: (_clock, fired) => queue.timersFor(fired),
    stir() {
      state.stirred += 1;
    },
    pass: async (durationMs) => void (await until(() => undefined, durationMs)),
    close() {
      for (const waiter of waits.waiting()) waiter.expire();
    },
  };
}

/** Runs while somebody waits, and only then. */
async function drive(state: State): Promise<void> {
  const { waits, deadlines } = state;
  state.isDriving = true;
  try {
    while (deadlines.size > 0) {
      await settled(state);
      const served = waits.waiting().filter((waiter) => waiter.serve());
      if (served.length === 0 && deadlines.size > 0) advance(state);
    }
  } catch (error) {
    for (const waiter of waits.waiting()) waiter.fail(error);
  } finally {
    state.isDriving = false;
  }
}

async function settled(state: State): Promise<void> {
  let before: number;
  do {
    before = state.stirred;
    await nextTurn();
  } while (before !== state.stirred);
}

/** To the next timer or to the end of the shortest wait, whichever comes first. */
function advance(state: State): void {
  const { queue, deadlines } = state;
  const end = Math.min(...deadlines.values());
  const due = queue.takeDue(end);
  moveTo(state, due ? due.at : end);
  if (due) {
    state.firedNow += 1;
    const isWound = state.firedNow >= TIMERS_AT_ONE_INSTANT;
    invariant(!isWound, 'the node sets timers for the same instant for ever');
    return due.fire();
  }
  for (const [waiter, deadline] of deadlines) if (deadline <= state.now) waiter.expire();
}

/** A timer that was due before fires now: the clock never goes back. */
function moveTo(state: State, instant: Micros): void {
  if (instant <= state.now) return;
  state.now = instant;
  state.firedNow = 0;
}
