/** A message of alice's phone to bob's, and how mallory would make one that is almost like it. */
import { contentAad, signedBinding, wrapUse } from '../../../reference/crypto/content-binding.ts';
import type {
  ContentHeader,
  Crypto,
  SealedBlob,
  SigningKey,
} from '../../../reference/crypto/crypto.ts';
import type { AeadAlgorithm } from '../../../reference/crypto/primitives.ts';
import { createSignatures } from '../../../reference/crypto/signatures.ts';
import { pad } from '../../../reference/wire/padding.ts';
import { ascii, base64url, counting, filled } from './octets.ts';
import { must, node, nodeCrypto } from './providers.ts';

export const alice = nodeCrypto.signingKey(filled(32, 0xa1));
export const mallory = nodeCrypto.signingKey(filled(32, 0x66));

export const bob = {
  userId: 'bob@bravo.example',
  deviceId: '550e8400-e29b-41d4-a716-446655440000',
  key: nodeCrypto.exchangeKey(filled(32, 0xb0)),
};

export const header: ContentHeader = {
  version: '2.0',
  messageTypeCode: 0x10,
  messageId: '4d3c2b1a-0908-4706-bfee-ddccbbaa9988',
  conversationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  senderUserId: 'alice@acme.example',
  senderDeviceId: '6fa459ea-ee8a-4ca4-894e-db77e160355e',
  messageType: 'text',
  classification: 'official_use_only',
  sequenceNumber: 5,
  previousHash: base64url(filled(32, 0)),
  timestampMicros: 1_734_900_000_000_000,
};

export const entropy = counting(76, 3);
export const plaintext = ascii('Hello, NORC!');

export function sealedFor(crypto: Crypto, own: ContentHeader = header): SealedBlob {
  const recipient = { ...bob, exchangePublicKey: bob.key.publicKey };
  const blob = crypto.sealContent(own, plaintext, [recipient], alice, entropy).blobs[bob.deviceId];
  if (!blob) throw new Error('bob got no blob');
  return blob;
}

/** What a hostile sender may do otherwise than the protocol says. Everything else is right. */
export interface Deviation {
  /** Header under which the content and its key are sealed; the signature keeps the right one. */
  readonly sealedHeader?: ContentHeader;
  /** Header under which the key is wrapped, if another. */
  readonly wrappedHeader?: ContentHeader;
  readonly wrappedDeviceId?: string;
  /** What goes into the AEAD instead of the padded plaintext. */
  readonly padded?: Uint8Array;
  /** What is wrapped instead of the content key; its first 32 bytes are used. */
  readonly keyMaterial?: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly algorithm?: AeadAlgorithm;
  readonly signer?: SigningKey;
}

/** A blob made by hand, step by step, from the same primitives. */
export function forged(deviation: Deviation = {}): SealedBlob {
  const sealedHeader = deviation.sealedHeader ?? header;
  const keyMaterial = deviation.keyMaterial ?? entropy.slice(0, 32);
  const nonce = deviation.nonce ?? entropy.slice(32, 44);
  const algorithm = deviation.algorithm ?? 'chacha20_poly1305';
  const padded = deviation.padded ?? pad(plaintext);
  const aad = contentAad(sealedHeader, padded.length + 16);
  const use = { algorithm, key: keyMaterial.slice(0, 32), nonce: nonce.slice(0, 12), aad };
  const ciphertext = node.seal(use, padded);
  const { wrappedKey, ephemeralKey } = wrapped(keyMaterial, padded.length + 16, deviation);
  const hashes = { content: node.blake3(nonce, ciphertext), wrappedKey: node.blake3(wrappedKey) };
  const binding = signedBinding(header, bob, hashes);
  return {
    v: 1,
    nonce: base64url(nonce),
    ciphertext: base64url(ciphertext),
    sender_ephemeral_key: base64url(ephemeralKey),
    wrapped_key: base64url(wrappedKey),
    key_algorithm: 'x25519',
    content_algorithm: algorithm,
    sender_signature: createSignatures(node, must).signBytes(deviation.signer ?? alice, binding),
  };
}

function wrapped(keyMaterial: Uint8Array, ciphertextBytes: number, deviation: Deviation) {
  const wrappedHeader = deviation.wrappedHeader ?? deviation.sealedHeader ?? header;
  const scalar = entropy.slice(44);
  const ephemeralKey = node.x25519PublicKey(scalar);
  const recipientPublicKey = Uint8Array.from(Buffer.from(bob.key.publicKey, 'base64url'));
  const exchange = {
    shared: node.x25519(scalar, recipientPublicKey),
    ephemeralPublicKey: ephemeralKey,
    recipientPublicKey,
  };
  const deviceId = deviation.wrappedDeviceId ?? bob.deviceId;
  const aad = contentAad(wrappedHeader, ciphertextBytes);
  const use = wrapUse(node, wrappedHeader, deviceId, exchange, aad);
  return { ephemeralKey, wrappedKey: node.seal(use, keyMaterial) };
}
