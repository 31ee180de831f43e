/**
 * The conversation that a relay belongs to (spec/choices.md): an unknown one becomes known with the
 * sender and the target users as members. Into a known one only members send (C-MSG-03); where
 * another server made it known, a member may bring in more users of this server.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { Context } from '../../core.ts';
import { bounds } from './bounds.ts';
import { saveConversation } from './conversations.ts';
import type { Conversation, Server } from './state.ts';

/** Null: it has its place; a number: the code under which it fails. */
export function placeRelay(server: Server, relay: MessageRelay, context: Context): number | null {
  const { conversation_id: id, sender_user_id: sender, sender_device_id: device } = relay;
  // 1.0 tolerates their absence (L-F01), but nothing can be delivered without them.
  if (id === undefined || sender === undefined || device === undefined) {
    return errorCode.client.encryptionFailed;
  }
  const known = server.conversations.get(id);
  if (!known && server.relayedConversations >= bounds.relayedConversations) {
    return errorCode.federation.quota;
  }
  if (!context.must('C-MSG-03', !known || mayEnter(known, relay))) {
    return errorCode.client.conversationNotFound;
  }
  const conversation = known ?? { ...emptyConversation, id, createdBy: sender };
  join(
    server,
    conversation,
    { ...relay, sender_user_id: sender, sender_device_id: device },
    context,
  );
  return null;
}

const emptyConversation = {
  kind: 'group',
  members: new Map<string, string>(),
  messageTtlSeconds: null,
  origin: 'relayed',
  remoteDevices: new Map<string, string>(),
} as const;

function mayEnter(
  { members, origin }: Conversation,
  { sender_user_id: sender = '', target_users }: MessageRelay,
): boolean {
  const areMembers = target_users.every((userId) => members.has(userId));
  return members.has(sender) && (areMembers || origin === 'relayed');
}

function join(
  server: Server,
  conversation: Conversation,
  relay: MessageRelay & { sender_user_id: string; sender_device_id: string },
  context: Context,
): void {
  const { sender_user_id: sender, sender_device_id: device } = relay;
  const arrivals = relay.target_users.filter((userId) => server.users.has(userId));
  const members = new Map(conversation.members);
  for (const userId of [sender, ...arrivals])
    if (!members.has(userId)) members.set(userId, 'member');
  const remoteDevices = new Map(conversation.remoteDevices);
  const isNew = !remoteDevices.has(device) && remoteDevices.size < bounds.remoteDevices;
  if (isNew) remoteDevices.set(device, sender);
  const isChanged = isNew || members.size !== conversation.members.size;
  if (isChanged) saveConversation(server, { ...conversation, members, remoteDevices }, context);
}
