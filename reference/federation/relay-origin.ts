/** The part of a relay that the origin signs and no hop may change (F-RELAY-07, L-F02). */
import type { MessageRelay } from '../../spec/messages/federation/message-relay.ts';
import { relayOriginMembers } from '../../spec/messages/federation/signed-objects.ts';
import type { Json } from '../../spec/schema.ts';
import type { Context } from '../core.ts';
import type { JsonObject, PublicKey } from '../crypto/crypto.ts';

export function originPart(relay: MessageRelay, { crypto }: Context): JsonObject {
  const { metadata, encrypted_payloads } = relay;
  const source: { readonly [name: string]: unknown } = {
    ...relay,
    ...metadata,
    type: 'relay_origin',
    payloads_hash: crypto.hash(encrypted_payloads as unknown as Json),
  };
  const members = relayOriginMembers.map((name) => [name, source[name]] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JsonObject;
}

export function isOriginSigned(relay: MessageRelay, key: PublicKey, context: Context): boolean {
  if (relay.origin_signature === undefined) return false;
  return context.crypto.verify(key, originPart(relay, context), relay.origin_signature);
}
