/** When the sweep of what has expired runs: rounded up to whole minutes, so that it runs seldom. */
import type { Context } from '../../core.ts';
import { type Micros, seconds } from '../../time.ts';
import type { Server } from './state.ts';
import { timerName } from './timers.ts';

const GRAIN = seconds(60);

export function scheduleSweep(server: Server, expiresAt: Micros, context: Context): void {
  const at = Math.ceil(Math.max(expiresAt, context.now + 1) / GRAIN) * GRAIN;
  if (server.sweepAt !== null && server.sweepAt <= at) return;
  server.sweepAt = at;
  context.emit({ type: 'set-timer', timer: timerName('sweep'), at });
}
