/**
 * L-T03, L-T04: the value that a requester publishes in DNS. It commits to the requester's key and
 * to this challenge of this challenger; a bare random value could be another server's challenge,
 * passed on by someone in the middle who would then hold trust under his own key.
 *
 *   H(norc-t-dns-v1 ‖ u16 requester ‖ u16 challenger ‖ u16 request_id ‖ u16 challenge_id
 *     ‖ server_public_key 32 ‖ nonce 32)
 */
import { bytesOf, encodeBase64url } from '../wire/base64url.ts';
import type { DomainChallenge } from './crypto.ts';
import { fitted, prefixed, utf8 } from './octets.ts';
import type { Primitives } from './primitives.ts';

const LABEL = utf8('norc-t-dns-v1');

export function domainValue(primitives: Primitives, challenge: DomainChallenge): string {
  const commitment = primitives.blake3(
    LABEL,
    prefixed(challenge.requester),
    prefixed(challenge.challenger),
    prefixed(challenge.requestId),
    prefixed(challenge.challengeId),
    // Both are of fixed length, so nothing can move from one into the other.
    fitted(bytesOf(challenge.publicKey), 32),
    fitted(bytesOf(challenge.nonce), 32),
  );
  return `norc-trust-${encodeBase64url(commitment)}`;
}
