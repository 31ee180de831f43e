/**
 * X-SIG-01, X-SIG-03: pure Ed25519 over bytes, strict before any provider is asked. Keys and
 * signatures have their wire form.
 */
import { invariant, type Must } from '../assert.ts';
import { base64urlFault, bytesOf, decodeBase64url, encodeBase64url } from '../wire/base64url.ts';
import type { PublicKey, Signature, SigningKey } from './crypto.ts';
import { fitted } from './octets.ts';
import type { Primitives } from './primitives.ts';
import { secretBytes } from './secrets.ts';
import { createStrictEd25519 } from './strict-ed25519.ts';

export interface Signatures {
  signingKey(seed: Uint8Array): SigningKey;
  signBytes(key: SigningKey, message: Uint8Array): Signature;
  verifyBytes(publicKey: PublicKey, message: Uint8Array, signature: Signature): boolean;
  isSigningKey(publicKey: PublicKey): boolean;
}

export function createSignatures(primitives: Primitives, must: Must): Signatures {
  const strict = createStrictEd25519();
  return {
    signingKey(seed) {
      invariant(seed.length === 32, `an Ed25519 seed of ${seed.length} bytes`);
      const publicKey = encodeBase64url(primitives.ed25519PublicKey(seed));
      return { publicKey, secret: Uint8Array.from(seed) };
    },
    signBytes: (key, message) => encodeBase64url(primitives.ed25519Sign(secretBytes(key), message)),
    verifyBytes(publicKey, message, signature) {
      const key = decodeBase64url(publicKey, must);
      const made = decodeBase64url(signature, must);
      if (!key.ok || !made.ok) return false;
      // Before the provider, because providers disagree about exactly these.
      const isStrict = strict.isKey(key.value) && strict.isSignature(made.value);
      if (!must('X-SIG-03', isStrict)) return false;
      const [a, rs] = [fitted(key.value, 32), fitted(made.value, 64)];
      return must('X-SIG-01', primitives.ed25519Verify(a, message, rs));
    },
    isSigningKey: (publicKey) =>
      base64urlFault(publicKey) === null && strict.isKey(bytesOf(publicKey)),
  };
}
