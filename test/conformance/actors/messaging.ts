/** Conversations and messages of a device of ours (profile C14–C16, C27; L-C09, L-E12, L-E16). */

import { limits } from '../../../spec/limits.ts';
import type { ConversationCreate } from '../../../spec/messages/client/conversation-create.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { Received } from '../stage.ts';
import { zeroHash } from './chains.ts';
import type { DeviceConnection, DeviceIdentity, MessageOptions, Session } from './device.ts';
import type { Directory } from './directory.ts';
import type { ActorEnvironment } from './environment.ts';
import { type Envelope, open, seal } from './sealing.ts';
import { asJson } from './signing.ts';

/** A device in an authenticated session, as its messages need it. */
export interface Correspondent {
  readonly environment: ActorEnvironment;
  readonly connection: DeviceConnection;
  readonly identity: DeviceIdentity;
  readonly session: Session;
  readonly directory: Directory;
}

/** Whatever else may reach an idle device. */
const elsewhere = [
  'message_ack',
  'presence_notification',
  'conversation_create',
  'conversation_join',
  'conversation_leave',
  'device_revoke',
] as const;

export async function createConversation(
  { environment, connection, identity }: Correspondent,
  members: readonly string[],
  type: 'direct' | 'group' = members.length === 1 ? 'direct' : 'group',
): Promise<string> {
  const conversationId = environment.chance.uuid();
  const others = members.filter((userId) => userId !== identity.userId);
  const message: ConversationCreate = {
    type: 'conversation_create',
    conversation_id: conversationId,
    conversation_type: type,
    name: 'conformance',
    participants: [
      { user_id: identity.userId, role: 'owner' },
      ...others.map((userId) => ({ user_id: userId, role: 'member' as const })),
    ],
    settings: {
      is_public: false,
      history_visible: false,
      max_members: limits.conversationMembers,
    },
  };
  await connection.send(message);
  for (;;) {
    const passing = elsewhere.filter((other) => other !== 'conversation_create');
    const echo = await connection.receive('conversation_create', {
      passing: [...passing, 'message_received'],
    });
    // Others may have put us into conversations of theirs meanwhile.
    if (echo.message.conversation_id === conversationId) return conversationId;
  }
}

export async function composeMessage(
  correspondent: Correspondent,
  options: MessageOptions,
): Promise<MessageSend> {
  const { environment, identity, session, directory } = correspondent;
  const envelope = envelopeOf(correspondent, options);
  const devices = await directory.devicesOf([...options.to, identity.userId]);
  const recipients = devices.filter(({ deviceId }) => deviceId !== identity.deviceId);
  const sealed = seal(environment, {
    envelope,
    version: session.version,
    text: options.text ?? 'Hello, NORC!',
    recipients,
    sender: identity,
  });
  const { conversationId, sequenceNumber, previousHash, messageId } = envelope;
  environment.chains.composed(messageId, {
    conversationId,
    deviceId: identity.deviceId,
    sequenceNumber,
    previousHash,
    contentHash: sealed.contentHash,
  });
  return messageOf(envelope, options, sealed.blobs);
}

function envelopeOf(
  { environment, identity }: Correspondent,
  { conversationId, messageType = 'text', classification = 'unclassified' }: MessageOptions,
): Envelope {
  return {
    messageId: environment.chance.uuid(),
    conversationId,
    senderUserId: identity.userId,
    senderDeviceId: identity.deviceId,
    messageType,
    classification,
    ...environment.chains.next(conversationId, identity.deviceId),
    timestampMicros: environment.subject.now(),
  };
}

/** A case may name types and labels that do not exist; the schema then refuses the message. */
function messageOf(
  envelope: Envelope,
  { to, ttlSeconds }: MessageOptions,
  encryptedContent: MessageSend['encrypted_content'],
): MessageSend {
  const sentSeconds = Math.floor(envelope.timestampMicros / 1_000_000);
  return {
    type: 'message_send',
    message_id: envelope.messageId,
    conversation_id: envelope.conversationId,
    recipients: [...to],
    message_type: envelope.messageType as MessageSend['message_type'],
    encrypted_content: encryptedContent,
    metadata: {
      timestamp: envelope.timestampMicros,
      classification: envelope.classification as MessageSend['metadata']['classification'],
      ...(ttlSeconds !== undefined && { expires_at: sentSeconds + ttlSeconds }),
    },
    sequence_number: envelope.sequenceNumber,
    prev_message_hash: envelope.previousHash,
  };
}

/** Returns what left, bent or not. */
export async function sendMessage(
  correspondent: Correspondent,
  options: MessageOptions,
): Promise<MessageSend> {
  const { environment, connection, session } = correspondent;
  const message = await composeMessage(correspondent, options);
  if (!options.send) {
    await connection.send(message);
    return message;
  }
  const bent = options.send(message);
  await connection.sendRaw(bent);
  // What a server can only refuse is no link of the chain.
  const { exchange, chains } = environment;
  if (exchange.isValid(bent, session.version)) chains.left(message.message_id);
  return bent as unknown as MessageSend;
}

export async function receiveMessage(
  { environment, connection, identity }: Correspondent,
  { withinMs }: { withinMs?: number } = {},
): Promise<{ received: Received<MessageReceived>; opened: string | null }> {
  const received = await connection.receive('message_received', {
    passing: elsewhere,
    ...(withinMs !== undefined && { withinMs }),
  });
  const { message } = received;
  const opened = open(environment, {
    envelope: receivedEnvelope(message),
    blob: message.encrypted_content,
    recipient: identity,
  });
  return { received, opened };
}

/** X-AAD-02: without place in a chain it counts as unsequenced. */
function receivedEnvelope(message: MessageReceived): Envelope {
  const { sequence_number, prev_message_hash } = asJson(message);
  return {
    messageId: message.message_id,
    conversationId: message.conversation_id,
    senderUserId: message.sender_user_id,
    senderDeviceId: message.sender_device_id,
    messageType: message.message_type,
    classification: message.metadata.classification,
    sequenceNumber: typeof sequence_number === 'number' ? sequence_number : 0,
    previousHash: typeof prev_message_hash === 'string' ? prev_message_hash : zeroHash,
    timestampMicros: message.timestamp,
  };
}
