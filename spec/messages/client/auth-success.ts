import { defineMessage, type MessageOf } from '../../message.ts';
import { capabilities, list, record, text, userId, uuid } from '../../schema.ts';
import { sessionPermission } from '../common/session.ts';

/**
 * C13. Opens the session. `session_id` is that of the handshake (C-CONN-13).
 */
export const authSuccess = defineMessage({
  type: 'auth_success',
  row: 'C13',
  layer: 'client',
  code: 0x0a,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['authenticating'],
  shape: 'C-AUTH-01',
  source: ['C 4.1', 'C 4.2'],
  readings: ['L-C05'],
  summary: 'Opens the session and tells what the user may do.',
  fields: {
    session_id: uuid(),
    user_info: record({
      fields: {
        user_id: userId(),
        permissions: list(sessionPermission(), {
          max: 4,
          unique: true,
          requirement: 'C-AUTH-07',
        }),
      },
      optional: { display_name: text(256), avatar_url: text(2048) },
    }),
    server_capabilities: capabilities(),
  },
});
export type AuthSuccess = MessageOf<typeof authSuccess>;
