import { defineMessage, type MessageOf } from '../../message.ts';
import { oneOf, publicKey, signature, userId, uuid } from '../../schema.ts';

/**
 * C23. Replaces an end-to-end session by a new one with fresh keys. This is the only recovery after a
 * compromise that the protocol has (L-E21).
 */
export const sessionKeyRotate = defineMessage({
  type: 'session_key_rotate',
  row: 'C23',
  layer: 'client',
  code: 0x36,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['session_key_accept', 'error'],
  signed: { member: 'signature', by: 'rotating device', added: true },
  shape: 'C-SKX-03',
  source: ['C 6.2'],
  readings: ['L-E10', 'L-E20', 'L-E21'],
  summary: 'Replaces an end-to-end session by a new one.',
  fields: {
    old_session_id: uuid(),
    new_session_id: uuid(),
    ephemeral_public_key: publicKey(),
    rotation_reason: oneOf(['scheduled', 'compromised', 'expired'], 'C-SKX-03'),
  },
  added: {
    signature: signature(),
  },
  optional: {
    // Whose key verifies the signature, as in session_key_init.
    initiator_user_id: userId(),
    initiator_device_id: uuid(),
  },
});
export type SessionKeyRotate = MessageOf<typeof sessionKeyRotate>;
