/**
 * Hashes over protocol values: transcripts (L-H02, L-H03), chains (X-AUD-01, L-E16), pseudonyms.
 */
import { bytesOf, encodeBase64url } from '../wire/base64url.ts';
import { canonicalBytes } from '../wire/canonical.ts';
import type { Crypto } from './crypto.ts';
import { hmacBlake3 } from './hkdf.ts';
import { utf8 } from './octets.ts';
import type { Primitives } from './primitives.ts';

export type Hashes = Pick<
  Crypto,
  'hash' | 'hashBytes' | 'transcript' | 'chainHash' | 'contentHash' | 'pseudonym'
>;

export function createHashes(primitives: Primitives): Hashes {
  const digest = (...parts: readonly Uint8Array[]): string =>
    encodeBase64url(primitives.blake3(...parts));
  return {
    hash: (value) => digest(canonicalBytes(value)),
    hashBytes: (...parts) => digest(...parts.map(bytesOf)),
    // X-TRN-01: the label, then the messages, with nothing between; canonical objects end
    // themselves.
    transcript: (label, messages) => digest(utf8(label), ...messages.map(canonicalBytes)),
    chainHash: (previous, entry) => digest(bytesOf(previous), canonicalBytes(entry)),
    contentHash: ({ nonce, ciphertext }) => digest(bytesOf(nonce), bytesOf(ciphertext)),
    // X-AUD-03
    pseudonym: (key, identifier) => encodeBase64url(hmacBlake3(primitives, key, utf8(identifier))),
  };
}
