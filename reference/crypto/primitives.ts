/**
 * The raw operations under the protocol's cryptography: bytes in, bytes out, synchronous, without
 * entropy of their own. Providers are lenient on purpose: what a peer may not send is judged above
 * them, by guards that name a requirement (strict-ed25519, create-crypto), so that two providers
 * never disagree about degenerate input and each guard can be switched off. Lengths are the
 * caller's.
 */

/** AEAD algorithms by their wire names (profile C18). Key 32, nonce 12, tag 16 bytes. */
export type AeadAlgorithm = 'chacha20_poly1305' | 'aes_256_gcm';

/** Where an AEAD is applied: everything but the text. */
export interface AeadUse {
  readonly algorithm: AeadAlgorithm;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

/**
 * `plaintext` is there even when the tag is wrong, because the refusal belongs to the guard that
 * names the requirement (X-AAD-03). It means nothing unless `authentic`.
 */
export interface Opened {
  readonly authentic: boolean;
  readonly plaintext: Uint8Array;
}

export interface Primitives {
  readonly name: 'noble' | 'node';

  ed25519PublicKey(seed: Uint8Array): Uint8Array;
  /** RFC 8032 pure Ed25519 (X-SIG-07). */
  ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
  /**
   * The cofactorless equation R = [S]B − [k]A, compared as bytes. Small-order and non-canonical A
   * pass; a key that is no point is false.
   */
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;

  x25519PublicKey(scalar: Uint8Array): Uint8Array;
  /** 32 zero bytes when `point` is of low order (X-KDF-07 judges that). */
  x25519(scalar: Uint8Array, point: Uint8Array): Uint8Array;

  /** Ciphertext ‖ tag. */
  seal(use: AeadUse, plaintext: Uint8Array): Uint8Array;
  open(use: AeadUse, ciphertext: Uint8Array): Opened;

  /** BLAKE3-256 of the concatenation. */
  blake3(...parts: readonly Uint8Array[]): Uint8Array;
  sha256(...parts: readonly Uint8Array[]): Uint8Array;

  /** ML-KEM-768 (FIPS 203) from a 64-byte seed d ‖ z. */
  kemKeyPair(seed: Uint8Array): { publicKey: Uint8Array; secretKey: Uint8Array };
  /** The key has been checked (X-PQ-04). */
  kemEncapsulate(
    publicKey: Uint8Array,
    entropy: Uint8Array,
  ): { ciphertext: Uint8Array; secret: Uint8Array };
  /** Rejects implicitly: a wrong ciphertext gives an unrelated secret (L-H12). */
  kemDecapsulate(secretKey: Uint8Array, ciphertext: Uint8Array): Uint8Array;

  /** In constant time for equal lengths (X-KDF-08). */
  equal(a: Uint8Array, b: Uint8Array): boolean;
}
