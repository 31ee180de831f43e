import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blake3Hash,
  classification,
  integer,
  messageType,
  micros,
  record,
  seconds,
  sequenceNumber,
  userId,
  uuid,
} from '../../schema.ts';
import { e2ePayload } from '../common/e2e-payload.ts';
import { mentions } from '../common/norc-message.ts';

/**
 * C16. A message as one device receives it: its own payload only, and the sender that the server has
 * authenticated (C-MSG-08).
 */
export const messageReceived = defineMessage({
  type: 'message_received',
  row: 'C16',
  layer: 'client',
  code: 0x12,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['message_ack', 'read_receipt'],
  shape: 'C-MSG-08',
  source: ['C 5.4'],
  readings: ['L-E01', 'L-C10', 'L-S10'],
  summary: 'Delivers a message to one device.',
  fields: {
    message_id: uuid(),
    conversation_id: uuid(),
    sender_user_id: userId(),
    sender_device_id: uuid(),
    // The sender's own, to the microsecond: the sender's signature covers it (L-E06).
    timestamp: micros(),
    message_type: messageType(),
    encrypted_content: e2ePayload,
    metadata: record({
      fields: { classification: classification() },
      optional: {
        expires_at: seconds(),
        reply_to: uuid(),
        thread_id: uuid(),
        mentions: mentions(),
        edit_of: uuid(),
      },
    }),
  },
  added: {
    sequence_number: sequenceNumber(),
    prev_message_hash: blake3Hash(),
  },
  optional: {
    chain_depth: integer(),
  },
});
export type MessageReceived = MessageOf<typeof messageReceived>;
