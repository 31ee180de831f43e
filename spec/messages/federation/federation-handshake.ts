import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  bytes,
  capabilities,
  handshakeNonce,
  list,
  publicKey,
  record,
  serverId,
  signature,
  text,
  uuid,
  versionText,
} from '../../schema.ts';
import { trustLevel } from '../trust/shared-records.ts';

/**
 * F2. The dialling server opens the handshake inside mutual TLS: its versions of both layers, its
 * ALPN offer as made, its suites and ephemeral keys. The offer is inside so that a reordered one is
 * seen (L-H03, F-HS-07).
 */
export const federationHandshake = defineMessage({
  type: 'federation_handshake',
  row: 'F2',
  layer: 'federation',
  code: 0x70,
  direction: 'server-to-server',
  legalIn: ['authenticating'],
  answeredBy: ['federation_handshake_response', 'federation_error'],
  signed: { member: 'signature', by: 'requesting_server', added: true },
  aliases: ['federation_hello'],
  shape: 'F-HS-01',
  source: ['F 2.1.1', 'M 4.2', 'F App A.2'],
  readings: ['L-V10', 'L-V11', 'L-H01', 'L-H03', 'L-H11', 'L-H13'],
  summary: 'Opens the link with versions, ALPN offer, suites, ephemeral keys and what it requires.',
  fields: {
    requesting_server: serverId(),
    target_server: serverId(),
    protocol_version: versionText(),
    supported_versions: list(versionText(), { min: 1, max: limits.listedVersions }),
    capabilities: capabilities(),
    compatibility_requirements: record({
      fields: {
        min_trust_level: trustLevel(),
        required_features: capabilities(),
        optional_features: capabilities(),
      },
    }),
  },
  added: {
    norc_t_versions: list(versionText(), { min: 1, max: limits.listedVersions }),
    alpn_offer: list(text(32), { min: 1, max: 32 }),
    cipher_suites: list(text(16), { min: 1, max: limits.listedSuites }),
    client_nonce: handshakeNonce(),
    ephemeral_public_key: publicKey(),
    signature: signature(),
  },
  optional: {
    pq_public_key: bytes(limits.kemPublicKeyBytes, 'X-PQ-04'),
    trust_certificate_id: uuid(),
  },
});
export type FederationHandshake = MessageOf<typeof federationHandshake>;
