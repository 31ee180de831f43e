/**
 * A message that has passed every check: recorded, put into the mailboxes, handed to other servers,
 * and only then acknowledged as `sent`, so that no crash loses what the sender believes accepted.
 */
import { limits } from '../../../spec/limits.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { ConnectionId, Context } from '../../core.ts';
import type { Hash, SealedBlob } from '../../crypto/crypto.ts';
import type { OutgoingRelay } from '../../ports.ts';
import { type Micros, seconds, toSeconds } from '../../time.ts';
import { ZERO_HASH } from '../identifiers.ts';
import type { Addressees, RemotePart } from './addressees.ts';
import { store } from './mailbox.ts';
import { acknowledgeSent, deviceGone, track } from './progress.ts';
import type { Conversation, Server, Session, TrackedMessage } from './state.ts';
import { forgottenAt, scheduleSweep } from './sweep-schedule.ts';

export interface Acceptable {
  readonly via: ConnectionId;
  readonly session: Session;
  readonly conversation: Conversation;
  readonly message: MessageSend;
  readonly addressees: Addressees;
  readonly hash: Hash;
}

export function acceptMessage(server: Server, incoming: Acceptable, context: Context): void {
  const tracked = trackedMessage(incoming, context.now);
  track(server, tracked, context);
  scheduleSweep(server, forgottenAt(tracked), context);
  const expiresAt = expiryOf(incoming, context.now);
  for (const { device, blob } of incoming.addressees.local) {
    const received = receivedMessage(incoming, blob);
    const stored = store(server, device.id, { message: received, expiresAt }, context);
    if (stored !== 'stored') deviceGone(server, tracked, device.id, stored, context);
  }
  for (const part of incoming.addressees.remote) {
    server.route.relay(outgoingRelay(incoming, part, expiresAt, context.now), context);
  }
  acknowledgeSent(server, tracked, context);
}

function trackedMessage(incoming: Acceptable, now: Micros): TrackedMessage {
  const { session, message, addressees, hash, via } = incoming;
  const devices = new Map(addressees.local.map(({ device }) => [device.id, device.userId]));
  return {
    id: message.message_id,
    hash,
    origin: 'local',
    conversationId: message.conversation_id,
    senderUserId: session.userId,
    senderDeviceId: session.deviceId,
    acceptedAt: now,
    via,
    devices,
    waitingDevices: new Set(devices.keys()),
    waitingUsers: new Set(addressees.remote.flatMap(({ users }) => users)),
    reached: new Set(),
    unread: new Set(message.recipients.filter((userId) => userId !== session.userId)),
    failedCode: null,
    status: 'sent',
    statusAt: now,
    announced: null,
  };
}

/** C-MSG-09, C-MSG-12: at most 24 hours, less where sender or conversation want so. */
function expiryOf({ message, conversation }: Acceptable, now: Micros): Micros {
  const { expires_at: expiresAtSeconds } = message.metadata;
  const bounds = [now + seconds(limits.offlineSeconds)];
  if (expiresAtSeconds !== undefined) bounds.push(seconds(expiresAtSeconds));
  const { messageTtlSeconds } = conversation;
  if (messageTtlSeconds !== null) bounds.push(now + seconds(messageTtlSeconds));
  return Math.min(...bounds);
}

/**
 * C-MSG-07, C-MSG-08, X-META-06: the blob as it came, for its device alone, under the names that we
 * have authenticated. The timestamp is the sender's, because the sender's signature covers it.
 */
function receivedMessage({ session, message }: Acceptable, blob: SealedBlob): MessageReceived {
  const { timestamp, ...metadata } = message.metadata;
  const { sequence_number, prev_message_hash, chain_depth } = message;
  return {
    type: 'message_received',
    message_id: message.message_id,
    conversation_id: message.conversation_id,
    sender_user_id: session.userId,
    sender_device_id: session.deviceId,
    timestamp,
    message_type: message.message_type,
    encrypted_content: blob,
    metadata,
    ...(sequence_number !== undefined && { sequence_number }),
    ...(prev_message_hash !== undefined && { prev_message_hash }),
    ...(chain_depth !== undefined && { chain_depth }),
  };
}

function outgoingRelay(
  { session, message }: Acceptable,
  { server, users, payloads }: RemotePart,
  expiresAt: Micros,
  now: Micros,
): OutgoingRelay {
  const lifeSeconds = toSeconds(expiresAt) - toSeconds(now);
  return {
    messageId: message.message_id,
    conversationId: message.conversation_id,
    senderUserId: session.userId,
    senderDeviceId: session.deviceId,
    targetServer: server,
    targetUsers: users,
    payloads,
    messageType: message.message_type,
    classification: message.metadata.classification,
    sequenceNumber: message.sequence_number ?? 0,
    previousHash: message.prev_message_hash ?? ZERO_HASH,
    timestampMicros: message.metadata.timestamp,
    ttlSeconds: Math.min(Math.max(lifeSeconds, 1), limits.relayTtlSeconds),
  };
}
