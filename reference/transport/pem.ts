/**
 * Reads certificates and keys out of PEM texts. Each returns a value or says in words what is
 * wrong.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

export type Read<T> = { readonly value: T } | { readonly fault: string };

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function readCertificates(pem: string): Read<X509Certificate[]> {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) return { fault: 'holds no PEM certificate' };
  const certificates: X509Certificate[] = [];
  for (const [index, block] of blocks.entries()) {
    try {
      certificates.push(new X509Certificate(block));
    } catch {
      return { fault: `certificate ${index + 1} cannot be read` };
    }
  }
  return { value: certificates };
}

/** An encrypted key would need a passphrase, for which the contract has no place. */
export function readPrivateKey(pem: string): Read<KeyObject> {
  try {
    return { value: createPrivateKey(pem) };
  } catch {
    return { fault: 'holds no unencrypted PEM private key' };
  }
}

/** The 32 bytes from which an Ed25519 key is made (RFC 8032). */
export function seedOf(key: KeyObject): Read<Uint8Array> {
  if (key.asymmetricKeyType !== 'ed25519') {
    return { fault: `is a key of kind ${key.asymmetricKeyType}, not Ed25519` };
  }
  const { d } = key.export({ format: 'jwk' });
  return { value: Uint8Array.from(Buffer.from(d ?? '', 'base64url')) };
}
