import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  bytes,
  capabilities,
  flag,
  handshakeNonce,
  publicKey,
  serverId,
  text,
  versionText,
} from '../../schema.ts';

/**
 * C3. The server's choice of version and suite. The device checks that both are the best that the
 * two lists allow (X-AMC-07, X-CS-02): a server, or whoever sits between, may not lower them.
 */
export const connectionAccepted = defineMessage({
  type: 'connection_accepted',
  row: 'C3',
  layer: 'client',
  code: 0x01,
  direction: 'server-to-client',
  legalIn: ['connecting'],
  shape: 'C-CONN-05',
  source: ['M 3.1.1', 'TV 1'],
  readings: ['L-V01', 'L-V07', 'L-H01'],
  summary: 'Answers the offer with one version, one suite and the keys of the server.',
  fields: {
    negotiated_version: versionText(),
    server_capabilities: capabilities(),
    compatibility_mode: flag(),
  },
  added: {
    server_id: serverId(),
    cipher_suite: text(16),
    server_nonce: handshakeNonce(),
    ephemeral_public_key: publicKey(),
  },
  optional: {
    pq_ciphertext: bytes(limits.kemCiphertextBytes, 'X-PQ-04'),
  },
});
export type ConnectionAccepted = MessageOf<typeof connectionAccepted>;
