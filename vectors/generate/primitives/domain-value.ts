/** L-T04: what a requester publishes in DNS. */
import { base64url, concat, prefixed, utf8 } from './bytes.ts';
import { blake3 } from './hash.ts';

export interface DomainChallenge {
  readonly requester: string;
  readonly challenger: string;
  readonly request_id: string;
  readonly challenge_id: string;
  readonly public_key: Uint8Array;
  readonly nonce: Uint8Array;
}

export function domainValue(challenge: DomainChallenge): string {
  const { requester, challenger, request_id, challenge_id, public_key, nonce } = challenge;
  const texts = [requester, challenger, request_id, challenge_id].map(prefixed);
  const hash = blake3(concat(utf8('norc-t-dns-v1'), ...texts, public_key, nonce));
  return `norc-trust-${base64url(hash)}`;
}
