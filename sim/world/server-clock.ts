/**
 * What one server believes the time to be: an offset, a drift in parts of a million, and changes of
 * either while it runs. What it tells a core never goes back (reference/node/run-node.ts): after a
 * step back it stands still until real time has caught up.
 */
import type { Micros } from '../../reference/time.ts';
import type { Tick } from '../kernel/kernel.ts';
import { microsOf, ticksOf } from '../ticks.ts';

export interface ServerClock {
  /** Local time at a tick. */
  at(now: Tick): Micros;
  /** The first tick at which the clock shows `local`; Infinity when it stands still before. */
  tickOf(local: Micros, now: Tick): Tick;
  /** `by`: forward or back at once. `driftPpm`: how much faster it goes; −1,000,000 stands still. */
  change(change: ClockChange, now: Tick): void;
}

export interface ClockChange {
  readonly by?: Micros;
  readonly driftPpm?: number;
}

const MILLION = 1_000_000;

/** `start`: true time at tick 0, in Unix microseconds. */
export function createServerClock(start: Micros, initial: ClockChange = {}): ServerClock {
  let since: Tick = 0;
  let base = start + (initial.by ?? 0);
  let drift = initial.driftPpm ?? 0;
  let latest = 0;
  const shown = (now: Tick): Micros => {
    const passed = microsOf(now - since);
    return base + passed + Math.floor((passed * drift) / MILLION);
  };
  return {
    at(now) {
      latest = Math.max(latest, shown(now));
      return latest;
    },
    tickOf(local, now) {
      if (local <= shown(now)) return now;
      const rate = MILLION + drift;
      if (rate <= 0) return Number.POSITIVE_INFINITY;
      const due = since + ticksOf(((local - base) * MILLION) / rate);
      // Rounding down above may leave the clock a microsecond short.
      return shown(due) < local ? due + 1 : due;
    },
    change({ by = 0, driftPpm }, now) {
      base = shown(now) + by;
      since = now;
      drift = driftPpm ?? drift;
    },
  };
}
