/**
 * X25519 (X-KDF-07) and ML-KEM-768 (L-H11…L-H13, X-PQ-04): where shared secrets come from. Both
 * refuse what would let a peer choose the secret; ML-KEM answers a wrong ciphertext with an
 * unrelated secret, which shows as a wrong finished MAC (L-H12).
 */
import { limits } from '../../spec/limits.ts';
import { invariant, type Must } from '../assert.ts';
import { decodeBase64url, encodeBase64url } from '../wire/base64url.ts';
import { accept, type Result, refuse } from '../wire/result.ts';
import type { Crypto, KemKey } from './crypto.ts';
import { fitted } from './octets.ts';
import type { Primitives } from './primitives.ts';
import { secretBytes } from './secrets.ts';

/** The polynomial part of an encapsulation key: 3 × 256 coefficients of 12 bits. */
const COEFFICIENTS_BYTES = 1152;
const MODULUS = 3329;

export type KeyExchange = Pick<
  Crypto,
  'exchangeKey' | 'agree' | 'kemKey' | 'encapsulate' | 'decapsulate'
>;

export function createKeyExchange(primitives: Primitives, must: Must): KeyExchange {
  return {
    exchangeKey: (seed) => ({
      publicKey: encodeBase64url(primitives.x25519PublicKey(sized(seed, 32))),
      secret: Uint8Array.from(seed),
    }),
    agree(key, peer) {
      const agreed = agreeBytes(primitives, must, secretBytes(key), peer);
      return agreed.ok ? accept({ secret: agreed.value }) : agreed;
    },
    kemKey(seed) {
      const { publicKey, secretKey } = primitives.kemKeyPair(sized(seed, 64));
      return { publicKey: encodeBase64url(publicKey), secret: secretKey };
    },
    encapsulate: (publicKey, entropy) =>
      encapsulate(primitives, must, publicKey, sized(entropy, 32)),
    decapsulate: (key, ciphertext) => decapsulate(primitives, must, key, ciphertext),
  };
}

/** The shared secret of a scalar of ours and a public key of the peer's. */
export function agreeBytes(
  primitives: Primitives,
  must: Must,
  scalar: Uint8Array,
  peer: string,
): Result<Uint8Array> {
  const point = decodeBase64url(peer, must);
  if (!point.ok) return point;
  if (!must('X-CAN-16', point.value.length === 32)) {
    return refuse('X-CAN-16', `an X25519 key of ${point.value.length} bytes`);
  }
  const shared = primitives.x25519(scalar, fitted(point.value, 32));
  // A point of low order makes every secret zero: whoever sent it would know all our keys.
  const isContributory = !primitives.equal(shared, new Uint8Array(32));
  if (!must('X-KDF-07', isContributory)) return refuse('X-KDF-07', 'a point of low order');
  return accept(shared);
}

function encapsulate(
  primitives: Primitives,
  must: Must,
  publicKey: string,
  entropy: Uint8Array,
): ReturnType<Crypto['encapsulate']> {
  const key = decodeBase64url(publicKey, must);
  if (!key.ok) return key;
  const isSized = key.value.length === limits.kemPublicKeyBytes;
  if (!must('X-PQ-04', isSized && isReduced(key.value))) {
    return refuse('X-PQ-04', 'not an encapsulation key of ML-KEM-768');
  }
  const usable = reduced(fitted(key.value, limits.kemPublicKeyBytes));
  const { ciphertext, secret } = primitives.kemEncapsulate(usable, entropy);
  return accept({ ciphertext: encodeBase64url(ciphertext), secret: { secret } });
}

function decapsulate(
  primitives: Primitives,
  must: Must,
  key: KemKey,
  ciphertext: string,
): ReturnType<Crypto['decapsulate']> {
  const bytes = decodeBase64url(ciphertext, must);
  if (!bytes.ok) return bytes;
  if (!must('X-PQ-04', bytes.value.length === limits.kemCiphertextBytes)) {
    return refuse('X-PQ-04', `a ciphertext of ${bytes.value.length} bytes`);
  }
  const fit = fitted(bytes.value, limits.kemCiphertextBytes);
  return accept({ secret: primitives.kemDecapsulate(secretBytes(key), fit) });
}

/** FIPS 203 section 7.2, the modulus check: every coefficient is below q. */
function isReduced(key: Uint8Array): boolean {
  for (let at = 0; at < COEFFICIENTS_BYTES; at += 3) {
    const [low, high] = coefficients(key, at);
    if (low >= MODULUS || high >= MODULUS) return false;
  }
  return true;
}

/** The key with its coefficients modulo q; the same key when it has passed the check. */
function reduced(key: Uint8Array): Uint8Array {
  if (isReduced(key)) return key;
  const out = Uint8Array.from(key);
  for (let at = 0; at < COEFFICIENTS_BYTES; at += 3) {
    const [low, high] = coefficients(key, at).map((value) => value % MODULUS);
    const packed = (low ?? 0) | ((high ?? 0) << 12);
    out.set([packed & 0xff, (packed >> 8) & 0xff, packed >> 16], at);
  }
  return out;
}

/** Two coefficients of 12 bits, little-endian, from three bytes. */
function coefficients(key: Uint8Array, at: number): [number, number] {
  const packed = (key[at] ?? 0) | ((key[at + 1] ?? 0) << 8) | ((key[at + 2] ?? 0) << 16);
  return [packed & 0xfff, packed >> 12];
}

function sized(entropy: Uint8Array, lengthBytes: number): Uint8Array {
  invariant(entropy.length === lengthBytes, `${entropy.length} bytes of entropy`);
  return entropy;
}
