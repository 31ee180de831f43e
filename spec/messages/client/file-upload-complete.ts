import { defineMessage, type MessageOf } from '../../message.ts';
import { seconds, text, uuid } from '../../schema.ts';

/**
 * C36. All chunks are there. The documents do not say who sends it; only the server knows the URL.
 */
export const fileUploadComplete = defineMessage({
  type: 'file_upload_complete',
  row: 'C36',
  layer: 'client',
  code: 0x43,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['authenticated'],
  shape: 'C-FILE-06',
  source: ['C 10.1'],
  readings: ['L-C15'],
  summary: 'Tells where the file may be fetched, and until when.',
  fields: {
    file_id: uuid(),
    download_url: text(2048),
    expires_at: seconds(),
  },
});
export type FileUploadComplete = MessageOf<typeof fileUploadComplete>;
