/**
 * C15 and C17 from a device: it has a message, it has read it (C-MSG-06, C-MSG-11, L-C10). A receipt
 * goes to the sender as the status `read`, when every recipient has sent one.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { MessageAck } from '../../../spec/messages/client/message-ack.ts';
import type { ReadReceipt } from '../../../spec/messages/client/read-receipt.ts';
import type { Context } from '../../core.ts';
import { removeStored } from './mailbox.ts';
import { deviceConfirmed, userRead } from './progress.ts';
import { type Refusal, refuseMessage } from './refusal.ts';
import type { Connection, Server, Session, TrackedMessage } from './state.ts';

/** The other statuses are not a device's to give; like a stray `delivered` they mean nothing. */
export function messageAcknowledged(
  server: Server,
  session: Session,
  { message_id, status }: MessageAck,
  context: Context,
): void {
  if (status !== 'delivered') return;
  if (removeStored(server, session.deviceId, message_id, context)) {
    confirmed(server, session, message_id, context);
  }
}

export function messageRead(
  server: Server,
  connection: Connection,
  session: Session,
  receipt: ReadReceipt,
  context: Context,
): void {
  const { deviceId, userId } = session;
  const tracked = server.messages.get(receipt.message_id);
  const isOwn = receipt.read_by_device === deviceId;
  const isReceived =
    tracked?.conversationId === receipt.conversation_id && hasReceived(server, tracked, deviceId);
  if (!context.must('C-MSG-11', isOwn && isReceived)) {
    return refuseMessage(connection, forged, context);
  }
  if (!tracked) return;
  // Whoever has read it has it.
  removeStored(server, deviceId, tracked.id, context);
  confirmed(server, session, tracked.id, context);
  userRead(server, tracked, userId, context);
}

const forged: Refusal = {
  requirement: 'C-MSG-11',
  code: errorCode.common.notAuthorized,
  detail: 'a receipt for another device or for a message that this one did not get',
};

/** Addressed, and not still waiting to be sent. */
function hasReceived(server: Server, tracked: TrackedMessage, deviceId: string): boolean {
  const waiting = server.mailboxes.get(deviceId)?.messages.get(tracked.id);
  return tracked.devices.has(deviceId) && (!waiting || waiting.sentOn !== null);
}

function confirmed(
  server: Server,
  { deviceId }: Session,
  messageId: string,
  context: Context,
): void {
  const tracked = server.messages.get(messageId);
  if (tracked) deviceConfirmed(server, tracked, deviceId, context);
}
