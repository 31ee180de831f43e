/** The end of a connection: timers stop, undelivered messages wait for the next session. */
import type { Context } from '../../core.ts';
import { redeliver } from './mailbox.ts';
import type { Connection, Server } from './state.ts';
import { timerName } from './timers.ts';

/** Ours to close. Nothing that still comes on it is answered (Part 2.1 row 16). */
export function closeConnection(
  server: Server,
  connection: Connection,
  close: { readonly code: number; readonly reason: string },
  context: Context,
): void {
  context.emit({ type: 'close', connection: connection.id, ...close });
  forgetConnection(server, connection, context);
}

/** Closed already, by whichever side. */
export function forgetConnection(server: Server, connection: Connection, context: Context): void {
  if (!server.connections.delete(connection.id)) return;
  stopTimers(connection, context);
  const { session } = connection;
  if (!session) return;
  const others = (server.sessions.get(session.deviceId) ?? []).filter((id) => id !== connection.id);
  if (others.length > 0) server.sessions.set(session.deviceId, others);
  else server.sessions.delete(session.deviceId);
  redeliver(server, session.deviceId, connection.id, context);
}

function stopTimers({ id, phase }: Connection, context: Context): void {
  const running = {
    connecting: ['handshake'],
    authenticating: ['authentication', 'ping'],
    authenticated: ['session', 'ping'],
  } as const;
  for (const kind of running[phase]) {
    context.emit({ type: 'cancel-timer', timer: timerName(kind, id) });
  }
}
