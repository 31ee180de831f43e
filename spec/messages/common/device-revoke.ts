import { defineMessage, type MessageOf } from '../../message.ts';
import { anyOf, literal, oneOf, seconds, serverId, signature, userId, uuid } from '../../schema.ts';

/**
 * Ends the life of a device key. Sent by a device, then relayed to other servers and pushed to
 * contacts; whoever receives it verifies it anew (X-KEY-05), so `signer` says under which key.
 */
export const deviceRevoke = defineMessage({
  type: 'device_revoke',
  row: '1.0',
  layer: 'common',
  code: 0x05,
  direction: 'client-server-both',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  signed: { member: 'signature', by: 'signer' },
  shape: 'X-KEY-03',
  source: ['M 6.12', 'TV 13', 'F App A.5'],
  readings: ['L-C07'],
  summary: 'Revokes a device key from an instant on, with the reason, signed by one entitled to.',
  fields: {
    user_id: userId(),
    device_id: uuid(),
    reason: oneOf(['compromised', 'lost', 'retired', 'administrative']),
    effective: seconds(),
    signature: signature(),
  },
  added: {
    // The user's master key, an active device of the user, or the home server, which may only name
    // the reason `administrative` (L-C07).
    signer: anyOf(literal('user_master'), uuid(), serverId()),
  },
});
export type DeviceRevoke = MessageOf<typeof deviceRevoke>;
