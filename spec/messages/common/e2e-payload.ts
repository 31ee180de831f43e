/**
 * The end-to-end payload (profile C18, L-E01): what one device receives of one message. All payloads
 * of a message share nonce and ciphertext; each has its own wrapped key, so that no device sees the
 * identifier or the key of another (X-META-06). Servers carry it unread and unchanged (C-MSG-07).
 *
 * | member               | bytes | what                                                          |
 * |----------------------|-------|---------------------------------------------------------------|
 * | nonce                | 12    | of the content                                                |
 * | ciphertext           | n     | padded content and its tag                                    |
 * | sender_ephemeral_key | 32    | fresh for each message (C-E2E-03)                             |
 * | wrapped_key          | 48    | content key and its tag (L-E02)                               |
 * | pq_ciphertext        | 1088  | with `x25519_mlkem768` only; the opener checks the pairing    |
 * | sender_signature     | 64    | by the sender's device over senderSignatureMembers (L-E06)    |
 */
import { limits } from '../../limits.ts';
import {
  bytes,
  ciphertext,
  literal,
  mapOf,
  oneOf,
  publicKey,
  record,
  signature,
  type TypeOf,
  uuid,
} from '../../schema.ts';

export const e2ePayload = record({
  fields: {
    v: literal(1),
    nonce: bytes(limits.aeadNonceBytes, 'C-E2E-02'),
    ciphertext: ciphertext(limits.clientFrameBytes),
    sender_ephemeral_key: publicKey(),
    wrapped_key: bytes(limits.wrappedKeyBytes, 'C-E2E-04'),
    key_algorithm: oneOf(['x25519', 'x25519_mlkem768'], 'C-E2E-07'),
    content_algorithm: oneOf(['chacha20_poly1305', 'aes_256_gcm'], 'C-E2E-07'),
    sender_signature: signature(),
  },
  optional: {
    pq_ciphertext: bytes(limits.kemCiphertextBytes, 'X-PQ-04'),
  },
  // Whatever is not sealed is not content (X-CS-06).
  requirement: 'X-CS-06',
});
export type E2ePayload = TypeOf<typeof e2ePayload>;

/** One payload for each addressed device, by device id. */
export const payloadsByDevice = () =>
  mapOf(uuid(), e2ePayload, { min: 1, max: limits.devicesPerMessage });
