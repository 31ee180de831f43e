/**
 * Opening end-to-end content. Every refusal is silence to the sender (L-E17, X-AAD-03); the order
 * of the guards is fixed: who sent it, then whether we can read it, then whether it is whole.
 */
import { limits } from '../../spec/limits.ts';
import { bytesOf, decodeBase64url } from '../wire/base64url.ts';
import { unpad } from '../wire/padding.ts';
import { accept, type Result, refuse } from '../wire/result.ts';
import { type Addressee, contentAad, signedBinding, wrapUse } from './content-binding.ts';
import type { ContentTools } from './content-seal.ts';
import type { ContentHeader, ExchangeKey, PublicKey, SealedBlob } from './crypto.ts';
import { agreeBytes } from './key-exchange.ts';
import { fitted } from './octets.ts';
import type { AeadAlgorithm } from './primitives.ts';
import { erase, secretBytes } from './secrets.ts';

export interface Recipient extends Addressee {
  readonly key: ExchangeKey;
}

interface BlobBytes {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly ephemeralKey: Uint8Array;
  readonly wrappedKey: Uint8Array;
}

export function openContent(
  tools: ContentTools,
  header: ContentHeader,
  blob: SealedBlob,
  recipient: Recipient,
  senderPublicKey: PublicKey,
): Result<Uint8Array> {
  const decoded = decodeBlob(tools, blob);
  if (!decoded.ok) return decoded;
  const bytes = decoded.value;
  if (!tools.must('C-E2E-06', isSigned(tools, header, blob, bytes, recipient, senderPublicKey))) {
    return refuse('C-E2E-06', 'not signed by the sender for this device and message');
  }
  const fault = shapeFault(tools, blob, bytes);
  if (fault) return fault;
  const contentKey = unwrap(tools, header, blob, bytes, recipient);
  return contentKey.ok ? openWith(tools, header, blob, bytes, contentKey.value) : contentKey;
}

function decodeBlob({ must }: ContentTools, blob: SealedBlob): Result<BlobBytes> {
  const nonce = decodeBase64url(blob.nonce, must);
  if (!nonce.ok) return nonce;
  const ciphertext = decodeBase64url(blob.ciphertext, must);
  if (!ciphertext.ok) return ciphertext;
  const ephemeralKey = decodeBase64url(blob.sender_ephemeral_key, must);
  if (!ephemeralKey.ok) return ephemeralKey;
  const wrappedKey = decodeBase64url(blob.wrapped_key, must);
  if (!wrappedKey.ok) return wrappedKey;
  return accept({
    nonce: nonce.value,
    ciphertext: ciphertext.value,
    ephemeralKey: ephemeralKey.value,
    wrappedKey: wrappedKey.value,
  });
}

/** C-E2E-06, C-E2E-09: the recipient's own ids are part of what must have been signed. */
function isSigned(
  { primitives, signatures }: ContentTools,
  header: ContentHeader,
  blob: SealedBlob,
  bytes: BlobBytes,
  recipient: Addressee,
  senderPublicKey: PublicKey,
): boolean {
  const hashes = {
    content: primitives.blake3(bytes.nonce, bytes.ciphertext),
    wrappedKey: primitives.blake3(bytes.wrappedKey),
  };
  const message = signedBinding(header, recipient, hashes);
  return signatures.verifyBytes(senderPublicKey, message, blob.sender_signature);
}

/** Lengths and algorithms, before anything is computed with them. */
function shapeFault(
  { must }: ContentTools,
  blob: SealedBlob,
  { nonce, wrappedKey }: BlobBytes,
): Result<never> | null {
  if (!must('C-E2E-07', isSupported(blob))) {
    return refuse('C-E2E-07', `v ${blob.v}, ${blob.key_algorithm}, ${blob.content_algorithm}`);
  }
  if (!must('C-E2E-02', nonce.length === limits.aeadNonceBytes)) {
    return refuse('C-E2E-02', `a nonce of ${nonce.length} bytes`);
  }
  if (!must('C-E2E-04', wrappedKey.length === limits.wrappedKeyBytes)) {
    return refuse('C-E2E-04', `a wrapped key of ${wrappedKey.length} bytes`);
  }
  return null;
}

/**
 * Directories publish no ML-KEM keys of devices (profile C20), so nothing can be sealed to one, and
 * a ciphertext of that kind beside a classical algorithm was put there by someone on the way.
 */
function isSupported(blob: SealedBlob): boolean {
  return (
    blob.v === 1 &&
    blob.key_algorithm === 'x25519' &&
    (blob.pq_ciphertext ?? null) === null &&
    (blob.content_algorithm === 'chacha20_poly1305' || blob.content_algorithm === 'aes_256_gcm')
  );
}

function unwrap(
  { primitives, must }: ContentTools,
  header: ContentHeader,
  blob: SealedBlob,
  { ephemeralKey, wrappedKey, ciphertext }: BlobBytes,
  recipient: Recipient,
): Result<Uint8Array> {
  const scalar = secretBytes(recipient.key);
  const agreed = agreeBytes(primitives, must, scalar, blob.sender_ephemeral_key);
  if (!agreed.ok) return agreed;
  const exchange = {
    shared: agreed.value,
    ephemeralPublicKey: ephemeralKey,
    recipientPublicKey: bytesOf(recipient.key.publicKey),
  };
  const aad = contentAad(header, ciphertext.length);
  const use = wrapUse(primitives, header, recipient.deviceId, exchange, aad);
  const { authentic, plaintext } = primitives.open(use, wrappedKey);
  erase(agreed.value, use.key);
  if (!must('C-E2E-05', authentic)) {
    return refuse('C-E2E-05', 'the key was not wrapped for this device and message');
  }
  return accept(fitted(plaintext, limits.aeadKeyBytes));
}

function openWith(
  { primitives, must }: ContentTools,
  header: ContentHeader,
  blob: SealedBlob,
  { nonce, ciphertext }: BlobBytes,
  key: Uint8Array,
): Result<Uint8Array> {
  const use = {
    algorithm: algorithmOf(blob),
    key,
    nonce: fitted(nonce, limits.aeadNonceBytes),
    aad: contentAad(header, ciphertext.length),
  };
  const { authentic, plaintext } = primitives.open(use, ciphertext);
  erase(key);
  if (!must('X-AAD-03', authentic)) return refuse('X-AAD-03', 'the content does not authenticate');
  return unpad(plaintext, must); // X-PAD-01, X-PAD-03
}

/** Anything else has been refused above (C-E2E-07). */
const algorithmOf = ({ content_algorithm }: SealedBlob): AeadAlgorithm =>
  content_algorithm === 'aes_256_gcm' ? 'aes_256_gcm' : 'chacha20_poly1305';
