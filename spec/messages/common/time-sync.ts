import { defineMessage, type MessageOf } from '../../message.ts';
import { millis, seconds, serverId, signature } from '../../schema.ts';

/**
 * The signed time of a server. It moves a logical offset, never the system clock (X-TIME-05). Also
 * legal between servers.
 */
export const timeSync = defineMessage({
  type: 'time_sync',
  row: '1.0',
  layer: 'common',
  code: 0x33,
  direction: 'server-to-client',
  legalIn: ['authenticating', 'authenticated'],
  signed: { member: 'signature', by: 'server', added: true },
  shape: 'X-TIME-04',
  source: ['C App A', 'M 6.17', 'TV 14', 'F App A.3'],
  readings: ['L-X10'],
  summary: 'Tells the time of the server, with its uncertainty, under the server key.',
  fields: {
    server_time: seconds(),
    uncertainty_ms: millis(),
    server_id: serverId(),
  },
  added: {
    signature: signature(),
  },
});
export type TimeSync = MessageOf<typeof timeSync>;
