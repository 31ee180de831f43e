/**
 * Timers in the order in which they are due; those of one instant in the order in which they were
 * set.
 */

import type { Timers } from '../../../reference/node/run-node.ts';
import type { Micros } from '../../../reference/time.ts';

export interface DueTimer {
  readonly at: Micros;
  fire(): void;
}

export interface TimerQueue {
  /** Timers that tell `fired` their names. Names are the owner's own. */
  timersFor(fired: (timer: string) => void): Timers;
  /** Takes out the first timer that is due by `end`. */
  takeDue(end: Micros): DueTimer | undefined;
}

export function createTimerQueue(): TimerQueue {
  // Latest first, so that the next one is cheap to take.
  const entries: DueTimer[] = [];
  return {
    timersFor(fired) {
      const own = new Map<string, DueTimer>();
      const cancel = (timer: string): void => {
        const entry = own.get(timer);
        if (entry) entries.splice(entries.indexOf(entry), 1);
        own.delete(timer);
      };
      return {
        set(timer, at) {
          cancel(timer);
          const fire = (): void => {
            own.delete(timer);
            fired(timer);
          };
          const entry: DueTimer = { at, fire };
          own.set(timer, entry);
          entries.splice(placeOf(entries, at), 0, entry);
        },
        cancel,
        close() {
          for (const timer of [...own.keys()]) cancel(timer);
        },
      };
    },
    takeDue(end) {
      const next = entries.at(-1);
      return next !== undefined && next.at <= end ? entries.pop() : undefined;
    },
  };
}

/** Before all that are due at the same instant or earlier: they fire first. */
function placeOf(entries: readonly DueTimer[], at: Micros): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.at ?? 0) > at) low = middle + 1;
    else high = middle;
  }
  return low;
}
