import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  integer,
  list,
  micros,
  oneOf,
  record,
  serverId,
  signature,
  userId,
  uuid,
} from '../../schema.ts';
import { relayStatuses } from './enumerations.ts';

const deviceIds = list(uuid(), { max: limits.devicesPerMessage, unique: true });

/**
 * F8. Fate of one relay, device by device. Also answers a repeated relay, byte for byte the same
 * (L-F06). While suspended only for what was in flight (2.2 row 11).
 */
export const relayAck = defineMessage({
  type: 'relay_ack',
  row: 'F8',
  layer: 'federation',
  code: 0x81,
  direction: 'server-to-server',
  legalIn: ['active', 'suspended'],
  signed: { member: 'signature', by: 'target_server', added: true },
  aliases: ['delivery_ack'],
  shape: 'F-ACK-01',
  source: ['F 5.2', 'M 4.5'],
  readings: ['L-F06', 'L-F08', 'L-W03'],
  summary: 'Tells which devices a relayed message reached and why others were missed.',
  fields: {
    federation_id: uuid(),
    message_id: uuid(),
    target_server: serverId(),
    status: oneOf(relayStatuses),
    delivered_to: list(
      record({ fields: { user_id: userId(), device_ids: deviceIds, timestamp: micros() } }),
      { max: limits.recipientsPerMessage },
    ),
    failed_deliveries: list(
      record({
        fields: {
          user_id: userId(),
          device_ids: deviceIds,
          error_code: integer(), // never the atom of the example (L-F08)
          timestamp: micros(),
        },
      }),
      { max: limits.devicesPerMessage },
    ),
    timestamp: micros(),
  },
  added: {
    signature: signature(),
  },
});
export type RelayAck = MessageOf<typeof relayAck>;
