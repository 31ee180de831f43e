/** Users of the subject with their devices, and what passes between them. */
import type { JsonObject } from '../../../../../reference/crypto/crypto.ts';
import type { MessageAck } from '../../../../../spec/messages/client/message-ack.ts';
import type { MessageSend } from '../../../../../spec/messages/client/message-send.ts';
import type { ReadReceipt } from '../../../../../spec/messages/client/read-receipt.ts';
import type { Device, DeviceConnection } from '../../../actors/device.ts';
import type { Received, Stage } from '../../../stage.ts';

export interface Couple {
  readonly alice: Device;
  readonly bob: Device;
  readonly conversationId: string;
}

/** Two users with one device each, in a direct conversation that alice has opened. */
export async function couple(stage: Stage): Promise<Couple> {
  const alice = await stage.device();
  const bob = await stage.device();
  const conversationId = await alice.createConversation([bob.identity.userId]);
  return { alice, bob, conversationId };
}

export interface Households extends Couple {
  readonly aliceToo: Device;
  readonly bobToo: Device;
}

/** The same with two devices each. */
export async function households(stage: Stage): Promise<Households> {
  const alice = await stage.device();
  const aliceToo = await stage.device({ userId: alice.identity.userId });
  const bob = await stage.device();
  const bobToo = await stage.device({ userId: bob.identity.userId });
  const conversationId = await alice.createConversation([bob.identity.userId]);
  return { alice, aliceToo, bob, bobToo, conversationId };
}

/** `device` tells the server that it has the message. */
export async function acknowledge(
  stage: Stage,
  { connection }: Device,
  messageId: string,
): Promise<void> {
  const timestamp = stage.now();
  await connection.send({
    type: 'message_ack',
    message_id: messageId,
    status: 'delivered',
    timestamp,
  });
}

export function readReceipt(
  stage: Stage,
  { identity }: Device,
  { message_id, conversation_id }: Pick<MessageSend, 'message_id' | 'conversation_id'>,
): ReadReceipt {
  return {
    type: 'read_receipt',
    message_id,
    conversation_id,
    read_by_device: identity.deviceId,
    timestamp: stage.now(),
  };
}

/** The next word about this message. */
export async function acked(
  { connection }: Device,
  messageId: string,
  options?: { withinMs?: number },
): Promise<MessageAck> {
  for (;;) {
    const passing = ['message_received', 'device_revoke', 'conversation_create'];
    const { message } = await connection.receive('message_ack', { passing, ...options });
    if (message.message_id === messageId) return message;
  }
}

/** What has come for this connection so far, of this type. */
export async function heardOf(
  connection: DeviceConnection,
  type: string,
): Promise<readonly Received[]> {
  const heard = await connection.silence();
  return heard.flatMap((one) => ('closed' in one || one.message.type !== type ? [] : [one]));
}

/** A message as the suite's own text, for members that cases compare. */
export const membersOf = ({ text }: Pick<Received, 'text'>): JsonObject => JSON.parse(text);
