import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { capabilities, list, record, seconds, serverId, text, userId, uuid } from '../../schema.ts';
import { presenceStatus } from '../client/presence-update.ts';

/**
 * F13. Presence of one device for users elsewhere. The receiver intersects `subscribers` with its
 * own table (L-F17), and drops the message without the permission (F-PRES-01).
 */
export const presenceFederation = defineMessage({
  type: 'presence_federation',
  row: 'F13',
  layer: 'federation',
  code: 0x82,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  shape: 'F-PRES-01',
  source: ['F 6.2'],
  readings: ['L-F09', 'L-F17', 'L-C12', 'L-W02'],
  summary: 'Tells subscribed users of another server about a change of presence.',
  fields: {
    user_id: userId(),
    device_id: uuid(),
    origin_server: serverId(),
    target_servers: list(serverId(), { min: 1, max: limits.recipientsPerMessage }),
    presence_data: record({
      fields: {
        status: presenceStatus(),
        last_seen: seconds(),
        capabilities: capabilities(),
      },
      optional: { status_message: text(256) },
    }),
    subscribers: list(userId(), { max: limits.devicesPerMessage }),
    timestamp: seconds(),
  },
});
export type PresenceFederation = MessageOf<typeof presenceFederation>;
