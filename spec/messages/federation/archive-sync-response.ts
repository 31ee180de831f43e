import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  classification,
  integer,
  list,
  oneOf,
  record,
  seconds,
  sha256Hash,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { syncStatuses } from './enumerations.ts';

/**
 * F16. One page of archive metadata. Participants are pseudonyms unless the certificate says
 * otherwise (L-F15).
 */
export const archiveSyncResponse = defineMessage({
  type: 'archive_sync_response',
  row: 'F16',
  layer: 'federation',
  code: 0x86,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  signed: { member: 'signature', by: 'tls_peer', added: true },
  shape: 'F-ARCH-02',
  source: ['F 9.1'],
  readings: ['L-F15', 'L-S08', 'L-W02'],
  summary: 'Returns one page of archive metadata.',
  fields: {
    audit_id: uuid(),
    message_count: integer(),
    messages: list(
      record({
        fields: {
          message_id: uuid(),
          timestamp: seconds(),
          participants: list(text(318), { max: limits.recipientsPerMessage + 1 }),
          message_hash: sha256Hash(),
          classification: classification(),
          archived_at: seconds(),
        },
      }),
    ),
    sync_status: oneOf(syncStatuses),
  },
  added: {
    signature: signature(),
  },
  optional: {
    next_page_token: text(256),
  },
});
export type ArchiveSyncResponse = MessageOf<typeof archiveSyncResponse>;
