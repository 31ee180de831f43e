/** What a server measures of itself: how long it has run, and how fast it answers (T 8.1). */
import { limits } from '../../../spec/limits.ts';
import type { LinkPort } from '../../ports.ts';
import { seconds, toMillis, toSeconds } from '../../time.ts';
import { keepMonitoring } from '../rows.ts';
import type { Scope } from '../scope.ts';
import type { TrustState } from '../state.ts';
import type { Running } from './monitoring-record.ts';

/** Lives that are remembered, and requests that are timed at once. [P] */
const MOST_LIVES = 256;
const MOST_TIMED = 1024;

/** A life of this process begins. What lay between it and the last sign of life was an outage. */
export function beginRunning(scope: Scope): void {
  const now = toSeconds(scope.context.now);
  const { monitoring } = scope.state;
  monitoring.running = [...monitoring.running, [now, now] as Running].slice(-MOST_LIVES);
  keepRunning(scope);
}

/** A sign of life. */
export function stillRunning(scope: Scope): void {
  const last = scope.state.monitoring.running.at(-1);
  if (last) last[1] = Math.max(last[1], toSeconds(scope.context.now));
  keepRunning(scope);
}

function keepRunning(scope: Scope): void {
  keepMonitoring(scope, 'running', { lives: scope.state.monitoring.running });
  const at = scope.context.now + seconds(limits.heartbeatSeconds);
  scope.context.emit({ type: 'set-timer', timer: 'trust/heartbeat', at });
}

/** Per cent, with one decimal, of the part of the period that we know anything of. */
export function uptimePercentage(
  { state, context }: Scope,
  { start, end }: { readonly start: number; readonly end: number },
): number {
  const { running } = state.monitoring;
  const now = toSeconds(context.now);
  const from = Math.max(start, running[0]?.[0] ?? now);
  const until = Math.min(end, now);
  if (until <= from) return 100;
  const lives = running.map(([began, ended], at): Running => {
    return [began, at === running.length - 1 ? now : ended];
  });
  const up = lives.reduce((total, [began, ended]) => {
    return total + Math.max(0, Math.min(ended, until) - Math.max(began, from));
  }, 0);
  return Math.round((1000 * up) / (until - from)) / 10;
}

/** The link, with every answer of ours timed. */
export function timed(state: TrustState, link: LinkPort): LinkPort {
  return {
    ...link,
    answer(exchange, status, message, context) {
      const since = state.monitoring.taken.get(exchange);
      if (since !== undefined) {
        state.monitoring.taken.delete(exchange);
        state.monitoring.answered.count += 1;
        state.monitoring.answered.totalMicros += context.now - since;
      }
      link.answer(exchange, status, message, context);
    },
  };
}

/** A request of a peer has come. */
export function noteTaken({ state, context }: Scope, exchange: string | null): void {
  const { taken } = state.monitoring;
  if (exchange === null || taken.size >= MOST_TIMED) return;
  taken.set(exchange, context.now);
}

/** Milliseconds, over the requests of NORC-T that this process has answered. */
export function averageResponseMs({ state }: Scope): number {
  const { count, totalMicros } = state.monitoring.answered;
  return count === 0 ? 0 : toMillis(totalMicros / count);
}
