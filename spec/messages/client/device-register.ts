import { defineMessage, type MessageOf } from '../../message.ts';
import { bytes, publicKey, signature, text, userId, uuid } from '../../schema.ts';
import { authorizer, deviceInfo } from '../common/device-identity.ts';

/**
 * C6. Offers the keys of a new device. No document says whose device it becomes: `user_id` does, and a
 * token or the signature of one who may speak for that user authorises it (C-REG-07), because
 * otherwise anybody could add a device to anybody.
 */
export const deviceRegister = defineMessage({
  type: 'device_register',
  row: 'C6',
  layer: 'client',
  code: 0x02,
  direction: 'client-to-server',
  legalIn: ['authenticating'],
  answeredBy: ['registration_challenge', 'error'],
  shape: 'C-REG-01',
  source: ['C 3.2', 'M 3.2.1'],
  readings: ['L-C01', 'L-C02', 'L-C11', 'L-E03'],
  summary: 'Offers the keys of a new device, for a user, with the authority to do so.',
  fields: {
    device_id: uuid(),
    public_key: publicKey(),
    device_info: deviceInfo,
  },
  added: {
    user_id: userId(),
    kex_public_key: publicKey(),
    // Over kexSignatureMembers (C-REG-09).
    kex_signature: signature(),
  },
  optional: {
    // Sent before the challenge exists, so it proves nothing and is ignored (L-C02).
    proof_of_work: bytes(32),
    // First device of a user.
    enrolment_token: text(256),
    user_master_public_key: publicKey(),
    // Further devices: who vouches, over deviceAuthorizationMembers (L-C01).
    authorizer: authorizer(),
    authorizer_signature: signature(),
  },
});
export type DeviceRegister = MessageOf<typeof deviceRegister>;
