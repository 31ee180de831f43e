/**
 * Part 2.1 row 9: a failed registration or authentication is answered with as little as possible, and
 * the third one on a connection ends it (C-AUTH-08).
 */
import { limits } from '../../../spec/limits.ts';
import type { Context } from '../../core.ts';
import { audit } from './auditing.ts';
import { closeConnection } from './closing.ts';
import { closeCode, type Refusal, refuseMessage } from './refusal.ts';
import type { Connection, Server } from './state.ts';

export function attemptFailed(
  server: Server,
  connection: Connection,
  refusal: Refusal,
  context: Context,
): void {
  connection.failures += 1;
  refuseMessage(connection, refusal, context);
  const { id } = connection;
  const parameters = { requirement: refusal.requirement };
  audit(
    server,
    {
      event: 'authentication',
      target: id,
      actor: id,
      result: 'failure',
      risk: 'medium',
      parameters,
    },
    context,
  );
  if (context.must('C-AUTH-08', connection.failures < limits.authenticationFailures)) return;
  const close = { code: closeCode.policy, reason: 'authentication failed' };
  closeConnection(server, connection, close, context);
}
