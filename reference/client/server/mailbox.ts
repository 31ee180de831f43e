/**
 * Store and forward (C-MSG-09, C-MSG-12, X-META-06): what is for a device stays until it confirms, at
 * most 24 hours, in the order of acceptance, which is the order of every chain in it.
 */

import { errorCode } from '../../../spec/emitted/registries.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { ConnectionId, Context } from '../../core.ts';
import type { Micros } from '../../time.ts';
import { bounds } from './bounds.ts';
import { liveConnection } from './live-sessions.ts';
import type { Server, StoredMessage } from './state.ts';
import { scheduleSweep } from './sweep-schedule.ts';

/** `stored`, or the code under which this device fails. */
export type Stored = 'stored' | number;

export function store(
  server: Server,
  deviceId: string,
  incoming: { readonly message: MessageReceived; readonly expiresAt: Micros },
  context: Context,
): Stored {
  const { message, expiresAt } = incoming;
  const mailbox = server.mailboxes.get(deviceId) ?? { messages: new Map(), sizeBytes: 0 };
  const sizeBytes = sizeOf(message);
  const isFull =
    mailbox.messages.size >= bounds.storedMessages ||
    mailbox.sizeBytes + sizeBytes > bounds.storedBytes;
  if (isFull) return errorCode.federation.quota;
  // C-MSG-09: what has expired already is not even stored.
  if (!context.must('C-MSG-09', context.now < expiresAt)) return errorCode.federation.ttlExpired;
  server.position += 1;
  const stored: StoredMessage = { message, expiresAt, position: server.position, sentOn: null };
  keepStored(server, deviceId, stored);
  const key = rowKey(deviceId, message.message_id);
  const value = { message, expires_at: expiresAt, position: stored.position };
  context.emit({ type: 'persist', table: 'message', key, value });
  scheduleSweep(server, expiresAt, context);
  deliver(server, deviceId, stored, context);
  return 'stored';
}

/**
 * All that is not confirmed, oldest first, on the newest session: what was sent on an older one may
 * have gone nowhere, as a network that died says nothing. Devices know repeats (X-SEQ-03).
 */
export function deliverStored(server: Server, deviceId: string, context: Context): void {
  for (const stored of server.mailboxes.get(deviceId)?.messages.values() ?? []) {
    deliver(server, deviceId, stored, context);
  }
}

/** A connection is gone: what was sent on it and not confirmed is sent again on another. */
export function redeliver(
  server: Server,
  deviceId: string,
  lost: ConnectionId,
  context: Context,
): void {
  for (const stored of server.mailboxes.get(deviceId)?.messages.values() ?? []) {
    if (stored.sentOn !== lost) continue;
    stored.sentOn = null;
    deliver(server, deviceId, stored, context);
  }
}

/** Confirmed, expired or no longer for this device. False: there was no such message. */
export function removeStored(
  server: Server,
  deviceId: string,
  messageId: string,
  context: Context,
): boolean {
  const mailbox = server.mailboxes.get(deviceId);
  const stored = mailbox?.messages.get(messageId);
  if (!mailbox || !stored) return false;
  mailbox.messages.delete(messageId);
  mailbox.sizeBytes -= sizeOf(stored.message);
  if (mailbox.messages.size === 0) server.mailboxes.delete(deviceId);
  const key = rowKey(deviceId, messageId);
  context.emit({ type: 'persist', table: 'message', key, value: null });
  return true;
}

/** Without persisting or delivering: what a restart does. */
export function keepStored(server: Server, deviceId: string, stored: StoredMessage): void {
  const mailbox = server.mailboxes.get(deviceId) ?? { messages: new Map(), sizeBytes: 0 };
  mailbox.messages.set(stored.message.message_id, stored);
  mailbox.sizeBytes += sizeOf(stored.message);
  server.mailboxes.set(deviceId, mailbox);
}

function deliver(server: Server, deviceId: string, stored: StoredMessage, context: Context): void {
  const connection = liveConnection(server, deviceId);
  if (connection === null || !context.must('C-MSG-09', context.now < stored.expiresAt)) return;
  stored.sentOn = connection;
  context.emit({ type: 'send', connection, message: stored.message });
}

/** Nearly: the content, and what is around it. */
function sizeOf({ encrypted_content }: MessageReceived): number {
  return encrypted_content.ciphertext.length + 2048;
}

function rowKey(deviceId: string, messageId: string): string {
  return `${deviceId}/${messageId}`;
}
