import { defineMessage, type MessageOf } from '../../message.ts';
import { capabilities, oneOf, seconds, text, userId, uuid } from '../../schema.ts';

/** `invisible` comes from the device only; others see `offline` (L-C12, C-PRES-01). */
export const presenceStatus = () =>
  oneOf(['online', 'away', 'busy', 'invisible', 'offline'], 'C-PRES-01');

/**
 * C24. A device tells its own presence, and no other's (C-PRES-04).
 */
export const presenceUpdate = defineMessage({
  type: 'presence_update',
  row: 'C24',
  layer: 'client',
  code: 0x20,
  direction: 'client-to-server',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  shape: 'C-PRES-04',
  source: ['C 7.1', 'M 3.3.2'],
  readings: ['L-C12'],
  summary: 'Tells the presence of this device.',
  fields: {
    user_id: userId(),
    device_id: uuid(),
    status: presenceStatus(),
    capabilities: capabilities(),
    last_seen: seconds(),
  },
  optional: {
    status_message: text(256),
    idle_since: seconds(),
  },
});
export type PresenceUpdate = MessageOf<typeof presenceUpdate>;
