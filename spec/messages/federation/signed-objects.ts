/**
 * What NORC-F signs besides whole messages: the origin's part of a relay (L-F02) and the proof that
 * goes with a request (L-F09). Neither travels; signer and verifier build each from what both know.
 */
import type { MessageRelay } from './message-relay.ts';

/** A stretch of bytes, in order and without gaps. Integers are big-endian. */
export interface ByteField {
  readonly name: string;
  readonly form:
    | 'ascii' // as it stands, of fixed length
    | 'u16-prefixed' // UTF-8 behind its length in two bytes
    | 'u64'
    | 'raw';
  readonly widthBytes?: number;
  readonly value?: string;
}

/**
 * `origin_signature`, by the key of `origin_server` (F-RELAY-07, L-F02): the canonical JSON of an
 * object with exactly these members. They are those that no hop may change; hop_count, route_path,
 * federation_timestamp and route_signature are left to the hops. `type` is ours, so that nothing
 * else that a server signs can stand for it (X-SIG-04, X-SIG-05).
 */
export const relayOriginMembers = [
  'type', // relay_origin
  'message_id',
  'federation_id',
  'origin_server',
  'target_server',
  'target_users',
  'payloads_hash', // BLAKE3-256 of canon(encrypted_payloads)
  'sender_user_id',
  'sender_device_id',
  'conversation_id',
  'message_type',
  'classification',
  'sequence_number',
  'prev_message_hash',
  'original_timestamp',
  'ttl',
  'priority',
  'delivery_requirements',
] as const;

type OriginMember = (typeof relayOriginMembers)[number];
export type RelayOrigin = { type: 'relay_origin'; payloads_hash: string } & Pick<
  MessageRelay,
  Extract<OriginMember, Exclude<keyof MessageRelay, 'type'>>
> &
  Pick<MessageRelay['metadata'], Extract<OriginMember, keyof MessageRelay['metadata']>>;

/**
 * Signed bytes of a request proof (F-AUTH-01). Lengths stand before the names, so no two requests
 * share their bytes (F-AUTH-02); without them `a.example.org` ‖ `b.org` meets `a.example.or` ‖
 * `gb.org`.
 */
export const requestProofLayout = [
  { name: 'label', form: 'ascii', widthBytes: 13, value: 'norc-f-req-v1' },
  { name: 'type', form: 'u16-prefixed' },
  { name: 'requesting_server', form: 'u16-prefixed' },
  { name: 'target_server', form: 'u16-prefixed' },
  { name: 'timestamp', form: 'u64', widthBytes: 8 }, // seconds
  { name: 'body_hash', form: 'raw', widthBytes: 32 }, // BLAKE3-256 of the body as sent
] as const satisfies readonly ByteField[];

/** `ts` is decimal seconds, `sig` base64url. The header's name is fixed.proofHeader. */
export const requestProofHeader = /^ts=(?<ts>0|[1-9]\d{0,15});sig=(?<sig>[A-Za-z0-9_-]{86})$/;

/** Rows of 1.2 and 1.3 whose signature column says "Req-sig": they have no other. */
export const provenRequests = [
  'trust_status',
  'user_lookup',
  'presence_federation',
  'archive_sync',
  'call_invite_federation',
  'media_relay_info',
  'cluster_member_info',
  'health_check',
  'audit_root_query',
] as const;

/** The value of `type` in each signed object of NORC-F. */
export const signedObjectTypes = { relayOrigin: 'relay_origin' } as const;
