/**
 * Messages from other servers for devices here, and what became of ours there (DeliveryPort;
 * F-RELAY-10, F-ACK-02). The federation layer has verified who sent them; whom they may reach is
 * judged here. A message that waits for a device that is away counts as delivered: this server
 * answers for it from now on.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { Context } from '../../core.ts';
import type { Hash, SealedBlob } from '../../crypto/crypto.ts';
import type { DeliveryOutcome } from '../../ports.ts';
import { type Micros, seconds } from '../../time.ts';
import { isKeyExpired, isRevoked } from './directory.ts';
import { store } from './mailbox.ts';
import { forgetTracked, saveTracked, track, usersSettled } from './progress.ts';
import { placeRelay } from './relayed-place.ts';
import type { Server, TrackedMessage } from './state.ts';
import { forgottenAt, scheduleSweep } from './sweep-schedule.ts';
import { createTally, type Tally } from './tally.ts';

export function deliverRelay(
  server: Server,
  relay: MessageRelay,
  context: Context,
): DeliveryOutcome {
  const tally = createTally();
  const hash = relayHash(relay, context);
  const known = server.messages.get(relay.message_id);
  if (!context.must('C-MSG-05', !known || known.hash === hash)) {
    return failAll(relay, errorCode.client.encryptionFailed);
  }
  const place = placeRelay(server, relay, context);
  if (typeof place === 'number') return failAll(relay, place);
  const tracked = known ?? trackRelay(server, relay, hash, context);
  for (const [deviceId, blob] of Object.entries(relay.encrypted_payloads)) {
    const incoming = { deviceId, blob, isRepeat: known !== undefined };
    deliverTo(server, relay, incoming, tally, context);
  }
  for (const userId of relay.target_users) {
    if (tally.has(userId)) continue;
    const { invalidRecipient } = errorCode.client;
    const isKnown = server.users.has(userId);
    tally.failed(userId, null, isKnown ? invalidRecipient : errorCode.federation.userNotFound);
  }
  const outcome = tally.outcome();
  if (!known && outcome.delivered.length === 0) forgetTracked(server, tracked, context);
  return outcome;
}

/** A user of whom some device has it has it (C-MSG-16). */
export function settleRelay(
  server: Server,
  messageId: string,
  { delivered, failed }: DeliveryOutcome,
  context: Context,
): void {
  const tracked = server.messages.get(messageId);
  if (tracked?.origin !== 'local') return;
  const reached = delivered.map(({ userId }) => userId);
  const lost = failed.filter(({ userId }) => !reached.includes(userId));
  const codes = new Map(lost.map(({ userId, errorCode: code }) => [userId, code]));
  usersSettled(server, tracked, { reached, failed: codes }, context);
}

function deliverTo(
  server: Server,
  relay: MessageRelay,
  { deviceId, blob, isRepeat }: { deviceId: string; blob: SealedBlob; isRepeat: boolean },
  tally: Tally,
  context: Context,
): void {
  const { must, now } = context;
  const device = server.devices.get(deviceId);
  const isAddressed = device !== undefined && relay.target_users.includes(device.userId);
  if (!must('F-RELAY-10', isAddressed) || !device) {
    const [first = ''] = relay.target_users;
    return tally.failed(first, deviceId, errorCode.client.invalidRecipient);
  }
  if (!must('X-KEY-04', !isRevoked(device, now))) {
    return tally.failed(device.userId, deviceId, errorCode.client.keyRevoked);
  }
  if (!must('C-KEY-03', !isKeyExpired(device, now))) {
    return tally.failed(device.userId, deviceId, errorCode.client.keyExpired);
  }
  // Already here, or already delivered: never a second time (X-SEQ-14).
  if (isRepeat) return tally.delivered(device.userId, deviceId);
  const incoming = { message: receivedMessage(relay, blob), expiresAt: expiryOf(relay, now) };
  const stored = store(server, deviceId, incoming, context);
  if (stored === 'stored') tally.delivered(device.userId, deviceId);
  else tally.failed(device.userId, deviceId, stored);
}

function trackRelay(
  server: Server,
  relay: MessageRelay,
  hash: Hash,
  context: Context,
): TrackedMessage {
  const addressed = Object.keys(relay.encrypted_payloads).flatMap((id) => {
    const device = server.devices.get(id);
    return device && relay.target_users.includes(device.userId) ? [device] : [];
  });
  const tracked: TrackedMessage = {
    id: relay.message_id,
    hash,
    origin: 'relayed',
    conversationId: relay.conversation_id ?? '',
    senderUserId: relay.sender_user_id ?? '',
    senderDeviceId: relay.sender_device_id ?? '',
    acceptedAt: context.now,
    via: null,
    devices: new Map(addressed.map((device) => [device.id, device.userId])),
    waitingDevices: new Set(addressed.map((device) => device.id)),
    waitingUsers: new Set(),
    reached: new Set(),
    unread: new Set(),
    failedCode: null,
    // Its sender's server tells the sender; here is nobody to tell.
    status: 'read',
    statusAt: context.now,
    announced: null,
  };
  track(server, tracked, context);
  saveTracked(tracked, context);
  scheduleSweep(server, forgottenAt(tracked), context);
  return tracked;
}

/** What makes two relays the same message, whatever route they took. */
function relayHash(relay: MessageRelay, { crypto }: Context): Hash {
  const { message_id, origin_server, target_server, target_users, encrypted_payloads } = relay;
  return crypto.hash({
    message_id,
    origin_server,
    target_server,
    target_users,
    encrypted_payloads,
  });
}

function receivedMessage(relay: MessageRelay, blob: SealedBlob): MessageReceived {
  const { sequence_number, prev_message_hash } = relay;
  return {
    type: 'message_received',
    message_id: relay.message_id,
    conversation_id: relay.conversation_id ?? '',
    sender_user_id: relay.sender_user_id ?? '',
    sender_device_id: relay.sender_device_id ?? '',
    timestamp: relay.metadata.original_timestamp,
    message_type: relay.message_type ?? 'text',
    encrypted_content: blob,
    metadata: { classification: relay.classification },
    ...(sequence_number !== undefined && { sequence_number }),
    ...(prev_message_hash !== undefined && { prev_message_hash }),
  };
}

/** C-MSG-09, C-MSG-12, F-RELAY-05. */
function expiryOf({ metadata }: MessageRelay, now: Micros): Micros {
  const ttl = metadata.original_timestamp + seconds(metadata.ttl);
  return Math.min(ttl, now + seconds(limits.offlineSeconds));
}

function failAll(relay: MessageRelay, code: number): DeliveryOutcome {
  const failed = relay.target_users.map((userId, at) => {
    const deviceIds = at === 0 ? Object.keys(relay.encrypted_payloads) : [];
    return { userId, deviceIds, errorCode: code };
  });
  return { delivered: [], failed };
}
