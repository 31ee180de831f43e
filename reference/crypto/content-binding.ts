/**
 * What an end-to-end blob is bound to (L-E04…L-E08): the additional data of content and of wrapped
 * key, the derivation of the wrapping key, and the object that the sender's device signs.
 *
 *   AAD_meta = AAD_v1 95 ‖ conversation_id 36 ‖ sender device_id 36 ‖ recipient device_id 36 = 203
 */
import { limits } from '../../spec/limits.ts';
import type {
  SignedObject,
  senderSignatureMembers,
} from '../../spec/messages/common/signed-objects.ts';
import { encodeAad } from '../wire/aad.ts';
import { bytesOf, encodeBase64url } from '../wire/base64url.ts';
import { canonicalBytes } from '../wire/canonical.ts';
import type { ContentHeader } from './crypto.ts';
import { hkdf } from './hkdf.ts';
import { concat, fitted, utf8, uuidBytes } from './octets.ts';
import type { AeadUse, Primitives } from './primitives.ts';

/** A recipient as the blob knows it. */
export interface Addressee {
  readonly userId: string;
  readonly deviceId: string;
}

/** One Diffie-Hellman exchange between the sender's ephemeral key and a device's key (L-E02). */
export interface WrapExchange {
  readonly shared: Uint8Array;
  /** 32 raw bytes. */
  readonly ephemeralPublicKey: Uint8Array;
  /** 32 raw bytes. */
  readonly recipientPublicKey: Uint8Array;
}

/** AAD_v1 of a message. Outside end-to-end sessions the transcript hash is zero (L-E07). */
export function contentAad(header: ContentHeader, ciphertextBytes: number): Uint8Array {
  const [major = 0, minor = 0] = header.version.split('.').map(Number);
  return encodeAad({
    major,
    minor,
    messageTypeCode: header.messageTypeCode,
    sequenceNumber: header.sequenceNumber,
    messageId: uuidBytes(header.messageId),
    ciphertextBytes,
    previousHash: fitted(bytesOf(header.previousHash), limits.hashBytes),
    transcriptHash: new Uint8Array(limits.hashBytes),
  });
}

/** How the content key is wrapped for one device. */
export function wrapUse(
  primitives: Primitives,
  header: ContentHeader,
  deviceId: string,
  exchange: WrapExchange,
  aad: Uint8Array,
): AeadUse {
  return {
    algorithm: 'chacha20_poly1305',
    key: wrapKey(primitives, header, deviceId, exchange),
    nonce: wrapNonce(primitives, header.messageId, deviceId),
    aad: concat(aad, utf8(header.conversationId + header.senderDeviceId + deviceId)),
  };
}

function wrapKey(
  primitives: Primitives,
  header: ContentHeader,
  deviceId: string,
  { shared, ephemeralPublicKey, recipientPublicKey }: WrapExchange,
): Uint8Array {
  return hkdf(primitives, {
    salt: wrapSalt(primitives, header.messageId, { ephemeralPublicKey, recipientPublicKey }),
    ikm: shared,
    label: 'norc:wrap:v1',
    context: [utf8(header.version), utf8(deviceId)],
    lengthBytes: limits.aeadKeyBytes,
  });
}

/**
 * L-E04: of public things only. The documents' hash of the content key cannot be computed by someone
 * who has yet to unwrap it.
 */
export function wrapSalt(
  primitives: Primitives,
  messageId: string,
  { ephemeralPublicKey, recipientPublicKey }: Omit<WrapExchange, 'shared'>,
): Uint8Array {
  const label = utf8('norc:wrap-salt:v1');
  return primitives.blake3(label, ephemeralPublicKey, recipientPublicKey, uuidBytes(messageId));
}

/**
 * L-E05. Deterministic, so a wrapping key must never be used twice with one message id: a retry
 * that seals another content key needs another ephemeral key, or the two wrapped keys share a key
 * stream.
 */
export function wrapNonce(primitives: Primitives, messageId: string, deviceId: string): Uint8Array {
  return primitives.blake3(utf8(deviceId), uuidBytes(messageId)).slice(0, limits.aeadNonceBytes);
}

/** L-E06: what `sender_signature` covers. */
export function signedBinding(
  header: ContentHeader,
  recipient: Addressee,
  hashes: { readonly content: Uint8Array; readonly wrappedKey: Uint8Array },
): Uint8Array {
  const binding: SignedObject<typeof senderSignatureMembers> = {
    conversation_id: header.conversationId,
    message_id: header.messageId,
    sender_user_id: header.senderUserId,
    sender_device_id: header.senderDeviceId,
    recipient_device_id: recipient.deviceId,
    recipient_user_id: recipient.userId,
    message_type: header.messageType,
    classification: header.classification,
    sequence_number: header.sequenceNumber,
    prev_message_hash: header.previousHash,
    timestamp: header.timestampMicros,
    content_hash: encodeBase64url(hashes.content),
    wrapped_key_hash: encodeBase64url(hashes.wrappedKey),
  };
  return canonicalBytes(binding);
}
