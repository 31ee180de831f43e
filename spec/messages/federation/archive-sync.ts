import { defineMessage, type MessageOf } from '../../message.ts';
import { classification, list, messageType, serverId, text, userId, uuid } from '../../schema.ts';
import { period } from '../trust/shared-records.ts';

/** F15. Asks for the metadata of archived messages; never for content (F-ARCH-02). */
export const archiveSync = defineMessage({
  type: 'archive_sync',
  row: 'F15',
  layer: 'federation',
  code: 0x85,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  answeredBy: ['archive_sync_response', 'rate_limit_exceeded', 'federation_error'],
  shape: 'F-ARCH-01',
  source: ['F 9.1'],
  readings: ['L-F09', 'L-F15', 'L-W02'],
  summary: 'Asks for one page of archive metadata of a period.',
  fields: {
    requesting_server: serverId(),
    target_server: serverId(),
    sync_period: period(),
    user_filter: list(userId()),
    message_types: list(messageType(), { max: 16, unique: true }),
    classification_levels: list(classification(), { max: 16, unique: true }),
    audit_id: uuid(),
  },
  optional: {
    page_token: text(256),
  },
});
export type ArchiveSync = MessageOf<typeof archiveSync>;
