/** When the sweep of what has expired runs: rounded up to whole minutes, so that it runs seldom. */
import { limits } from '../../../spec/limits.ts';
import type { Context } from '../../core.ts';
import { type Micros, seconds } from '../../time.ts';
import type { Server, TrackedMessage } from './state.ts';
import { timerName } from './timers.ts';

const GRAIN = seconds(60);

export function scheduleSweep(server: Server, expiresAt: Micros, context: Context): void {
  const at = Math.ceil(Math.max(expiresAt, context.now + 1) / GRAIN) * GRAIN;
  if (server.sweepAt !== null && server.sweepAt <= at) return;
  server.sweepAt = at;
  context.emit({ type: 'set-timer', timer: timerName('sweep'), at });
}

/** A day to be delivered, and another for the sender to come and ask what became of it. */
export function forgottenAt({ acceptedAt }: Pick<TrackedMessage, 'acceptedAt'>): Micros {
  return acceptedAt + seconds(2 * limits.offlineSeconds);
}
