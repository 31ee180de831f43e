import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blake3Hash,
  bytes,
  classification,
  hexHash,
  integer,
  list,
  literal,
  micros,
  record,
  sequenceNumber,
  type TypeOf,
  text,
  userId,
  uuid,
} from '../../schema.ts';
import { payloadsByDevice } from './e2e-payload.ts';

/**
 * Announces a file to the recipient devices before its upload (C-FILE-01). In the clear it says only
 * which file; name, type and true size are sealed (X-META-05). The envelope is that of a message,
 * because what the documents call sealed needs one to be sealed under (L-C15).
 */
export const fileManifest = defineMessage({
  type: 'file_manifest',
  row: '1.0',
  layer: 'common',
  code: 0x40,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['message_ack', 'error'],
  shape: 'C-FILE-01',
  source: ['M 6.20', 'TV 12', 'C App A', 'F App A.4'],
  readings: ['L-C15', 'L-E11'],
  summary: 'Announces a file to the recipient devices, with everything about it sealed.',
  fields: {
    file_id: uuid(),
  },
  added: {
    message_id: uuid(),
    conversation_id: uuid(),
    recipients: list(userId(), { min: 1, max: limits.recipientsPerMessage, unique: true }),
    encrypted_content: payloadsByDevice(),
    metadata: record({ fields: { timestamp: micros(), classification: classification() } }),
    sequence_number: sequenceNumber(),
    prev_message_hash: blake3Hash(),
  },
  withdrawn: {
    filename: 'X-META-05',
    mime: 'X-META-05',
    orig_size: 'X-META-05',
    sha256: 'X-META-05',
  },
});
export type FileManifest = MessageOf<typeof fileManifest>;

/** What is sealed in the payloads of a manifest. `sha256` is hex, as the vector has it (L-S07). */
export const manifestContent = record({
  fields: {
    type: literal('file_manifest'),
    file_id: uuid(),
    filename: text(255),
    mime: text(127),
    orig_size: integer(),
    sha256: hexHash(),
    classification: classification(),
  },
  added: {
    // Each file has its own key; chunk nonces and their AAD follow from the rest (L-C15, C-FILE-04).
    file_key: bytes(limits.aeadKeyBytes, 'C-FILE-04'),
    chunk_size: integer(1),
    total_chunks: integer(1),
  },
  requirement: 'C-FILE-05',
});
export type ManifestContent = TypeOf<typeof manifestContent>;
