/**
 * What the cores ask of cryptography. Cores sign, verify and hash message *values*; canonical form
 * and byte layouts are made behind this interface, so that a symbolic tier can stand there as well.
 * Everything is synchronous and deterministic: entropy is an argument. Binary values have their
 * wire form (base64url without padding); private keys are opaque handles.
 */
import type { Json } from '../../spec/schema.ts';
import type { Result } from '../wire/result.ts';

export type JsonObject = { [name: string]: Json };
/** base64url of 32 bytes. */
export type Hash = string;
/** base64url of the raw public key. */
export type PublicKey = string;
/** base64url of 64 bytes. */
export type Signature = string;

/** An Ed25519 key pair. `secret` is the provider's own. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  readonly secret: unknown;
}
/** An X25519 key pair: ephemeral, or a device's key exchange key (L-E03). */
export interface ExchangeKey {
  readonly publicKey: PublicKey;
  readonly secret: unknown;
}
/** An ML-KEM-768 key pair (L-H11). `publicKey` is base64url of 1184 bytes. */
export interface KemKey {
  readonly publicKey: string;
  readonly secret: unknown;
}
/** A shared secret; never leaves the provider. */
export interface Secret {
  readonly secret: unknown;
}
/** What one handshake derives (L-H06, L-H07): traffic and finished keys in both directions. */
export interface SessionKeys {
  readonly secret: unknown;
}

export type HandshakeLabel = 'norc-c-handshake-v1' | 'norc-f-handshake-v1' | 'norc-t-handshake-v1';
export type SuiteId = '0001' | '0101';

export interface SessionInputs {
  readonly clientNonce: string;
  readonly serverNonce: string;
  readonly classical: Secret;
  /** Present in a hybrid suite only; second in the key material (X-KDF-02). */
  readonly postQuantum?: Secret;
  readonly version: string;
  readonly suite: SuiteId;
  readonly transcript: Hash;
  /** Hash of the trust transcript bound into a federation link (L-H14). */
  readonly trustTranscript?: Hash;
}

/** L-T04: what the DNS value commits to. */
export interface DomainChallenge {
  readonly requester: string;
  readonly challenger: string;
  readonly requestId: string;
  readonly challengeId: string;
  readonly publicKey: PublicKey;
  /** base64url of 32 bytes. */
  readonly nonce: string;
}

/** L-F09: what a request proof covers. `body` is hashed in canonical form. */
export interface RequestProof {
  readonly type: string;
  readonly requester: string;
  readonly target: string;
  readonly timestampSeconds: number;
  readonly body: JsonObject;
}

/** The clear fields of an end-to-end message that every blob is bound to (L-E05, L-E06). */
export interface ContentHeader {
  readonly version: string;
  /** 0x10 for messages, 0x40 for manifests (X-AAD-05). */
  readonly messageTypeCode: number;
  readonly messageId: string;
  readonly conversationId: string;
  readonly senderUserId: string;
  readonly senderDeviceId: string;
  readonly messageType: string;
  readonly classification: string;
  /** 0 when unsequenced (X-AAD-02). */
  readonly sequenceNumber: number;
  /** base64url; 32 zero bytes for the first of a chain. */
  readonly previousHash: Hash;
  readonly timestampMicros: number;
}

export interface ContentRecipient {
  readonly userId: string;
  readonly deviceId: string;
  readonly exchangePublicKey: PublicKey;
}

/** The RI-1 form of the end-to-end payload (profile C18): what one device receives. */
export interface SealedBlob {
  v: 1;
  nonce: string;
  ciphertext: string;
  sender_ephemeral_key: PublicKey;
  wrapped_key: string;
  pq_ciphertext?: string;
  key_algorithm: 'x25519' | 'x25519_mlkem768';
  content_algorithm: 'chacha20_poly1305' | 'aes_256_gcm';
  sender_signature: Signature;
}

export interface Sealed {
  /** By device id. All share nonce and ciphertext (L-E01). */
  readonly blobs: Record<string, SealedBlob>;
  /** H(nonce ‖ ciphertext): the next message's prev_message_hash (L-E16). */
  readonly contentHash: Hash;
}

