/** End-to-end content: wrapping, sealing, what the sender signs (L-E01 to L-E08). */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';
import type { VectorValue } from '../../vector-file.ts';
import { aad } from './aad.ts';
import { base64url, concat, fromBase64url, hex, utf8, uuidBytes } from './bytes.ts';
import { canonicalBytes, type JsonObject } from './canonical-json.ts';
import { blake3, hkdf } from './hash.ts';
import { pad } from './padding.ts';
import { type KeyPair, sign } from './signature.ts';

export interface WrapContext {
  readonly version: string;
  readonly message_id: string;
  readonly device_id: string;
  readonly sender_device_id: string;
  readonly conversation_id: string;
}

export interface Wrapping {
  readonly salt: Uint8Array;
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

export const wrapNonce = (deviceId: string, messageId: Uint8Array): Uint8Array =>
  blake3(utf8(deviceId), messageId).slice(0, 12);

/** Everything that the content key is sealed with. */
export function wrapping(
  context: WrapContext,
  shared: Uint8Array,
  keys: { readonly ephemeral: Uint8Array; readonly recipient: Uint8Array },
  contentAad: Uint8Array,
): Wrapping {
  const { version, message_id, device_id, sender_device_id, conversation_id } = context;
  const id = uuidBytes(message_id);
  const salt = blake3(utf8('norc:wrap-salt:v1'), keys.ephemeral, keys.recipient, id);
  return {
    salt,
    key: hkdf(salt, shared, utf8(`norc:wrap:v1${version}${device_id}`)),
    nonce: wrapNonce(device_id, id),
    aad: concat(contentAad, utf8(conversation_id + sender_device_id + device_id)),
  };
}

export const sealKey = ({ key, nonce, aad: data }: Wrapping, contentKey: Uint8Array): Uint8Array =>
  chacha20poly1305(key, nonce, data).encrypt(contentKey);

/** A type, so that it is a value of JSON as it stands. */
export type Header = {
  readonly version: string;
  readonly message_type_code: number;
  readonly message_id: string;
  readonly conversation_id: string;
  readonly sender_user_id: string;
  readonly sender_device_id: string;
  readonly message_type: string;
  readonly classification: string;
  readonly sequence_number: number;
  readonly prev_message_hash: string;
  readonly timestamp: number;
};

export function headerAad(header: Header, ciphertextBytes: number): Uint8Array {
  const [major = 0, minor = 0] = header.version.split('.').map(Number);
  return aad({
    major,
    minor,
    message_type: header.message_type_code,
    sequence_number: String(header.sequence_number),
    message_id: hex(uuidBytes(header.message_id)),
    ciphertext_length: ciphertextBytes,
    prev_message_hash: hex(fromBase64url(header.prev_message_hash)),
    transcript_hash: '00'.repeat(32),
  });
}

export interface Recipient {
  readonly user_id: string;
  readonly device_id: string;
  readonly public_key: Uint8Array;
}

export interface Sealing {
  readonly header: Header;
  readonly plaintext: Uint8Array;
  readonly content_key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ephemeral: KeyPair;
  readonly sender: KeyPair;
  readonly recipient: Recipient;
}

export const contentHash = (nonce: Uint8Array, ciphertext: Uint8Array): Uint8Array =>
  blake3(nonce, ciphertext);

/** L-E06: the object that the sender's device signs. */
export function binding(
  header: Header,
  recipient: Pick<Recipient, 'user_id' | 'device_id'>,
  hashes: { readonly content: Uint8Array; readonly wrapped: Uint8Array },
): JsonObject {
  const { version: _, message_type_code: __, ...told } = header;
  return {
    ...told,
    recipient_device_id: recipient.device_id,
    recipient_user_id: recipient.user_id,
    content_hash: base64url(hashes.content),
    wrapped_key_hash: base64url(hashes.wrapped),
  };
}

export function sealContent(
  sealing: Sealing,
  padded = pad(sealing.plaintext),
): {
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly wrapped: Uint8Array;
} {
  const { header, content_key, nonce, ephemeral, recipient } = sealing;
  const data = headerAad(header, padded.length + 16);
  const ciphertext = chacha20poly1305(content_key, nonce, data).encrypt(padded);
  const shared = x25519.scalarMult(ephemeral.secret, recipient.public_key);
  const keys = { ephemeral: ephemeral.public, recipient: recipient.public_key };
  const context = { ...header, device_id: recipient.device_id };
  return {
    nonce,
    ciphertext,
    wrapped: sealKey(wrapping(context, shared, keys, data), content_key),
  };
}

/** As it stands in a message. */
export function blobOf(
  sealing: Sealing,
  sealed = sealContent(sealing),
): { readonly [name: string]: VectorValue } {
  const { header, ephemeral, recipient, sender } = sealing;
  const hashes = {
    content: contentHash(sealed.nonce, sealed.ciphertext),
    wrapped: blake3(sealed.wrapped),
  };
  return {
    v: 1,
    nonce: base64url(sealed.nonce),
    ciphertext: base64url(sealed.ciphertext),
    sender_ephemeral_key: base64url(ephemeral.public),
    wrapped_key: base64url(sealed.wrapped),
    key_algorithm: 'x25519',
    content_algorithm: 'chacha20_poly1305',
    sender_signature: base64url(sign(sender, canonicalBytes(binding(header, recipient, hashes)))),
  };
}
