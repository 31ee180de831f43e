import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  flag,
  literal,
  mapOf,
  publicKey,
  record,
  seconds,
  signature,
  type TypeOf,
  userId,
  uuid,
} from '../../schema.ts';
import { deviceCertificate } from '../common/device-certificate.ts';
import { authorizer } from '../common/device-identity.ts';

/** The keys of one device, as its home server lists them. */
const deviceKeys = record({
  fields: {
    public_key: publicKey(),
    key_algorithm: literal('ed25519'),
    created_at: seconds(),
    expires_at: seconds(),
    verified: flag(),
    revoked: flag(),
  },
  added: {
    kex_public_key: publicKey(),
    // Over kexSignatureMembers, by `public_key` (C-REG-09).
    kex_signature: signature(),
    device_certificate: deviceCertificate.schema,
  },
  optional: {
    // As registered: who vouched for the device, over deviceAuthorizationMembers (L-C19).
    authorizer: authorizer(),
    authorizer_signature: signature(),
  },
  requirement: 'C-KEY-03',
});
export type DeviceKeys = TypeOf<typeof deviceKeys>;

/**
 * C20. The devices of the users asked for, and of no others (C-KEY-01). `verified` is the server's own
 * claim: a device trusts a key by signature or pin only (C-KEY-05).
 */
export const keyResponse = defineMessage({
  type: 'key_response',
  row: 'C20',
  layer: 'client',
  code: 0x31,
  direction: 'server-to-client',
  legalIn: ['authenticated'],
  shape: 'C-KEY-01',
  source: ['C 6.1', 'M 3.4'],
  readings: ['L-C18', 'L-C19', 'L-E03', 'L-X09', 'L-X17'],
  summary: 'Answers with the devices of the users and their keys.',
  fields: {
    request_id: uuid(),
    // An unknown user and one without visible devices look the same (C-KEY-04).
    keys: mapOf(userId(), mapOf(uuid(), deviceKeys, { max: limits.devicesPerMessage }), {
      max: limits.recipientsPerMessage,
    }),
    timestamp: seconds(),
  },
});
export type KeyResponse = MessageOf<typeof keyResponse>;
