import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blake3Hash,
  classification,
  integer,
  list,
  messageType,
  micros,
  record,
  seconds,
  sequenceNumber,
  userId,
  uuid,
} from '../../schema.ts';
import { payloadsByDevice } from '../common/e2e-payload.ts';
import { mentions } from '../common/norc-message.ts';

/**
 * C14. One message to all devices of its recipients and to the sender's other devices (C-MSG-01). The
 * server sees who, when and how classified; the content only as one payload a device.
 */
export const messageSend = defineMessage({
  type: 'message_send',
  row: 'C14',
  layer: 'client',
  code: 0x10,
  direction: 'client-to-server',
  legalIn: ['authenticated'],
  answeredBy: ['message_ack', 'error'],
  shape: 'C-MSG-01',
  source: ['C 5.1', 'C 5.3', 'M 3.3.1'],
  readings: ['L-C09', 'L-E01', 'L-E12', 'L-E16', 'L-S10'],
  summary: 'Sends one message, sealed for every device of its recipients.',
  fields: {
    message_id: uuid(),
    conversation_id: uuid(),
    recipients: list(userId(), { min: 1, max: limits.recipientsPerMessage, unique: true }),
    // The master has it inside metadata (L-C09).
    message_type: messageType(),
    encrypted_content: payloadsByDevice(),
    metadata: record({
      fields: { timestamp: micros(), classification: classification() },
      optional: {
        // Seconds: only the members that 5.3 lists are in microseconds (L-S10).
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
    // Over nonce and ciphertext of the message before; zero for the first of a chain (X-SEQ-10).
    prev_message_hash: blake3Hash(),
  },
  optional: {
    // Number of predecessors, where the sender tells it (X-SEQ-17).
    chain_depth: integer(),
  },
});
export type MessageSend = MessageOf<typeof messageSend>;
