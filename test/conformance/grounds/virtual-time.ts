/**
 * Time that passes only when somebody waits for it. Everything that happens at an instant happens
 * before the next one comes: the clock moves on only after a whole turn of the event loop in which
 * nothing came to the node, so actors that answer asynchronously are never late.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { invariant } from '../../../reference/assert.ts';
import { type Micros, millis } from '../../../reference/time.ts';
import type { Clock, Timers } from '../../../reference/transport/clock.ts';
import { createTimerQueue } from './timer-queue.ts';

export interface VirtualTime {
  readonly now: Clock;
  /** For runNode: timers that fire as the clock passes them. */
  timers(clock: Clock, fired: (timer: string) => void): Timers;
  /** Something has happened: whoever waits is asked again before time goes on. */
  stir(): void;
  /** The subject has ended: every wait fails, until it is started again. */
  end(death: Error): void;
  resume(): void;
  /** A defect of the suite, met where nobody waits: whoever waits now or next is told. */
  blame(error: unknown): void;
  until<T>(found: () => T | undefined, withinMs: number): Promise<T | undefined>;
  pass(durationMs: number): Promise<void>;
  /** All who wait stop waiting, empty-handed. */
  close(): void;
}

interface Waiter {
  readonly deadline: Micros;
  /** Ends the wait when there is something, and says whether it did. */
  serve(): boolean;
  expire(): void;
  fail(error: unknown): void;
}

/** So many timers at one instant are a node that winds itself up for ever. */
const TIMERS_AT_ONE_INSTANT = 10_000;

export function createVirtualTime(start: Micros): VirtualTime {
  const queue = createTimerQueue();
  const waiters = new Set<Waiter>();
  let now = start;
  let stirred = 0;
  let firedNow = 0;
  let isDriving = false;
  let ended: Error | null = null;
  let blamed: { error: unknown } | null = null;

  async function drive(): Promise<void> {
    isDriving = true;
    try {
      while (waiters.size > 0) {
        await settled();
        if (!served()) advance();
      }
    } catch (error) {
      failAll(error);
    } finally {
      isDriving = false;
    }
  }

  function failAll(error: unknown): void {
    for (const waiter of waiters) waiter.fail(error);
    waiters.clear();
  }

  async function settled(): Promise<void> {
    let before: number;
    do {
      before = stirred;
      await nextTurn();
    } while (before !== stirred);
  }

  function served(): boolean {
    const done = [...waiters].filter((waiter) => waiter.serve());
    for (const waiter of done) waiters.delete(waiter);
    return done.length > 0;
  }

  /** To the next timer or to the end of the shortest wait, whichever comes first. */
  function advance(): void {
    const end = Math.min(...[...waiters].map(({ deadline }) => deadline));
    const due = queue.takeDue(end);
    if (due) {
      moveTo(Math.max(now, due.at));
      firedNow += 1;
      invariant(
        firedNow < TIMERS_AT_ONE_INSTANT,
        'the node sets timers for the same instant forever',
      );
      due.fire();
      return;
    }
    moveTo(Math.max(now, end));
    for (const waiter of waiters) {
      if (waiter.deadline > now) continue;
      waiters.delete(waiter);
      waiter.expire();
    }
  }

  function moveTo(instant: Micros): void {
    if (instant > now) firedNow = 0;
    now = instant;
  }

  /** What happened before anybody waited, and ends the wait. */
  function faultBefore(): { error: unknown } | null {
    if (ended) return { error: ended };
    const fault = blamed;
    blamed = null;
    return fault;
  }

  function until<T>(found: () => T | undefined, withinMs: number): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const serve = (): boolean => {
        const value = found();
        if (value !== undefined) resolve(value);
        return value !== undefined;
      };
      if (serve()) return;
      const fault = faultBefore();
      if (fault) return reject(fault.error);
      const deadline = now + millis(withinMs);
      waiters.add({ deadline, serve, expire: () => resolve(undefined), fail: reject });
      if (!isDriving) void drive();
    });
  }

  return {
    now: () => now,
    timers: (_clock, fired) => queue.timersFor(fired),
    stir() {
      stirred += 1;
    },
    end(death) {
      ended = death;
      failAll(death);
    },
    resume() {
      ended = null;
    },
    blame(error) {
      if (waiters.size > 0) failAll(error);
      else blamed ??= { error };
    },
    until,
    pass: async (durationMs) => void (await until(() => undefined, durationMs)),
    close() {
      for (const waiter of waiters) waiter.expire();
      waiters.clear();
    },
  };
}
