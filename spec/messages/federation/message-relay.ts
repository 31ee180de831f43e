import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blake3Hash,
  classification,
  integer,
  list,
  messageType,
  micros,
  oneOf,
  record,
  seconds,
  sequenceNumber,
  serverId,
  signature,
  userId,
  uuid,
} from '../../schema.ts';
import { payloadsByDevice } from '../common/e2e-payload.ts';
import { deliveryRequirements, relayPriorities } from './enumerations.ts';

/** Servers in a path that is still parsed, so that an eleventh hop meets its own refusal. */
const routeBound = 64;

/**
 * F7. One end-to-end encrypted message on its way between servers. The origin signs the immutable
 * part, every forwarding server the whole (L-F02). Bounds of `route_path` and `ttl` are wider than
 * the limits, because beyond them the answer is 5202 or 5203 and not malformed (F-RELAY-03,
 * F-RELAY-05).
 */
export const messageRelay = defineMessage({
  type: 'message_relay',
  row: 'F7',
  layer: 'federation',
  code: 0x80,
  direction: 'server-to-server',
  legalIn: ['active'],
  answeredBy: ['relay_ack', 'rate_limit_exceeded', 'federation_error'],
  signed: { member: 'route_signature', by: 'route_path' }, // its last element
  shape: 'F-RELAY-01',
  source: ['F 5.1', 'F 5.2', 'M 4.5', 'F App A.1'],
  readings: ['L-F01', 'L-F02', 'L-F03', 'L-F04', 'L-F05', 'L-F06', 'L-F07', 'L-E01', 'L-E12'],
  summary: 'Carries the payloads of one message for the devices of one server.',
  fields: {
    federation_id: uuid(),
    message_id: uuid(),
    origin_server: serverId(),
    target_server: serverId(),
    target_users: list(userId(), { min: 1, max: limits.recipientsPerMessage, unique: true }),
    route_path: list(serverId(), { min: 1, max: routeBound }),
    encrypted_payloads: payloadsByDevice(),
    metadata: record({
      fields: {
        original_timestamp: micros(),
        federation_timestamp: micros(),
        hop_count: integer(),
        ttl: seconds(),
        priority: oneOf(relayPriorities),
        delivery_requirements: list(oneOf(deliveryRequirements), { max: 3, unique: true }),
      },
    }),
    classification: classification(),
    route_signature: signature(),
  },
  added: {
    origin_signature: signature(),
    sender_user_id: userId(),
    sender_device_id: uuid(),
    conversation_id: uuid(),
    message_type: messageType(),
    sequence_number: sequenceNumber(),
    prev_message_hash: blake3Hash(),
    // Per link, for the window of 4096; not the sender's sequence (L-E12, L-F06).
    relay_sequence: sequenceNumber(),
  },
  optional: {
    // A sender may lower the local limit, never raise it (L-F05).
    max_hops: integer(1),
  },
});
export type MessageRelay = MessageOf<typeof messageRelay>;
