import { defineMessage, type MessageOf } from '../../message.ts';
import { seconds, text, userId, uuid, versionText } from '../../schema.ts';

/**
 * C10. Names the user and device that want a session. The master puts a signature here, over a
 * challenge that nobody has issued yet; it is accepted and ignored (L-C03).
 */
export const authRequest = defineMessage({
  type: 'auth_request',
  row: 'C10',
  layer: 'client',
  code: 0x03,
  direction: 'client-to-server',
  legalIn: ['authenticating'],
  answeredBy: ['auth_challenge', 'error'],
  shape: 'C-AUTH-01',
  source: ['C 4.1', 'M 3.2.2'],
  readings: ['L-C03', 'L-C06', 'L-X17'],
  summary: 'Names the user and device that want a session.',
  fields: {
    user_id: userId(),
    device_id: uuid(),
    timestamp: seconds(),
  },
  optional: {
    client_version: versionText(),
    signature: text(256),
  },
});
export type AuthRequest = MessageOf<typeof authRequest>;
