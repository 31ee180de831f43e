import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  capabilities,
  flag,
  list,
  literal,
  openObject,
  publicKey,
  record,
  seconds,
  signature,
  text,
  userId,
  uuid,
} from '../../schema.ts';
import { deviceCertificate } from '../common/device-certificate.ts';

const device = record({
  fields: {
    device_id: uuid(),
    public_key: publicKey(),
    capabilities: capabilities(),
  },
  optional: {
    last_seen: seconds(), // hidden at `basic` (F-LOOK-02)
    // As in key_response (C20).
    key_algorithm: literal('ed25519'),
    created_at: seconds(),
    expires_at: seconds(),
    revoked: flag(),
    kex_public_key: publicKey(),
    kex_signature: signature(),
    device_certificate: deviceCertificate.schema,
  },
});

/**
 * F12. One result for each query, in its order. Unknown and hidden users look the same (L-F20);
 * what is optional depends on the lookup_type and on policy (F-LOOK-02). The key agreement members
 * of a device are ours: without them no sender elsewhere could seal to it (L-E03).
 */
export const userLookupResponse = defineMessage({
  type: 'user_lookup_response',
  row: 'F12',
  layer: 'federation',
  code: 0x93,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  signed: { member: 'signature', by: 'tls_peer', added: true },
  shape: 'F-LOOK-01',
  source: ['F 6.1'],
  readings: ['L-F20', 'L-E03', 'L-W02'],
  summary: 'Answers a user look-up, one result a query.',
  fields: {
    request_id: uuid(),
    results: list(
      record({
        fields: {
          user_id: userId(),
          exists: flag(),
          federation_allowed: flag(),
        },
        optional: {
          public_profile: openObject(),
          devices: list(device, { max: limits.devicesPerMessage }),
          error: text(64),
        },
      }),
      { max: limits.recipientsPerMessage },
    ),
    timestamp: seconds(),
  },
  added: {
    signature: signature(),
  },
});
export type UserLookupResponse = MessageOf<typeof userLookupResponse>;
