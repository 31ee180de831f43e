import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { classification, integer, uuid } from '../../schema.ts';

/**
 * C34. Opens an upload, after the manifest. Name, type and hash of the plaintext belong in the manifest
 * (X-META-05); `file_size` is the padded size (L-C15).
 */
export const fileUploadRequest = defineMessage({
  type: 'file_upload_request',
  row: 'C34',
  layer: 'client',
  code: 0x41,
  codeProposed: true,
  direction: 'client-to-server',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  shape: 'C-FILE-02',
  source: ['C 10.1', 'M 6.20'],
  readings: ['L-C15', 'L-E11'],
  summary: 'Opens an upload of encrypted chunks.',
  fields: {
    file_id: uuid(),
    conversation_id: uuid(),
    file_size: integer(1),
    classification: classification(),
    chunk_size: integer(1, limits.clientFrameBytes),
    total_chunks: integer(1),
  },
  withdrawn: { filename: 'X-META-05', mime_type: 'X-META-05', file_hash: 'X-META-05' },
});
export type FileUploadRequest = MessageOf<typeof fileUploadRequest>;
