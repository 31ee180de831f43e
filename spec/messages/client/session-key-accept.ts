import { defineMessage, type MessageOf } from '../../message.ts';
import { publicKey, signature, uuid } from '../../schema.ts';

/**
 * C22. Takes up an offered or rotated session. The signature is over sessionAcceptMembers, so it binds
 * both ephemeral keys (C-SKX-01).
 */
export const sessionKeyAccept = defineMessage({
  type: 'session_key_accept',
  row: 'C22',
  layer: 'client',
  code: 0x35,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  signed: { member: 'signature', by: 'answering device' },
  shape: 'C-SKX-01',
  source: ['C 6.2'],
  readings: ['L-E10'],
  summary: 'Takes up an end-to-end session.',
  fields: {
    session_id: uuid(),
    ephemeral_public_key: publicKey(),
    device_id: uuid(),
    signature: signature(),
  },
});
export type SessionKeyAccept = MessageOf<typeof sessionKeyAccept>;
