/** Pure Ed25519 over canonical JSON without the signature member (X-SIG-01, X-SIG-07, L-S11). */
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import type { VectorValue } from '../../vector-file.ts';
import { base64url, fromHex, seeded } from './bytes.ts';
import { canonicalBytes, type JsonObject, without } from './canonical-json.ts';

export interface KeyPair {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

export function keyPair(secret: Uint8Array): KeyPair {
  return { secret, public: ed25519.getPublicKey(secret) };
}

export const seededKey = (name: string): KeyPair => keyPair(seeded(`key of ${name}`, 32));

export function exchangePair(secret: Uint8Array): KeyPair {
  return { secret, public: x25519.getPublicKey(secret) };
}

/** RFC 8032 7.1 test 1: the key of the profile's own values. */
export const rfcKey = keyPair(
  fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
);

export const sign = (key: KeyPair, message: Uint8Array): Uint8Array =>
  ed25519.sign(message, key.secret);

export const signValue = (key: KeyPair, value: VectorValue): string =>
  base64url(sign(key, canonicalBytes(value)));

/** The message with its signature in `member`. */
export function signed(key: KeyPair, message: JsonObject, member = 'signature'): JsonObject {
  return { ...message, [member]: signValue(key, without(message, member)) };
}
