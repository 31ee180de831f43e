/** Timers of one server on the kernel. They are due by the server's own clock, which may change. */
import type { Timers } from '../../reference/node/run-node.ts';
import type { Micros } from '../../reference/time.ts';
import type { Handle, Kernel } from '../kernel/kernel.ts';
import type { ServerClock } from './server-clock.ts';

export interface VirtualTimer {
  readonly name: string;
  at: Micros;
  handle: Handle | null;
  fire(): void;
}

export interface VirtualTimers extends Timers {
  /** After the clock has changed. */
  rearm(): void;
}

export interface TimerParts {
  readonly kernel: Kernel;
  readonly clock: ServerClock;
  readonly kind: number;
  readonly entity: number;
}

export function createVirtualTimers(
  { kernel, clock, kind, entity }: TimerParts,
  fired: (timer: string) => void,
): VirtualTimers {
  const timers = new Map<string, VirtualTimer>();
  const arm = (timer: VirtualTimer): void => {
    const due = clock.tickOf(timer.at, kernel.now);
    // A clock that stands still has no such instant before it is changed.
    timer.handle = Number.isFinite(due) ? kernel.push(due, kind, entity, timer) : null;
  };
  const disarm = ({ handle }: VirtualTimer): void => {
    if (handle !== null) kernel.cancel(handle);
  };
  const create = (name: string, at: Micros): VirtualTimer => {
    const fire = (): void => {
      timers.delete(name);
      fired(name);
    };
    return { name, at, handle: null, fire };
  };
  /** Taken out, so that what is set again stands behind the others when all are armed anew. */
  const takeOut = (name: string): VirtualTimer | undefined => {
    const timer = timers.get(name);
    if (!timer) return undefined;
    disarm(timer);
    timers.delete(name);
    return timer;
  };
  return {
    set(name, at) {
      const timer = takeOut(name) ?? create(name, at);
      timer.at = at;
      timers.set(name, timer);
      arm(timer);
    },
    cancel: (name) => void takeOut(name),
    rearm() {
      for (const timer of timers.values()) {
        disarm(timer);
        arm(timer);
      }
    },
    close() {
      for (const timer of timers.values()) disarm(timer);
      timers.clear();
    },
  };
}
