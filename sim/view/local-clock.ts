/** What the clock of a server shows while a run lasts, as pieces of straight lines. */
import { clockChangeOf } from '../plan/clock-item.ts';
import type { PlanItem } from '../plan/plan.ts';
import { microsOf } from '../ticks.ts';
import type { ServerSpec } from '../world/world-spec.ts';

/** From a tick on: so far from true time, and so much faster. */
export interface ClockPiece {
  readonly at: number;
  readonly offsetMicros: number;
  readonly driftPpm: number;
}

export function clockPieces(
  { id, clock }: Pick<ServerSpec, 'id' | 'clock'>,
  plan: readonly PlanItem[],
): readonly ClockPiece[] {
  const changes = plan
    .filter(({ kind, target }) => kind === 'clock' && target.flat().includes(id))
    .flatMap((item) => [
      { at: item.at, change: clockChangeOf(item, 'begun', clock) },
      ...(item.until === null
        ? []
        : [{ at: item.until, change: clockChangeOf(item, 'ended', clock) }]),
    ])
    .sort((one, other) => one.at - other.at);
  const first = { at: 0, offsetMicros: clock.by ?? 0, driftPpm: clock.driftPpm ?? 0 };
  const pieces: ClockPiece[] = [first];
  for (const { at, change } of changes) {
    const offsetMicros = onPiece(pieces.at(-1) ?? first, at) + change.by;
    pieces.push({ at, offsetMicros, driftPpm: change.driftPpm });
  }
  return pieces;
}

/** How far the clock is from true time at a tick. One that was put back stands until time catches up. */
export function offsetAt(pieces: readonly ClockPiece[], tick: number): number {
  let latest = Number.NEGATIVE_INFINITY;
  for (const [place, piece] of pieces.entries()) {
    if (piece.at > tick) break;
    const until = Math.min(tick, pieces[place + 1]?.at ?? tick);
    const shown = microsOf(until) + onPiece(piece, until);
    latest = Math.max(latest, shown, microsOf(piece.at) + piece.offsetMicros);
  }
  return latest - microsOf(tick);
}

const onPiece = ({ at, offsetMicros, driftPpm }: ClockPiece, tick: number): number =>
  offsetMicros + Math.floor((microsOf(tick - at) * driftPpm) / 1_000_000);
