/** Relays (profile F7; L-F01…L-F07): composed with both signatures, and opened. */
import type { Crypto, SigningKey } from '../../../reference/crypto/crypto.ts';
import { without } from '../../../reference/wire/canonical.ts';
import { isObject, type JsonObject } from '../../../reference/wire/json.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import {
  relayOriginMembers,
  signedObjectTypes,
} from '../../../spec/messages/federation/signed-objects.ts';
import { zeroHash } from './chains.ts';
import type { DeviceIdentity } from './device.ts';
import type { RelayOptions } from './peer.ts';
import { type PeerState, subjectId } from './peer-state.ts';
import { addressed, type Envelope, open, seal } from './sealing.ts';
import { asJson } from './signing.ts';

/** Life of a relay unless the case says otherwise. */
const TTL_SECONDS = 3600;

interface Origin {
  readonly serverId: string;
  readonly key: SigningKey;
  readonly user: DeviceIdentity;
}

export function composeRelay(peer: PeerState, options: RelayOptions): MessageRelay {
  const { environment, key } = peer;
  const { crypto } = environment;
  const origin = originOf(peer, options.originServer);
  const bare = bareRelay(peer, origin, options);
  const beforeOrigin = options.beforeOrigin?.(bare) ?? asJson(bare);
  const originSignature = crypto.sign(origin.key, relayOrigin(crypto, beforeOrigin));
  const signedByOrigin = { ...beforeOrigin, origin_signature: originSignature };
  const beforeHop = options.beforeHop?.(asRelay(signedByOrigin)) ?? signedByOrigin;
  const routeSignature = crypto.sign(key, without(beforeHop, 'route_signature'));
  const finished = asRelay({ ...beforeHop, route_signature: routeSignature });
  return asRelay(options.afterHop?.(finished) ?? asJson(finished));
}

/** Bent or not, it goes out as a relay. */
const asRelay = (message: JsonObject): MessageRelay => message as unknown as MessageRelay;

/** Another server of ours signs for itself; for one that the suite does not know, this one does. */
function originOf({ environment, serverId, key, user }: PeerState, named = serverId): Origin {
  if (named === serverId) return { serverId, key, user };
  const known = environment.servers.get(named);
  if (known) return { serverId: named, ...known };
  return { serverId: named, key, user: { ...user, userId: `mallory@${named}` } };
}

function bareRelay(peer: PeerState, origin: Origin, options: RelayOptions): MessageRelay {
  const { environment } = peer;
  const { chance, subject } = environment;
  const envelope = envelopeOf(peer, origin, options);
  const routePath = options.routePath ?? routeOf(peer, origin);
  peer.counters.relaySequence += 1;
  return asRelay({
    type: 'message_relay',
    federation_id: chance.uuid(),
    message_id: envelope.messageId,
    origin_server: origin.serverId,
    target_server: options.targetServer ?? subjectId(peer),
    target_users: [...options.to],
    route_path: [...routePath],
    encrypted_payloads: sealed(peer, origin, { options, envelope }),
    metadata: {
      original_timestamp: envelope.timestampMicros,
      federation_timestamp: subject.now(),
      hop_count: routePath.length,
      ttl: options.ttlSeconds ?? TTL_SECONDS,
      priority: 'normal',
      delivery_requirements: ['acknowledge', 'encrypt_transport'],
    },
    classification: envelope.classification,
    sender_user_id: envelope.senderUserId,
    sender_device_id: envelope.senderDeviceId,
    conversation_id: envelope.conversationId,
    message_type: envelope.messageType,
    sequence_number: envelope.sequenceNumber,
    prev_message_hash: envelope.previousHash,
    relay_sequence: peer.counters.relaySequence - 1,
  });
}

/** L-F03: in flight the path ends with the server that sends, and the receiver is not in it. */
const routeOf = ({ serverId }: PeerState, origin: Origin): readonly string[] =>
  origin.serverId === serverId ? [serverId] : [origin.serverId, serverId];

function envelopeOf({ environment }: PeerState, { user }: Origin, options: RelayOptions): Envelope {
  const { chance, chains, subject } = environment;
  const conversationId = options.conversationId ?? chance.uuid();
  return {
    messageId: options.messageId ?? chance.uuid(),
    conversationId,
    senderUserId: user.userId,
    senderDeviceId: user.deviceId,
    messageType: 'text',
    classification: options.classification ?? 'unclassified',
    ...chains.next(conversationId, user.deviceId),
    timestampMicros: subject.now(),
  };
}

function sealed(
  { environment }: PeerState,
  { user }: Origin,
  { options, envelope }: { options: RelayOptions; envelope: Envelope },
): JsonObject {
  const { blobs, contentHash } = seal(environment, {
    envelope,
    version: environment.at,
    text: options.text ?? 'Hello, NORC!',
    recipients: options.recipients.map(addressed),
    sender: user,
  });
  const { messageId, conversationId, sequenceNumber, previousHash } = envelope;
  const place = { conversationId, deviceId: user.deviceId, sequenceNumber, previousHash };
  environment.chains.composed(messageId, { ...place, contentHash });
  environment.chains.left(messageId);
  return asJson(blobs);
}

/** L-F02: the members that no hop may change, from wherever the message has them. */
export function relayOrigin(crypto: Crypto, relay: JsonObject): JsonObject {
  const metadata = relay.metadata !== undefined && isObject(relay.metadata) ? relay.metadata : {};
  const derived: JsonObject = {
    type: signedObjectTypes.relayOrigin,
    payloads_hash: crypto.hash(relay.encrypted_payloads ?? null),
  };
  const members: JsonObject = {};
  for (const name of relayOriginMembers) {
    const value = derived[name] ?? relay[name] ?? metadata[name];
    if (value !== undefined) members[name] = value;
  }
  return members;
}

export function openRelay({ environment, user }: PeerState, relay: MessageRelay): string | null {
  const blob = relay.encrypted_payloads[user.deviceId];
  if (!blob) return null;
  const envelope: Envelope = {
    messageId: relay.message_id,
    conversationId: relay.conversation_id ?? '',
    senderUserId: relay.sender_user_id ?? '',
    senderDeviceId: relay.sender_device_id ?? '',
    messageType: relay.message_type ?? 'text',
    classification: relay.classification,
    sequenceNumber: relay.sequence_number ?? 0,
    previousHash: relay.prev_message_hash ?? zeroHash,
    timestampMicros: relay.metadata.original_timestamp,
  };
  return open(environment, { envelope, blob, recipient: user });
}
