/**
 * `key_binding` of a trust request (L-T06): where the leaf certificate holds another key than the
 * server key, the leaf vouches for it. The TLS key exists as PEM only, so node:crypto signs.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { KeyBinding } from '../../../spec/messages/trust/signed-objects.ts';
import type { PeerState } from './peer-state.ts';

/** Undefined when the leaf holds the server key itself. */
export function keyBinding({ identity, serverId, key }: PeerState): string | undefined {
  if (identity.signingKeySeed !== null) return undefined;
  const object: KeyBinding = {
    type: 'key_binding',
    server_id: serverId,
    server_public_key: key.publicKey,
  };
  const leafKey = { key: createPrivateKey(identity.keyPem), dsaEncoding: 'ieee-p1363' as const };
  return encodeBase64url(sign('sha256', canonicalBytes({ ...object }), leafKey));
}
