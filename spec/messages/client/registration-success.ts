import { defineMessage, type MessageOf } from '../../message.ts';
import { publicKey, uuid } from '../../schema.ts';
import { deviceCertificate } from '../common/device-certificate.ts';

/**
 * C9. The device is stored. It pins `server_public_key` here and compares it ever after (C-REG-08).
 */
export const registrationSuccess = defineMessage({
  type: 'registration_success',
  row: 'C9',
  layer: 'client',
  code: 0x08,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['authenticating'],
  shape: 'C-REG-08',
  source: ['C 3.2', 'M 2.3'],
  readings: ['L-C18'],
  summary: 'Confirms the registration with the server key and a certificate of the device.',
  fields: {
    device_id: uuid(),
    server_public_key: publicKey(),
    device_certificate: deviceCertificate.schema,
  },
});
export type RegistrationSuccess = MessageOf<typeof registrationSuccess>;
