/**
 * What becomes of a message, and what its sender is told (C-MSG-06, C-MSG-16, L-C10): `sent`, then
 * `delivered` when every addressed device has it, then `read` when every recipient has read it, or
 * `failed`. The status only ever moves forward. A device that fails takes the message with it only
 * if no other device of that user has it.
 */
import type { MessageAck } from '../../../spec/messages/client/message-ack.ts';
import type { ConnectionId, Context } from '../../core.ts';
import { serverOf } from '../identifiers.ts';
import { bounds } from './bounds.ts';
import { liveConnection } from './live-sessions.ts';
import type { Connection, MessageStatus, Server, TrackedMessage } from './state.ts';

/** From its acceptance on. The oldest of a sender that has too many is forgotten. */
export function track(server: Server, tracked: TrackedMessage, context: Context): void {
  keepTracked(server, tracked);
  const ids = server.sentBy.get(senderOf(tracked)) ?? new Set();
  const { trackedOfDevice, trackedOfServer } = bounds;
  const isTooMany = ids.size > (tracked.origin === 'local' ? trackedOfDevice : trackedOfServer);
  const [oldest = ''] = isTooMany ? ids : [];
  const forgotten = server.messages.get(oldest);
  if (forgotten) forgetTracked(server, forgotten, context);
}

/** What a restart does. */
export function keepTracked(server: Server, tracked: TrackedMessage): void {
  server.messages.set(tracked.id, tracked);
  const sent = server.sentBy.get(senderOf(tracked)) ?? new Set<string>();
  server.sentBy.set(senderOf(tracked), sent.add(tracked.id));
}

export function forgetTracked(server: Server, tracked: TrackedMessage, context: Context): void {
  server.messages.delete(tracked.id);
  const sent = server.sentBy.get(senderOf(tracked));
  sent?.delete(tracked.id);
  if (sent?.size === 0) server.sentBy.delete(senderOf(tracked));
  context.emit({ type: 'persist', table: 'message-id', key: tracked.id, value: null });
}

/** The device, or the other server: device ids and domain names never look alike. */
function senderOf({ origin, senderDeviceId, senderUserId }: TrackedMessage): string {
  return origin === 'local' ? senderDeviceId : serverOf(senderUserId);
}

/** The first word to the sender; what happened while the message was taken in follows it. */
export function acknowledgeSent(server: Server, tracked: TrackedMessage, context: Context): void {
  tracked.announced = 'sent';
  saveTracked(tracked, context);
  if (tracked.via !== null) acknowledge(tracked.via, tracked, 'sent', context);
  advance(server, tracked, context);
}

/** C-MSG-05: a repeat learns what the first one learnt, or more; never less (C-MSG-06). */
export function repeatAcknowledgment(
  { id }: Connection,
  tracked: TrackedMessage,
  context: Context,
): void {
  acknowledge(id, tracked, tracked.announced ?? 'sent', context);
}

export function deviceConfirmed(
  server: Server,
  tracked: TrackedMessage,
  deviceId: string,
  context: Context,
): void {
  const userId = tracked.devices.get(deviceId);
  if (userId === undefined || !tracked.waitingDevices.delete(deviceId)) return;
  tracked.reached.add(userId);
  advance(server, tracked, context);
}

/** The device will not have it: revoked, expired, or its mailbox is full. */
export function deviceGone(
  server: Server,
  tracked: TrackedMessage,
  deviceId: string,
  code: number,
  context: Context,
): void {
  const userId = tracked.devices.get(deviceId);
  if (userId === undefined || !tracked.waitingDevices.delete(deviceId)) return;
  // Nor can it read what it never confirmed (C-MSG-11).
  tracked.devices.delete(deviceId);
  const others = [...tracked.waitingDevices].some((id) => tracked.devices.get(id) === userId);
  const isLost = !others && !tracked.reached.has(userId) && userId !== tracked.senderUserId;
  if (isLost) tracked.failedCode ??= code;
  if (tracked.announced !== null) saveTracked(tracked, context);
  advance(server, tracked, context);
}

