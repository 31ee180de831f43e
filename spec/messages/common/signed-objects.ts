/**
 * Objects that are signed and never travel. Signer and verifier each build them from what both know,
 * so that no raw bytes chosen by a peer are ever signed (X-SIG-05) and a signature serves one
 * session, one server and one purpose. Each is a list of member names; the canonical JSON of the
 * object with exactly these members is what the signature covers. `type` tells them apart (X-SIG-04).
 */

/** Registration: `signature` of `registration_response`, by the new device key (C-REG-03, L-C03). */
export const registrationProofMembers = [
  'type', // registration_response
  'challenge',
  'device_id',
  'public_key',
  'user_id',
  'server_id',
  'transcript_hash',
  'proof_solution',
] as const;

/** Authentication: `signature` of `auth_response`, by the device key (C-AUTH-03, L-C03). */
export const authenticationProofMembers = [
  'type', // auth_response
  'challenge',
  'user_id',
  'device_id',
  'server_id',
  'timestamp',
  'transcript_hash',
] as const;

/**
 * End to end: `sender_signature` of each payload, by the sender's device (C-E2E-06, L-E06). It has no
 * `type`; no other signed object lacks one, so it cannot stand for another.
 */
export const senderSignatureMembers = [
  'conversation_id',
  'message_id',
  'sender_user_id',
  'sender_device_id',
  'recipient_device_id',
  'recipient_user_id',
  'message_type',
  'classification',
  'sequence_number', // 0 when unsequenced
  'prev_message_hash',
  'timestamp', // microseconds
  'content_hash', // BLAKE3-256 of nonce ‖ ciphertext
  'wrapped_key_hash', // BLAKE3-256 of wrapped_key
] as const;

/** `kex_signature`: the device's Ed25519 key vouches for its X25519 key (C-REG-09, L-E03). */
export const kexSignatureMembers = [
  'type', // device_kex_key
  'user_id',
  'device_id',
  'public_key',
  'kex_public_key',
] as const;

/** `authorizer_signature`: who vouches for a new device of a user (C-REG-07, L-C01, L-C19). */
export const deviceAuthorizationMembers = [
  'type', // device_authorization
  'user_id',
  'device_id',
  'public_key',
  'kex_public_key',
] as const;

/** `signature` of `session_key_accept`, by the answering device (C-SKX-01). */
export const sessionAcceptMembers = [
  'type', // session_key_accept
  'session_id',
  'ephemeral_public_key',
  'device_id',
  'init_hash', // BLAKE3-256 of the canonical session_key_init or session_key_rotate, signature included
] as const;

/** The value of `type` in each signed object that has one. */
export const signedObjectTypes = {
  registrationProof: 'registration_response',
  authenticationProof: 'auth_response',
  kexSignature: 'device_kex_key',
  deviceAuthorization: 'device_authorization',
  sessionAccept: 'session_key_accept',
} as const;

/** A signed object: every listed member, and no other. */
export type SignedObject<Names extends readonly string[]> = {
  [Name in Names[number]]: string | number;
};
