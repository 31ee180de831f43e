import { defineMessage, type MessageOf } from '../../message.ts';
import { publicKey, seconds, serverId, signature, userId, uuid } from '../../schema.ts';

/**
 * What a home server states of a device: whose it is, its keys, and for how long (L-C18). The
 * documents name it and leave its form open; it is canonical JSON under the server key.
 */
export const deviceCertificate = defineMessage({
  type: 'device_certificate',
  row: '1.0',
  layer: 'common',
  code: null,
  direction: 'record',
  signed: { member: 'signature', by: 'server' },
  shape: 'C-REG-08',
  source: ['C 3.2'],
  readings: ['L-C18', 'L-X09'],
  summary: 'Binds the keys of a device to its user, under the key of the home server.',
  fields: {
    user_id: userId(),
    device_id: uuid(),
    public_key: publicKey(),
    kex_public_key: publicKey(),
    not_before: seconds(),
    not_after: seconds(),
    server_id: serverId(),
    signature: signature(),
  },
});
export type DeviceCertificate = MessageOf<typeof deviceCertificate>;
