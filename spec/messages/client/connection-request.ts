import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  bytes,
  capabilities,
  handshakeNonce,
  list,
  publicKey,
  text,
  versionText,
} from '../../schema.ts';

/** C2. The device opens the handshake: its versions, suites and ephemeral keys (L-H01, L-V08). */
export const connectionRequest = defineMessage({
  type: 'connection_request',
  row: 'C2',
  layer: 'client',
  code: 0x00,
  direction: 'client-to-server',
  legalIn: ['connecting'],
  answeredBy: ['connection_accepted', 'error'],
  shape: 'C-CONN-05',
  source: ['M 3.1.1', 'TV 1'],
  readings: ['L-V08', 'L-H01'],
  summary: 'Opens the handshake with the versions, suites and ephemeral keys of the device.',
  fields: {
    client_versions: list(versionText(), { min: 1, max: limits.listedVersions }),
    preferred_version: versionText(),
    capabilities: capabilities(),
  },
  added: {
    cipher_suites: list(text(16), { min: 1, max: limits.listedSuites }),
    client_nonce: handshakeNonce(),
    ephemeral_public_key: publicKey(),
  },
  optional: {
    pq_public_key: bytes(1184, 'X-PQ-04'),
  },
});
export type ConnectionRequest = MessageOf<typeof connectionRequest>;
