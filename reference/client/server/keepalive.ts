/**
 * C5, C-CONN-09, L-C16: the server pings too, answers pings at once, and takes a device that leaves
 * two pings unanswered for dead (Part 2.1 row 15).
 */
import { limits } from '../../../spec/limits.ts';
import type { Ping } from '../../../spec/messages/client/ping.ts';
import type { Context } from '../../core.ts';
import { seconds, toSeconds } from '../../time.ts';
import { closeConnection } from './closing.ts';
import { closeCode } from './refusal.ts';
import type { Connection, Server } from './state.ts';
import { timerName } from './timers.ts';

export function startKeepalive({ id }: Connection, context: Context): void {
  const at = context.now + seconds(limits.keepaliveSeconds);
  context.emit({ type: 'set-timer', timer: timerName('ping', id), at });
}

export function pingDue(server: Server, connection: Connection, context: Context): void {
  if (!context.must('C-CONN-09', connection.unansweredPings < limits.missedPongs)) {
    const close = { code: closeCode.goingAway, reason: 'no answer to pings' };
    return closeConnection(server, connection, close, context);
  }
  connection.unansweredPings += 1;
  const message = { type: 'ping' as const, timestamp: toSeconds(context.now) };
  context.emit({ type: 'send', connection: connection.id, message });
  startKeepalive(connection, context);
}

export function pinged({ id }: Connection, { timestamp }: Ping, context: Context): void {
  const message = { type: 'pong' as const, timestamp: toSeconds(context.now), echo: timestamp };
  context.emit({ type: 'send', connection: id, message });
}

export function ponged(connection: Connection): void {
  connection.unansweredPings = 0;
}