/** Users of other servers: delivered somewhere, or nowhere with a code. */
export function usersSettled(
  server: Server,
  tracked: TrackedMessage,
  outcome: { readonly reached: readonly string[]; readonly failed: ReadonlyMap<string, number> },
  context: Context,
): void {
  for (const userId of outcome.reached) {
    if (tracked.waitingUsers.delete(userId)) tracked.reached.add(userId);
  }
  for (const [userId, code] of outcome.failed) {
    if (tracked.waitingUsers.delete(userId)) tracked.failedCode ??= code;
  }
  saveTracked(tracked, context);
  advance(server, tracked, context);
}

export function userRead(
  server: Server,
  tracked: TrackedMessage,
  userId: string,
  context: Context,
): void {
  if (!tracked.unread.delete(userId)) return;
  saveTracked(tracked, context);
  advance(server, tracked, context);
}

/** When a device is back: what it has not been told of its messages. */
export function announceOutcomes(server: Server, deviceId: string, context: Context): void {
  for (const id of server.sentBy.get(deviceId) ?? []) {
    const tracked = server.messages.get(id);
    if (tracked && tracked.status !== tracked.announced) {
      tell(server, tracked, tracked.status, context);
    }
  }
}

/** `failed` and `read` are final. */
const rank: Readonly<Record<MessageStatus, number>> = { sent: 0, delivered: 1, read: 2, failed: 3 };

function advance(server: Server, tracked: TrackedMessage, context: Context): void {
  const status = statusOf(tracked);
  const isForward = rank[status] >= rank[tracked.status] && rank[tracked.status] < rank.read;
  if (status !== tracked.status && context.must('C-MSG-06', isForward)) {
    tracked.status = status;
    tracked.statusAt = context.now;
    saveTracked(tracked, context);
  }
  // While it is being taken in, `sent` has still to be said.
  const isTold = tracked.announced === null || tracked.announced === tracked.status;
  if (!isTold) tell(server, tracked, tracked.status, context);
}

function statusOf(tracked: TrackedMessage): MessageStatus {
  if (tracked.unread.size === 0) return 'read';
  if (tracked.waitingDevices.size + tracked.waitingUsers.size > 0) return 'sent';
  return tracked.failedCode === null ? 'delivered' : 'failed';
}

/** Where it was sent from, or on the newest session of that device; else when it is back. */
function tell(
  server: Server,
  tracked: TrackedMessage,
  status: MessageStatus,
  context: Context,
): void {
  const { via, senderDeviceId } = tracked;
  const isThere = via !== null && server.connections.has(via);
  const connection = isThere ? via : liveConnection(server, senderDeviceId);
  if (tracked.origin !== 'local' || connection === null) return;
  tracked.announced = status;
  saveTracked(tracked, context);
  acknowledge(connection, tracked, status, context);
}

function acknowledge(
  connection: ConnectionId,
  tracked: TrackedMessage,
  status: MessageStatus,
  context: Context,
): void {
  const message: MessageAck = {
    type: 'message_ack',
    message_id: tracked.id,
    status,
    timestamp: status === 'sent' ? tracked.acceptedAt : tracked.statusAt,
    ...(status === 'failed' && tracked.failedCode !== null && { error_code: tracked.failedCode }),
  };
  context.emit({ type: 'send', connection, message });
}

/** Devices that wait are not in the row: their mailboxes say the same. */
export function saveTracked(tracked: TrackedMessage, context: Context): void {
  const value = {
    hash: tracked.hash,
    origin: tracked.origin,
    conversation_id: tracked.conversationId,
    sender_user_id: tracked.senderUserId,
    sender_device_id: tracked.senderDeviceId,
    accepted_at: tracked.acceptedAt,
    devices: Object.fromEntries(tracked.devices),
    waiting_users: [...tracked.waitingUsers],
    unread: [...tracked.unread],
    failed_code: tracked.failedCode,
    status: tracked.status,
    status_at: tracked.statusAt,
    announced: tracked.announced,
  };
  context.emit({ type: 'persist', table: 'message-id', key: tracked.id, value });
}
