import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { blob, text, versionText } from '../../schema.ts';

/** Carries what no message of this version names. An unknown `extension_id` is ignored (X-EXT-01). */
export const extension = defineMessage({
  type: 'extension',
  row: '1.0',
  layer: 'common',
  code: 0x0f,
  codeProposed: true,
  direction: 'client-server-both',
  legalIn: ['authenticated'],
  shape: 'X-EXT-01',
  source: ['M 10.2'],
  readings: ['L-W02'],
  summary: 'Carries an extension; one that is unknown is ignored.',
  fields: {
    extension_id: text(128),
    extension_version: versionText(),
    extension_data: blob(limits.clientFrameBytes),
  },
});
export type Extension = MessageOf<typeof extension>;
