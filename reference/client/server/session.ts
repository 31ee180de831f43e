/**
 * The session of an authenticated device (C-AUTH-07, C-SES-01, L-C05): what it may do, when it ends,
 * and what has waited for it.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { Context } from '../../core.ts';
import { seconds } from '../../time.ts';
import { deliverNotices } from './announcing.ts';
import { audit } from './auditing.ts';
import { bounds } from './bounds.ts';
import { serverCapabilities } from './capabilities.ts';
import { closeConnection } from './closing.ts';
import { userPermissions } from './directory.ts';
import { deliverStored } from './mailbox.ts';
import { announceOutcomes } from './progress.ts';
import { abort, closeCode, type Refusal } from './refusal.ts';
import type { Connection, Server, Session } from './state.ts';
import { sendTimeSync } from './time-sync.ts';
import { timerName } from './timers.ts';

export function openSession(
  server: Server,
  connection: Connection,
  { userId, deviceId }: Pick<Session, 'userId' | 'deviceId'>,
  context: Context,
): void {
  const { config } = server;
  const permissions = server.users.get(userId)?.permissions ?? userPermissions;
  const expiresAt = context.now + seconds(config.policy.sessionSeconds);
  connection.phase = 'authenticated';
  connection.session = { userId, deviceId, permissions: new Set(permissions), expiresAt };
  const { id } = connection;
  context.emit({ type: 'cancel-timer', timer: timerName('authentication', id) });
  context.emit({ type: 'set-timer', timer: timerName('session', id), at: expiresAt });
  audit(
    server,
    { event: 'authentication', target: userId, actor: deviceId, result: 'success', risk: 'low' },
    context,
  );
  makeRoom(server, deviceId, context);
  server.sessions.set(deviceId, [...(server.sessions.get(deviceId) ?? []), id]);
  context.emit({
    type: 'send',
    connection: id,
    message: {
      type: 'auth_success',
      session_id: connection.agreed?.sessionId ?? '', // L-C05
      user_info: { user_id: userId, permissions: [...permissions] as Permission[] },
      server_capabilities: serverCapabilities(config),
    },
  });
  sendTimeSync(server, connection, context);
  deliverNotices(server, deviceId, context);
  deliverStored(server, deviceId, context);
  announceOutcomes(server, deviceId, context);
}

type Permission = 'send_messages' | 'make_calls' | 'create_rooms' | 'admin';

/** True when the session had ended and the connection has been closed (Part 2.1 row 13). */
export function isOver(server: Server, connection: Connection, context: Context): boolean {
  const { session } = connection;
  if (!session || context.must('C-SES-01', context.now < session.expiresAt)) return false;
  abort(server, connection, expired, closeCode.policy, context);
  return true;
}

const expired: Refusal = {
  requirement: 'C-SES-01',
  code: errorCode.client.sessionExpired,
  detail: 'the session is over',
};

function makeRoom(server: Server, deviceId: string, context: Context): void {
  const ids = server.sessions.get(deviceId) ?? [];
  const oldest = ids.length < bounds.sessionsPerDevice ? undefined : ids[0];
  const connection = oldest === undefined ? undefined : server.connections.get(oldest);
  if (!connection) return;
  closeConnection(server, connection, { code: closeCode.policy, reason: 'too many' }, context);
}
