import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { ciphertext, integer, sha256Hash, uuid } from '../../schema.ts';

/**
 * C35. One encrypted chunk. Its hash is over the encrypted bytes, in SHA-256 as the schema says
 * (L-S08).
 */
export const fileChunk = defineMessage({
  type: 'file_chunk',
  row: 'C35',
  layer: 'client',
  code: 0x42,
  codeProposed: true,
  direction: 'client-to-server',
  legalIn: ['authenticated'],
  answeredBy: ['file_upload_complete', 'error'],
  shape: 'C-FILE-03',
  source: ['C 10.1'],
  readings: ['L-C15', 'L-S08'],
  summary: 'Carries one encrypted chunk of a file.',
  fields: {
    file_id: uuid(),
    chunk_index: integer(),
    chunk_data: ciphertext(limits.clientFrameBytes),
    chunk_hash: sha256Hash(),
  },
});
export type FileChunk = MessageOf<typeof fileChunk>;
