import { defineMessage, type MessageOf } from '../../message.ts';
import { oneOf, seconds, text, userId, uuid } from '../../schema.ts';

/**
 * C26. The presence of a device of a user, to a subscriber. Never `invisible` (C-PRES-01).
 */
export const presenceNotification = defineMessage({
  type: 'presence_notification',
  row: 'C26',
  layer: 'client',
  code: 0x22,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['authenticated'],
  shape: 'C-PRES-01',
  source: ['C 7.1'],
  readings: ['L-C12'],
  summary: 'Tells a subscriber the presence of a device of a user.',
  fields: {
    user_id: userId(),
    device_id: uuid(),
    status: oneOf(['online', 'away', 'busy', 'offline'], 'C-PRES-01'),
    timestamp: seconds(),
  },
  optional: {
    status_message: text(256),
  },
});
export type PresenceNotification = MessageOf<typeof presenceNotification>;
