/**
 * The keys that an attacker has, and what they are good for: its own, or stolen ones. Whatever it
 * changes it signs anew under them; what they cannot vouch for stays as it was, or is signed wrongly.
 */
import type { Crypto, JsonObject, SigningKey } from '../../reference/crypto/crypto.ts';
import { without } from '../../reference/wire/canonical.ts';
import { relayOriginMembers } from '../../spec/messages/federation/signed-objects.ts';
import { messages, type NorcMessage } from '../../spec/messages.ts';
import type { Json } from '../../spec/schema.ts';

export interface Keyring {
  readonly crypto: Crypto;
  /** By server. */
  readonly keys: ReadonlyMap<string, SigningKey>;
}

/** With every signature that the keys can make, as if `by` had said it. */
export function signedAnew(message: NorcMessage, by: string, ring: Keyring): NorcMessage {
  const { signed } = messages[message.type];
  const whole = message.type === 'message_relay' ? withOriginSignature(message, ring) : message;
  if (signed === null || !(signed.member in message)) return whole;
  const body = whole as unknown as JsonObject;
  const key = ring.keys.get(String(body[signed.by])) ?? ring.keys.get(by);
  if (!key) return whole;
  const signature = ring.crypto.sign(key, without(body, signed.member));
  return { ...body, [signed.member]: signature } as unknown as NorcMessage;
}

type Relay = Extract<NorcMessage, { type: 'message_relay' }>;

/** L-F02: only the key of the origin makes it. */
function withOriginSignature(relay: Relay, { crypto, keys }: Keyring): Relay {
  const key = keys.get(relay.origin_server);
  if (!key || relay.origin_signature === undefined) return relay;
  const source: { readonly [name: string]: unknown } = {
    ...relay,
    ...relay.metadata,
    type: 'relay_origin',
    payloads_hash: crypto.hash(relay.encrypted_payloads as unknown as Json),
  };
  const part = relayOriginMembers.map((name) => [name, source[name]] as const);
  const known = part.filter(([, value]) => value !== undefined);
  return { ...relay, origin_signature: crypto.sign(key, Object.fromEntries(known) as JsonObject) };
}

/** X-TRN-05: whoever can sign an answer can name the transcript that fits it as well. */
export function withTranscript(
  message: NorcMessage,
  offer: NorcMessage | undefined,
  { crypto, keys }: Keyring,
): NorcMessage {
  if (message.type !== 'federation_handshake_response' || !offer) return message;
  if (!keys.has(message.responding_server)) return message;
  const { transcript_hash: _, signature: __, ...bare } = message;
  const values = [offer, bare] as unknown as JsonObject[];
  return { ...message, transcript_hash: crypto.transcript('norc-f-handshake-v1', values) };
}

/** L-F09: the header that goes with a request. Null where the key is not among them. */
export function proofOf(
  message: NorcMessage,
  parties: { readonly from: string; readonly to: string; readonly timestampSeconds: number },
  { crypto, keys }: Keyring,
): string | null {
  const key = keys.get(parties.from);
  if (!key) return null;
  const { from: requester, to: target, timestampSeconds } = parties;
  const body = message as unknown as JsonObject;
  const claim = { type: message.type, requester, target, timestampSeconds, body };
  return `ts=${timestampSeconds};sig=${crypto.signRequest(key, claim)}`;
}

/** Members of `patch` go into `value`, objects into objects; null takes a member away. */
export function patched(value: JsonObject, patch: JsonObject): JsonObject {
  const changed: JsonObject = { ...value };
  for (const [name, wanted] of Object.entries(patch)) {
    const present = changed[name];
    if (wanted === null) delete changed[name];
    else changed[name] = isRecord(wanted) && isRecord(present) ? patched(present, wanted) : wanted;
  }
  return changed;
}

const isRecord = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
