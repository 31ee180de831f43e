/** The device's half of the key exchange (X-KDF-01 to X-KDF-07, L-H11): classical secret first. */
import type { ConnectionAccepted } from '../../../spec/messages/client/connection-accepted.ts';
import type { Hash, SessionKeys } from '../../crypto/crypto.ts';
import { accept, type Result } from '../../wire/result.ts';
import { isBuilt } from '../suite-choice.ts';
import type { DeviceContext } from './device.ts';
import type { Opened } from './state.ts';

export function deriveSecrets(
  { request, ephemeral, kemKey }: Opened,
  accepted: ConnectionAccepted,
  transcript: Hash,
  { crypto }: DeviceContext,
): Result<SessionKeys> {
  const { cipher_suite: named = '', ephemeral_public_key: serverKey = '' } = accepted;
  const { pq_ciphertext: ciphertext, server_nonce: serverNonce = '' } = accepted;
  const classical = crypto.agree(ephemeral, serverKey); // X-KDF-07
  if (!classical.ok) return classical;
  const isHybrid = kemKey !== null && ciphertext !== undefined;
  const postQuantum = isHybrid ? crypto.decapsulate(kemKey, ciphertext) : accept(null); // X-PQ-04
  if (!postQuantum.ok) return postQuantum;
  const keys = crypto.sessionKeys({
    clientNonce: request.client_nonce ?? '',
    serverNonce,
    classical: classical.value,
    ...(postQuantum.value && { postQuantum: postQuantum.value }),
    version: accepted.negotiated_version,
    suite: isBuilt(named) ? named : '0001',
    transcript,
  });
  return accept(keys);
}
