/**
 * Waiting on real sockets: whoever waits is asked again whenever something comes, and no later than its
 * limit. The death of the subject ends every wait, so that nobody takes it for silence.
 */
import type { Micros } from '../../../reference/time.ts';
import { createSystemClock } from '../../../reference/transport/clock.ts';
import { Untestable } from '../case.ts';
import type { SubjectUnreachable } from '../ground.ts';

export interface RealTime {
  now(): Micros;
  /** Something has come. */
  stir(): void;
  /** The subject has died: every wait fails, until it is started again. */
  end(death: SubjectUnreachable): void;
  resume(): void;
  /** Throws when the subject has died. */
  assertAlive(): void;
  /** A defect of the suite, met where nobody waits: whoever waits now or next is told. */
  blame(error: unknown): void;
  until<T>(found: () => T | undefined, withinMs: number): Promise<T | undefined>;
  pass(durationMs: number): Promise<void>;
  /** All who wait stop waiting, empty-handed. */
  close(): void;
}

interface Waiter {
  serve(): void;
  expire(): void;
  fail(error: unknown): void;
}

/** Longer waits belong on the virtual clock: a run should take less than a minute. */
const LONGEST_PASS_MS = 2000;

export function createRealTime(): RealTime {
  const waiters = new Set<Waiter>();
  let death: SubjectUnreachable | null = null;
  let blamed: { error: unknown } | null = null;

  function failAll(error: unknown): void {
    for (const waiter of [...waiters]) waiter.fail(error);
  }

  function assertAlive(): void {
    if (death) throw death;
    if (!blamed) return;
    const { error } = blamed;
    blamed = null;
    throw error;
  }

  async function until<T>(found: () => T | undefined, withinMs: number): Promise<T | undefined> {
    const already = found();
    if (already !== undefined) return already;
    assertAlive();
    return new Promise((resolve, reject) => {
      const done = <R>(settle: (result: R) => void, result: R): void => {
        clearTimeout(limit);
        waiters.delete(waiter);
        settle(result);
      };
      const serve = (): void => {
        const value = found();
        if (value !== undefined) done(resolve, value);
      };
      const expire = () => done(resolve, undefined);
      const waiter: Waiter = { serve, expire, fail: (error) => done(reject, error) };
      const limit = setTimeout(expire, withinMs);
      waiters.add(waiter);
    });
  }

  return {
    now: createSystemClock(),
    stir() {
      for (const waiter of [...waiters]) waiter.serve();
    },
    end(reported) {
      death = reported;
      failAll(reported);
    },
    resume() {
      death = null;
    },
    assertAlive,
    blame(error) {
      if (waiters.size > 0) failAll(error);
      else blamed ??= { error };
    },
    until,
    async pass(durationMs) {
      if (durationMs > LONGEST_PASS_MS) throw new Untestable(tooLong(durationMs));
      const end = Date.now() + durationMs;
      await until(() => undefined, durationMs);
      // Timers may fire a little early by the clock that the subject reads.
      while (Date.now() < end) await until(() => undefined, 1);
    },
    close() {
      for (const waiter of [...waiters]) waiter.expire();
    },
  };
}

function tooLong(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  return `needs ${seconds} s of waiting: run with --ground in-process`;
}
