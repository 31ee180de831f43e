/** Keys of a link (L-H06, L-H07, L-H14): master secret, and what is derived from it by label. */
import type { suites } from '../../../spec/emitted/registries.ts';
import { concat, filled, integer, utf8 } from './bytes.ts';
import { hkdf, hkdfSha256, hmacBlake3 } from './hash.ts';

export interface Secrets {
  readonly client_nonce: Uint8Array;
  readonly server_nonce: Uint8Array;
  readonly classical_secret: Uint8Array;
  readonly pq_secret?: Uint8Array;
  readonly version: string;
  readonly suite: keyof typeof suites;
  readonly transcript_hash: Uint8Array;
  readonly trust_transcript_hash?: Uint8Array;
}

export function masterSecret(secrets: Secrets): Uint8Array {
  const { trust_transcript_hash: trust, pq_secret: pq } = secrets;
  const info = concat(
    utf8(`norc:ms:v1${secrets.version}`),
    integer(Number.parseInt(secrets.suite, 16), 2),
    secrets.transcript_hash,
    ...(trust ? [utf8('norc:bind:t:v1'), trust] : []),
  );
  const secret = concat(secrets.classical_secret, ...(pq ? [pq] : []));
  const extract = secrets.suite === '0002' ? hkdfSha256 : hkdf;
  return extract(concat(secrets.client_nonce, secrets.server_nonce), secret, info);
}

/** An empty salt is a block of zeros in RFC 5869. */
export const derive = (master: Uint8Array, label: string): Uint8Array =>
  hkdf(filled(32, 0), master, utf8(label));

export const serverFinished = (master: Uint8Array, transcript: Uint8Array): Uint8Array =>
  hmacBlake3(derive(master, 'norc:fin:s2c:v1'), transcript);