export interface Crypto {
  /** From a 32-byte seed. */
  signingKey(seed: Uint8Array): SigningKey;
  /** Ed25519 over canon(value). The caller has removed the signature member (X-SIG-01). */
  sign(key: SigningKey, value: JsonObject): Signature;
  /** Strict (X-SIG-03): small-order and non-canonical A or R, and S ≥ L, are refused. */
  verify(publicKey: PublicKey, value: JsonObject, signature: Signature): boolean;
  /** A canonical point of large order (C-REG-02). */
  isSigningKey(publicKey: PublicKey): boolean;

  signRequest(key: SigningKey, proof: RequestProof): Signature;
  verifyRequest(publicKey: PublicKey, proof: RequestProof, signature: Signature): boolean;

  /** BLAKE3-256 of canon(value). */
  hash(value: Json): Hash;
  /** BLAKE3-256 of the bytes that `parts` (base64url) decode to, concatenated. */
  hashBytes(...parts: string[]): Hash;
  /** H(label ‖ canon(messages[0]) ‖ …) (L-H02, L-H03). */
  transcript(label: HandshakeLabel, messages: readonly Json[]): Hash;
  /** H(previous ‖ canon(entry)) (X-AUD-01). */
  chainHash(previous: Hash, entry: Json): Hash;
  /** H(nonce ‖ ciphertext) of a blob (L-E16). */
  contentHash(blob: Pick<SealedBlob, 'nonce' | 'ciphertext'>): Hash;
  /** `norc-trust-` and 43 characters (L-T03, L-T04). */
  domainValue(challenge: DomainChallenge): string;
  /** HMAC-BLAKE3 pseudonym of an identifier for logs (X-AUD-03), base64url. `key`: 32 bytes. */
  pseudonym(key: Uint8Array, identifier: string): string;

  /**
   * L-C02: `solution` is base64url. Solving takes 16^difficulty hashes and at most 6 digits, so a
   * difficulty that a peer names is judged first.
   */
  checkProofOfWork(work: {
    challenge: string;
    deviceId: string;
    difficulty: number;
    solution: string;
  }): boolean;
  solveProofOfWork(work: { challenge: string; deviceId: string; difficulty: number }): string;

  /** From 32 bytes of entropy. */
  exchangeKey(seed: Uint8Array): ExchangeKey;
  /** Refuses low-order points (X-KDF-07). */
  agree(key: ExchangeKey, peer: PublicKey): Result<Secret>;
  /** From 64 bytes of entropy. */
  kemKey(seed: Uint8Array): KemKey;
  /**
   * Checks the encapsulation key (X-PQ-04). 32 bytes of entropy. `ciphertext`: base64url, 1088
   * bytes.
   */
  encapsulate(
    publicKey: string,
    entropy: Uint8Array,
  ): Result<{ ciphertext: string; secret: Secret }>;
  decapsulate(key: KemKey, ciphertext: string): Result<Secret>;
  sessionKeys(inputs: SessionInputs): SessionKeys;
  /** server_finished: HMAC over the transcript hash under `norc:fin:s2c:v1` (L-H04). */
  serverFinished(keys: SessionKeys, transcript: Hash): string;
  verifyServerFinished(keys: SessionKeys, transcript: Hash, finished: string): boolean;

  /**
   * Pads, seals once under a fresh content key, wraps it for every recipient and signs each blob.
   * `entropy`: 32 (content key) + 12 (nonce) + 32 (ephemeral) bytes, fresh for every attempt: the
   * wrapping nonce is a function of message and device (L-E05). Device ids must be distinct. A
   * recipient whose key is of low order has no blob in the result (X-KDF-07).
   */
  sealContent(
    header: ContentHeader,
    plaintext: Uint8Array,
    recipients: readonly ContentRecipient[],
    sender: SigningKey,
    entropy: Uint8Array,
  ): Sealed;
  /** Every failure is the same to the sender: silence (L-E17). The fault is for local counters. */
  openContent(
    header: ContentHeader,
    blob: SealedBlob,
    recipient: { userId: string; deviceId: string; key: ExchangeKey },
    senderPublicKey: PublicKey,
  ): Result<Uint8Array>;
}
