import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  bytes,
  capabilities,
  flag,
  handshakeNonce,
  list,
  publicKey,
  serverId,
  signature,
  text,
  uuid,
  versionText,
} from '../../schema.ts';

/**
 * F3. The answer closes the negotiation. `transcript_hash` covers both messages, this one without
 * `transcript_hash` and `signature` (L-H03); its hash function is that of the chosen suite (L-H10).
 */
export const federationHandshakeResponse = defineMessage({
  type: 'federation_handshake_response',
  row: 'F3',
  layer: 'federation',
  code: 0x71,
  direction: 'server-to-server',
  legalIn: ['authenticating'],
  signed: { member: 'signature', by: 'responding_server', added: true },
  shape: 'F-HS-02',
  source: ['F 2.1.1', 'M 4.2'],
  readings: ['L-V07', 'L-V10', 'L-V11', 'L-H01', 'L-H03', 'L-H10', 'L-H13'],
  summary: 'Names the chosen versions and suite and proves the transcript.',
  fields: {
    responding_server: serverId(),
    accepted_version: versionText(),
    compatibility_mode: flag(),
    shared_capabilities: capabilities(),
    version_warnings: list(text(256), { max: 64 }),
    connection_id: uuid(),
  },
  added: {
    cipher_suite: text(16),
    server_nonce: handshakeNonce(),
    ephemeral_public_key: publicKey(),
    norc_t_version: versionText(),
    transcript_hash: bytes(limits.hashBytes, 'X-TRN-01'),
    signature: signature(),
  },
  optional: {
    pq_ciphertext: bytes(limits.kemCiphertextBytes, 'X-PQ-04'),
  },
});
export type FederationHandshakeResponse = MessageOf<typeof federationHandshakeResponse>;
