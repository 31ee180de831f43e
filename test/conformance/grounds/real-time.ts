/**
 * Waiting on real sockets: whoever waits is asked again whenever something comes, and no later than
 * its limit. The death of the subject ends every wait, so that nobody takes it for silence.
 */
import type { Micros } from '../../../reference/time.ts';
import { createSystemClock } from '../../../reference/transport/clock.ts';
import { Untestable } from '../case.ts';
import { createWaits, type Waits } from './waits.ts';

export interface RealTime extends Pick<Waits, 'end' | 'resume' | 'assertAlive' | 'blame'> {
  now(): Micros;
  /** Something has come. */
  stir(): void;
  until<T>(found: () => T | undefined, withinMs: number): Promise<T | undefined>;
  pass(durationMs: number): Promise<void>;
  /** All who wait stop waiting, empty-handed. */
  close(): void;
}

/** Longer waits belong on the virtual clock: a run should take less than a minute. */
const LONGEST_PASS_MS = 2000;

export function createRealTime(): RealTime {
  const waits = createWaits();
  const { end, resume, assertAlive, blame } = waits;
  const until = <T>(found: () => T | undefined, withinMs: number): Promise<T | undefined> =>
    waits.until(found, (waiter) => {
      const limit = setTimeout(() => waiter.expire(), withinMs);
      return () => clearTimeout(limit);
    });
  return {
    ...{ end, resume, assertAlive, blame, until },
    now: createSystemClock(),
    stir() {
      for (const waiter of waits.waiting()) waiter.serve();
    },
    async pass(durationMs) {
      if (durationMs > LONGEST_PASS_MS) throw new Untestable(tooLong(durationMs));
      const over = Date.now() + durationMs;
      await until(() => undefined, durationMs);
      // Timers may fire a little early by the clock that the subject reads.
      while (Date.now() < over) await until(() => undefined, 1);
    },
    close() {
      for (const waiter of waits.waiting()) waiter.expire();
    },
  };
}

function tooLong(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000);
  return `needs ${seconds} s of waiting: run with --ground in-process`;
}
