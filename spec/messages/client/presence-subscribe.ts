import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, list, userId } from '../../schema.ts';

/**
 * C25. Begins or ends the notifications about users. Unknown users are passed over in silence.
 */
export const presenceSubscribe = defineMessage({
  type: 'presence_subscribe',
  row: 'C25',
  layer: 'client',
  code: 0x21,
  codeProposed: true,
  direction: 'client-to-server',
  legalIn: ['authenticated'],
  answeredBy: ['presence_notification', 'error'],
  shape: 'C-PRES-02',
  source: ['C 7.1'],
  summary: 'Begins or ends the notifications about the presence of users.',
  fields: {
    user_ids: list(userId(), { min: 1, max: limits.devicesPerMessage, unique: true }),
    subscribe: flag(),
  },
});
export type PresenceSubscribe = MessageOf<typeof presenceSubscribe>;
