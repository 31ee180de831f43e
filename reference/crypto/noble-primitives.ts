/**
 * The primitives in portable JavaScript (@noble/*): runs anywhere, and judges the faster provider.
 */
import { ctr, gcm } from '@noble/ciphers/aes.js';
import { chacha20, chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 as curve } from '@noble/curves/ed25519.js';
import { blake3 } from '@noble/hashes/blake3.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { limits } from '../../spec/limits.ts';
import { ed25519PublicKey, ed25519Sign, ed25519Verify } from './noble-ed25519.ts';
import type { AeadUse, Opened, Primitives } from './primitives.ts';

const TAG_BYTES = limits.aeadTagBytes;

export function createNoblePrimitives(): Primitives {
  return {
    name: 'noble',
    ed25519PublicKey,
    ed25519Sign,
    ed25519Verify,
    x25519PublicKey: (scalar) => curve.getPublicKey(scalar),
    x25519,
    seal: (use, plaintext) => cipher(use).encrypt(plaintext),
    open,
    blake3: (...parts) => absorb(blake3.create(), parts),
    sha256: (...parts) => absorb(sha256.create(), parts),
    ...kem,
    equal,
  };
}

/** ML-KEM-768, which node:crypto lacks: both providers use this one. */
export const kem = {
  kemKeyPair: (seed: Uint8Array) => ml_kem768.keygen(seed),
  kemEncapsulate: (publicKey: Uint8Array, entropy: Uint8Array) => {
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, entropy);
    return { ciphertext: cipherText, secret: sharedSecret };
  },
  kemDecapsulate: (secretKey: Uint8Array, ciphertext: Uint8Array) =>
    ml_kem768.decapsulate(ciphertext, secretKey),
};

function x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array {
  try {
    return curve.getSharedSecret(scalar, point);
  } catch {
    // With both lengths right the library refuses one thing only: an all-zero result.
    return new Uint8Array(32);
  }
}

function cipher({ algorithm, key, nonce, aad }: AeadUse) {
  return algorithm === 'aes_256_gcm' ? gcm(key, nonce, aad) : chacha20poly1305(key, nonce, aad);
}

function open(use: AeadUse, ciphertext: Uint8Array): Opened {
  try {
    return { authentic: true, plaintext: cipher(use).decrypt(ciphertext) };
  } catch {
    return { authentic: false, plaintext: unauthenticated(use, ciphertext) };
  }
}

/** The bare key stream of each AEAD: it starts at block 1 (RFC 8439) or counter 2 (GCM). */
function unauthenticated({ algorithm, key, nonce }: AeadUse, ciphertext: Uint8Array): Uint8Array {
  const body = ciphertext.subarray(0, Math.max(0, ciphertext.length - TAG_BYTES));
  if (algorithm === 'chacha20_poly1305') return chacha20(key, nonce, body, undefined, 1);
  const counter = new Uint8Array(16);
  counter.set(nonce);
  counter[15] = 2;
  return ctr(key, counter).decrypt(body);
}

interface Hasher {
  update(part: Uint8Array): unknown;
  digest(): Uint8Array;
}

function absorb(hasher: Hasher, parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index += 1) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}
