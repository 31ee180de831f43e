/** What OCSP answers, revocation lists and timestamps have in common. Belongs to node-x509. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { bytesOf } from '../wire/base64url.ts';
import type { CertificateDer } from './x509.ts';

/** Null: the algorithm has its hash inside. SHA-1 and MD5 sign nothing any more. */
const SIGNATURE_HASHES: { readonly [oid: string]: { hash: string | null; keys: string } } = {
  '1.3.101.112': { hash: null, keys: 'ed25519' },
  '1.2.840.10045.4.3.2': { hash: 'sha256', keys: 'ec' },
  '1.2.840.10045.4.3.3': { hash: 'sha384', keys: 'ec' },
  '1.2.840.10045.4.3.4': { hash: 'sha512', keys: 'ec' },
  '1.2.840.113549.1.1.11': { hash: 'sha256', keys: 'rsa' },
  '1.2.840.113549.1.1.12': { hash: 'sha384', keys: 'rsa' },
  '1.2.840.113549.1.1.13': { hash: 'sha512', keys: 'rsa' },
};

export interface Signed {
  /** Of the signature algorithm. */
  readonly oid: string;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

export function isSignedBy(key: KeyObject, { oid, message, signature }: Signed): boolean {
  const scheme = SIGNATURE_HASHES[oid];
  if (!scheme || key.asymmetricKeyType !== scheme.keys) return false;
  return attempted(() => verify(scheme.hash, message, key, signature), false);
}

/** Throws where the bytes are no certificate. */
export function certificateOf(der: CertificateDer): Certificate {
  return AsnConvert.parse(octets(bytesOf(der)), Certificate);
}

export function keyOf(spki: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
}

export function hashOf(algorithm: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
}

/** The ASN.1 reader wants a buffer that holds nothing else. */
export function octets(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

/** Lowercase, without the octet that keeps a number positive. */
export function serialOf(serial: ArrayBuffer): string {
  return Buffer.from(serial)
    .toString('hex')
    .replace(/^(00)+(?=..)/, '');
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

export const toSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

/** A stranger's bytes can be wrong in more ways than readers foresee. */
export function attempted<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
