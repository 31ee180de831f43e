/**
 * Who handles which message of a device. It is here only after state, rate and shape have been
 * judged (frames.ts).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Context } from '../../core.ts';
import { authenticationAnswered, authenticationRequested } from './authentication.ts';
import { conversationRequested } from './conversations.ts';
import { pinged, ponged } from './keepalive.ts';
import { keysRequested } from './keys.ts';
import { messageSent } from './message-send.ts';
import { connectionRequested } from './negotiation.ts';
import { messageAcknowledged, messageRead } from './receipts.ts';
import { refuseMessage } from './refusal.ts';
import { registrationAnswered, registrationRequested } from './registration.ts';
import { revocationReceived } from './revocation.ts';
import type { Connection, Server, Session } from './state.ts';

export function dispatch(
  server: Server,
  connection: Connection,
  message: NorcMessage,
  context: Context,
): void {
  switch (message.type) {
    case 'connection_request':
      return connectionRequested(server, connection, message, context);
    case 'device_register':
      return registrationRequested(server, connection, message, context);
    case 'registration_response':
      return registrationAnswered(server, connection, message, context);
    case 'auth_request':
      return authenticationRequested(server, connection, message, context);
    case 'auth_response':
      return authenticationAnswered(server, connection, message, context);
    case 'ping':
      return pinged(connection, message, context);
    case 'pong':
      return ponged(connection);
    case 'extension':
      return; // X-EXT-01: none is known
    default:
      // Without a session nobody is there to act for, whatever the guards before have let through.
      if (connection.session)
        dispatchInSession(server, connection, connection.session, message, context);
  }
}

function dispatchInSession(
  server: Server,
  connection: Connection,
  session: Session,
  message: NorcMessage,
  context: Context,
): void {
  switch (message.type) {
    case 'message_send':
      return messageSent(server, connection, session, message, context);
    case 'message_ack':
      return messageAcknowledged(server, session, message, context);
    case 'read_receipt':
      return messageRead(server, connection, session, message, context);
    case 'key_request':
      return keysRequested(server, connection, session, message, context);
    case 'conversation_create':
      return conversationRequested(server, connection, session, message, context);
    case 'device_revoke':
      return revocationReceived(server, connection, session, message, context);
    default:
      return notSupported(connection, message.type, context);
  }
}

/** C-CONN-08: what needs a capability that is not in both lists, and what this build lacks. */
function notSupported(connection: Connection, type: string, context: Context): void {
  if (context.must('C-CONN-08', false)) return;
  const code = errorCode.common.notAuthorized;
  const reason = 'not_supported';
  refuseMessage(connection, { requirement: 'C-CONN-08', code, reason, detail: type }, context);
}
