/**
 * The primitives over node:crypto (OpenSSL), with BLAKE3 in WebAssembly and ML-KEM from @noble,
 * both of which Node 20 lacks. Asynchronous once, to compile the WebAssembly; synchronous
 * afterwards. Importing a raw key costs about as much as using it, so key objects are kept in
 * bounded caches.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { createBLAKE3, type IHasher } from 'hash-wasm';
import { limits } from '../../spec/limits.ts';
import { createBoundedCache } from './bounded-cache.ts';
import { kem } from './noble-primitives.ts';
import type { AeadUse, Opened, Primitives } from './primitives.ts';

const TAG_BYTES = limits.aeadTagBytes;

/** Key objects kept of long-lived kinds: some hundred bytes each. */
const CACHED_KEYS = 4096;
/** X25519 scalars are mostly ephemeral and ought to vanish soon (X-KDF-08, X-KEY-10). */
const CACHED_SCALARS = 32;

type Curve = 'Ed25519' | 'X25519';

const CIPHER = { chacha20_poly1305: 'chacha20-poly1305', aes_256_gcm: 'aes-256-gcm' } as const;

export async function createNodePrimitives(): Promise<Primitives> {
  return { ...curves(), ...hashes(await createBLAKE3()), ...kem, name: 'node', seal, open, equal };
}

function curves() {
  const key = createKeyStore();
  return {
    ed25519PublicKey: (seed: Uint8Array) => publicHalf(key.private('Ed25519', seed)),
    ed25519Sign: (seed: Uint8Array, message: Uint8Array) =>
      plain(sign(null, message, key.private('Ed25519', seed))),
    ed25519Verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
      verify(null, message, key.public('Ed25519', publicKey), signature),
    x25519PublicKey: (scalar: Uint8Array) => publicHalf(key.private('X25519', scalar)),
    x25519: (scalar: Uint8Array, point: Uint8Array) =>
      sharedSecret(key.private('X25519', scalar), key.public('X25519', point)),
  };
}

function createKeyStore() {
  const secrets = {
    Ed25519: createBoundedCache<KeyObject>(CACHED_KEYS),
    X25519: createBoundedCache<KeyObject>(CACHED_SCALARS),
  };
  const publics = createBoundedCache<KeyObject>(CACHED_KEYS);
  return {
    private: (crv: Curve, raw: Uint8Array) => {
      const d = base64url(raw);
      return secrets[crv].get(d, () => createPrivateKey({ key: { ...jwk(crv, ''), d }, ...JWK }));
    },
    public: (crv: Curve, raw: Uint8Array) => {
      const x = base64url(raw);
      return publics.get(crv + x, () => createPublicKey({ key: jwk(crv, x), ...JWK }));
    },
  };
}

/**
 * RFC 8037. As JSON a raw key is imported ten times as fast as in DER, whose decoders OpenSSL has
 * to find first. For a private key Node derives `x` from `d` whatever stands there.
 */
const jwk = (crv: Curve, x: string) => ({ kty: 'OKP', crv, x });
const JWK = { format: 'jwk' } as const;

const base64url = (raw: Uint8Array): string =>
  Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('base64url');

function publicHalf(secret: KeyObject): Uint8Array {
  return plain(Buffer.from(secret.export(JWK).x ?? '', 'base64url'));
}

function sharedSecret(privateKey: KeyObject, publicKey: KeyObject): Uint8Array {
  try {
    return plain(diffieHellman({ privateKey, publicKey }));
  } catch {
    // OpenSSL refuses to derive an all-zero secret; the guard above (X-KDF-07) says so by name.
    return new Uint8Array(32);
  }
}

function seal({ algorithm, key, nonce, aad }: AeadUse, plaintext: Uint8Array): Uint8Array {
  const options = { authTagLength: TAG_BYTES };
  // One branch for each name: the typings tell the AEAD modes apart by literal.
  const cipher =
    algorithm === 'aes_256_gcm'
      ? createCipheriv(CIPHER.aes_256_gcm, key, nonce, options)
      : createCipheriv(CIPHER.chacha20_poly1305, key, nonce, options);
  cipher.setAAD(aad, { plaintextLength: plaintext.length });
  const body = cipher.update(plaintext);
  return plain(Buffer.concat([body, cipher.final(), cipher.getAuthTag()]));
}

function open({ algorithm, key, nonce, aad }: AeadUse, ciphertext: Uint8Array): Opened {
  const options = { authTagLength: TAG_BYTES };
  const decipher =
    algorithm === 'aes_256_gcm'
      ? createDecipheriv(CIPHER.aes_256_gcm, key, nonce, options)
      : createDecipheriv(CIPHER.chacha20_poly1305, key, nonce, options);
  const bodyBytes = Math.max(0, ciphertext.length - TAG_BYTES);
  decipher.setAAD(aad, { plaintextLength: bodyBytes });
  const plaintext = plain(decipher.update(ciphertext.subarray(0, bodyBytes)));
  if (ciphertext.length < TAG_BYTES) return { authentic: false, plaintext };
  try {
    decipher.setAuthTag(ciphertext.subarray(bodyBytes));
    decipher.final();
    return { authentic: true, plaintext };
  } catch {
    return { authentic: false, plaintext };
  }
}

function hashes(blake3: IHasher) {
  return {
    blake3: (...parts: readonly Uint8Array[]) => {
      blake3.init();
      for (const part of parts) blake3.update(part);
      return blake3.digest('binary');
    },
    sha256: (...parts: readonly Uint8Array[]) => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      return plain(hash.digest());
    },
  };
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);

/** The same bytes, not as a Buffer: equality and prototypes as every other provider has them. */
const plain = (buffer: Buffer): Uint8Array =>
  new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
