/**
 * A message as a device knows it, before it is sealed and after it is opened (profile 1.0, C 5.1).
 * Never on a wire in this form (X-CS-06).
 */
import { limits } from '../../limits.ts';
import {
  blake3Hash,
  classification,
  list,
  messageType,
  micros,
  record,
  seconds,
  sequenceNumber,
  type TypeOf,
  text,
  userId,
  uuid,
} from '../../schema.ts';

/** Users named in a message. */
export const mentions = () => list(userId(), { max: limits.recipientsPerMessage, unique: true });

export const messageMetadata = record({
  fields: {},
  optional: {
    reply_to: uuid(),
    thread_id: uuid(),
    mentions: mentions(),
    // Seconds: only the members that 5.3 lists are in microseconds (L-S10).
    expires_at: seconds(),
    edit_of: uuid(),
  },
});
export type MessageMetadata = TypeOf<typeof messageMetadata>;

export const norcMessage = record({
  fields: {
    message_id: uuid(),
    conversation_id: uuid(),
    sender_user_id: userId(),
    sender_device_id: uuid(),
    timestamp: micros(),
    message_type: messageType(),
    content: text(limits.clientFrameBytes),
    metadata: messageMetadata,
    classification: classification(),
  },
  added: { sequence_number: sequenceNumber(), prev_message_hash: blake3Hash() },
});
export type PlainMessage = TypeOf<typeof norcMessage>;
