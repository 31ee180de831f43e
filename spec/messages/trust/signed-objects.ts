/**
 * What NORC-T signs or publishes besides whole messages. None of it travels: signer and verifier
 * build each from what both know, so no bytes chosen by a peer are ever signed (X-SIG-05). Signed
 * objects are canonical JSON with exactly the listed members; `type` tells them apart (X-SIG-04).
 */
import type { ByteField } from '../federation/signed-objects.ts';

/**
 * Inner `signature` of trust_response, by the key of the request (T-RESP-02, L-T05). Both names are
 * inside: a responder who passes a challenge on to a third server gains nothing.
 */
export const trustProofMembers = [
  'type', // trust_proof
  'challenge_data',
  'request_id',
  'challenge_id',
  'requesting_server',
  'challenging_server',
  'transcript_hash', // as carried by the trust_response
] as const;

/** `key_binding` of trust_request, by the key of the leaf certificate (T-REQ-03, L-T06). */
export const keyBindingMembers = [
  'type', // key_binding
  'server_id', // requesting_server
  'server_public_key',
] as const;

/** `new_key_signature` of trust_renewal, by the new key (T-REN-06, L-R11). */
export const renewalKeyProofMembers = [
  'type', // renewal_key_proof
  'renewal_id',
  'renewing_server',
  'trust_server',
  'existing_certificate_id',
  'new_public_key',
] as const;

/**
 * `verification_code` of a business registration by the issuing authority, `verification_id` of a
 * contact verification by who verified it: what they say of the server (T-RESP-08, L-T34).
 */
export const organizationStatementMembers = [
  'type', // organization_statement
  'server_id', // responding_server
  'document_type',
  'stated_by', // issuing_authority or verified_by
  'document_hash', // of a registration; '' of a contact
  'verification_method', // of a contact; '' of a registration
] as const;

/** The value of `type` in each signed object. */
export const signedObjectTypes = {
  trustProof: 'trust_proof',
  keyBinding: 'key_binding',
  renewalKeyProof: 'renewal_key_proof',
  organizationStatement: 'organization_statement',
} as const;

export interface TrustProof {
  type: 'trust_proof';
  challenge_data: string;
  request_id: string;
  challenge_id: string;
  requesting_server: string;
  challenging_server: string;
  /** Absent at 1.0, where the response carries none. */
  transcript_hash?: string;
}

export interface KeyBinding {
  type: 'key_binding';
  server_id: string;
  server_public_key: string;
}

export interface OrganizationStatement {
  type: 'organization_statement';
  server_id: string;
  document_type: string;
  stated_by: string;
  document_hash: string;
  verification_method: string;
}

export interface RenewalKeyProof {
  type: 'renewal_key_proof';
  renewal_id: string;
  renewing_server: string;
  trust_server: string;
  existing_certificate_id: string;
  new_public_key: string;
}

/**
 * What is hashed, with BLAKE3-256, into the value of a domain challenge (T-CHAL-05, L-T04). A
 * random value would let a middleman pass on another server's challenge and be trusted under its
 * own key.
 */
export const domainProofLayout = [
  { name: 'label', form: 'ascii', widthBytes: 13, value: 'norc-t-dns-v1' },
  { name: 'requesting_server', form: 'u16-prefixed' },
  { name: 'challenging_server', form: 'u16-prefixed' },
  { name: 'request_id', form: 'u16-prefixed' }, // 36 characters (L-S09)
  { name: 'challenge_id', form: 'u16-prefixed' },
  { name: 'server_public_key', form: 'raw', widthBytes: 32 },
  { name: 'nonce', form: 'raw', widthBytes: 32 },
] as const satisfies readonly ByteField[];
