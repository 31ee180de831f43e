import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { bytes, capabilities, list, signature, text, uuid, versionText } from '../../schema.ts';

/**
 * C4. Closes the handshake. With hash, MAC and signature the server proves what it saw, that it holds
 * the session secret, and who it is (X-TRN-07): without them a middle box could run two handshakes.
 */
export const versionConfirmation = defineMessage({
  type: 'version_confirmation',
  row: 'C4',
  layer: 'client',
  code: 0x0b,
  codeProposed: true,
  direction: 'server-to-client',
  legalIn: ['connecting'],
  signed: { member: 'server_signature', by: 'server', added: true },
  shape: 'C-CONN-05',
  source: ['C 2.1.1'],
  readings: ['L-V07', 'L-V08', 'L-H04', 'L-C05'],
  summary: 'Closes the handshake with the transcript hash, a MAC and the signature of the server.',
  fields: {
    negotiated_version: versionText(),
    server_capabilities: capabilities(),
    client_must_support: capabilities(),
    // Not empty exactly in compatibility mode (L-V07).
    compatibility_features: list(text(128), { max: 64 }),
    session_id: uuid(),
  },
  added: {
    // By the hash of the link's suite (L-H10), so not necessarily BLAKE3.
    transcript_hash: bytes(limits.hashBytes, 'X-TRN-01'),
    server_finished: bytes(limits.hashBytes, 'X-TRN-07'),
    server_signature: signature(),
  },
});
export type VersionConfirmation = MessageOf<typeof versionConfirmation>;
