/** What a plan item does to the clock of a server when it begins, and when it ends. */
import { microsOf } from '../ticks.ts';
import type { ClockChange } from '../world/server-clock.ts';
import type { PlanItem } from './plan.ts';

/** A clock that stands still gains nothing in any time. */
const STANDS_STILL_PPM = -1_000_000;

export function clockChangeOf({ params }: PlanItem, phase: 'begun' | 'ended', own: ClockChange) {
  const step = microsOf(Number(params.step ?? 0));
  const ownDrift = own.driftPpm ?? 0;
  if (phase === 'ended') return { by: -step, driftPpm: ownDrift };
  const drift = params.freeze === true ? STANDS_STILL_PPM : Number(params.drift ?? ownDrift);
  return { by: step, driftPpm: drift };
}
