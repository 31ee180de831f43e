import { defineMessage, type MessageOf } from '../../message.ts';
import {
  capabilities,
  flag,
  integer,
  list,
  record,
  seconds,
  serverId,
  sha256Hash,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { endpoint } from '../common/endpoint.ts';
import { rateLimits } from '../trust/shared-records.ts';

/**
 * F10. Description of a server, signed by itself. Believed only when the key is anchored by the TLS
 * identity or the trust store; the unsigned form of the master document is ignored (L-F13). Each
 * endpoint's fingerprint must match the certificate met there (F-DISC-04).
 */
export const serverInfo = defineMessage({
  type: 'server_info',
  row: 'F10',
  layer: 'federation',
  code: 0x91,
  direction: 'server-to-server',
  legalIn: ['authenticating', 'trusted', 'active'],
  signed: { member: 'signature', by: 'server_id' },
  shape: 'F-DISC-03',
  source: ['F 2.2', 'F 3.2', 'M 4.2', 'M 4.4'],
  readings: ['L-F13', 'L-S08', 'L-X07'],
  summary: 'Describes endpoints, capabilities, anchors and policy of a server.',
  fields: {
    request_id: uuid(),
    server_id: serverId(),
    federation_endpoints: list(endpoint, { min: 1, max: 32 }),
    capabilities: capabilities(),
    trust_anchors: list(sha256Hash(), { max: 64 }),
    federation_policy: record({
      fields: {
        auto_accept: flag(),
        require_verification: flag(),
        max_message_size: integer(),
        rate_limits: rateLimits(),
      },
    }),
    server_version: text(64),
    timestamp: seconds(),
    signature: signature(),
  },
});
export type ServerInfo = MessageOf<typeof serverInfo>;
