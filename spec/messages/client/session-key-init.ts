import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { list, publicKey, seconds, signature, userId, uuid } from '../../schema.ts';

/**
 * C21. Offers an end-to-end session to devices, for calls and for busy conversations (L-E10). Signed,
 * because the server that carries it could exchange the ephemeral key.
 */
export const sessionKeyInit = defineMessage({
  type: 'session_key_init',
  row: 'C21',
  layer: 'client',
  code: 0x32,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['session_key_accept', 'error'],
  signed: { member: 'signature', by: 'initiating device', added: true },
  aliases: ['session_key_exchange'],
  shape: 'C-SKX-01',
  source: ['C 6.2', 'M 3.4'],
  readings: ['L-E10', 'L-W03'],
  summary: 'Offers an end-to-end session to devices.',
  fields: {
    session_id: uuid(),
    conversation_id: uuid(),
    ephemeral_public_key: publicKey(),
    target_devices: list(uuid(), { min: 1, max: limits.devicesPerMessage, unique: true }),
    expires_at: seconds(),
  },
  added: {
    signature: signature(),
  },
  optional: {
    // Whose key verifies the signature; no document lets the receiver know otherwise.
    initiator_user_id: userId(),
    initiator_device_id: uuid(),
  },
});
export type SessionKeyInit = MessageOf<typeof sessionKeyInit>;
