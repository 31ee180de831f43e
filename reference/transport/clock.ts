/**
 * The clock of a running node, and its timers. Unix microseconds that never go back: an operator or
 * NTP may set the system's clock, but a core may rely on time that only passes.
 */
import type { Clock, Timers } from '../node/run-node.ts';
import { type Micros, millis } from '../time.ts';

export function createSystemClock(read: () => number = Date.now): Clock {
  let latest: Micros = 0;
  return () => {
    latest = Math.max(latest, millis(read()));
    return latest;
  };
}

/**
 * Node's timers hold at most 2^31 ms and count time in which the machine sleeps differently from
 * the clock. So a long wait is many short ones, each looking at the clock again.
 */
const LONGEST_SLEEP_MS = 60_000;

export function createTimers(clock: Clock, fired: (timer: string) => void): Timers {
  const sleeps = new Map<string, NodeJS.Timeout>();
  const sleep = (timer: string, at: Micros): void => {
    // Rounded up: a timer that fires early finds nothing due.
    const waitMs = Math.ceil(Math.max(0, at - clock()) / 1000);
    const wake = () => {
      if (clock() < at) return sleep(timer, at);
      sleeps.delete(timer);
      fired(timer);
    };
    sleeps.set(timer, setTimeout(wake, Math.min(waitMs, LONGEST_SLEEP_MS)));
  };
  const cancel = (timer: string): void => {
    clearTimeout(sleeps.get(timer));
    sleeps.delete(timer);
  };
  return {
    set(timer, at) {
      cancel(timer);
      sleep(timer, at);
    },
    cancel,
    close() {
      for (const timer of [...sleeps.keys()]) cancel(timer);
    },
  };
}
