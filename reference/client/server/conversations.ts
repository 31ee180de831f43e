/**
 * Conversations as far as messages need them (C27, C-CONV-01 to C-CONV-03, L-C13): who is in one and
 * who may send. Join and leave are not part of this build.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { ConversationCreate } from '../../../spec/messages/client/conversation-create.ts';
import type { Context } from '../../core.ts';
import { serverOf } from '../identifiers.ts';
import { bounds } from './bounds.ts';
import { charge } from './rates.ts';
import { type Refusal, refuseMessage } from './refusal.ts';
import type { Connection, Conversation, Server, Session } from './state.ts';

export function conversationRequested(
  server: Server,
  connection: Connection,
  session: Session,
  request: ConversationCreate,
  context: Context,
): void {
  const fault = creationFault(server, session, request, context);
  if (fault) return refuseMessage(connection, fault, context);
  saveConversation(server, created(session, request), context);
  const message = { ...request, status: 'ok' as const }; // L-C13
  context.emit({ type: 'send', connection: connection.id, message });
}

/** C-CONV-03, L-C13: what a role may not do by default. */
export function maySend({ kind, members }: Conversation, userId: string): boolean {
  const role = members.get(userId);
  if (role === undefined || role === 'observer') return false;
  return role !== 'member' || (kind !== 'broadcast' && kind !== 'channel');
}

export function saveConversation(
  server: Server,
  conversation: Conversation,
  context: Context,
): void {
  keepConversation(server, conversation);
  const {
    id: key,
    kind,
    createdBy,
    members,
    messageTtlSeconds,
    origin,
    remoteDevices,
  } = conversation;
  const value = {
    kind,
    created_by: createdBy,
    members: Object.fromEntries(members),
    message_ttl: messageTtlSeconds,
    origin,
    remote_devices: Object.fromEntries(remoteDevices),
  };
  context.emit({ type: 'persist', table: 'conversation', key, value });
}

/** Without persisting: what a restart does. */
export function keepConversation(server: Server, conversation: Conversation): void {
  const isNew = !server.conversations.has(conversation.id);
  if (isNew && conversation.origin === 'relayed') server.relayedConversations += 1;
  server.conversations.set(conversation.id, conversation);
  for (const userId of conversation.members.keys()) {
    if (serverOf(userId) !== server.config.serverId) continue;
    const joined = server.memberships.get(userId) ?? new Set<string>();
    server.memberships.set(userId, joined.add(conversation.id));
  }
}

/** Local users that share a conversation with this one: its contacts. */
export function contactsOf(server: Server, userId: string): ReadonlySet<string> {
  const contacts = new Set<string>();
  for (const id of server.memberships.get(userId) ?? []) {
    for (const member of server.conversations.get(id)?.members.keys() ?? []) contacts.add(member);
  }
  contacts.delete(userId);
  return contacts;
}

function creationFault(
  server: Server,
  session: Session,
  request: ConversationCreate,
  context: Context,
): Refusal | null {
  const { must } = context;
  const { accepted, retryAfterSeconds } = charge(server, 'operation', session.deviceId, context);
  if (!must('C-SES-02', accepted)) {
    const code = errorCode.common.rateLimited;
    return { requirement: 'C-SES-02', code, detail: 'operations', retryAfterSeconds };
  }
  if (!must('C-AUTH-07', session.permissions.has('create_rooms'))) {
    return denied('C-AUTH-07', 'may not open conversations');
  }
  const known = server.conversations.get(request.conversation_id);
  if (!must('C-CONV-01', !known || isRepeat(known, session, request))) {
    return denied('C-CONV-01', 'the id is taken');
  }
  const { size } = participants(session, request);
  if (!must('C-CONV-02', request.conversation_type !== 'direct' || size === 2)) {
    const code = errorCode.client.invalidRecipient;
    return { requirement: 'C-CONV-02', code, detail: `a direct conversation of ${size}` };
  }
  if (!must('C-CONV-01', size <= request.settings.max_members)) {
    return denied('C-CONV-01', `${size} members`);
  }
  const opened = server.memberships.get(session.userId)?.size ?? 0;
  if (opened < bounds.conversationsPerUser || known) return null;
  return denied('C-SES-02', 'too many conversations');
}

/** The same creator asking for the same again has missed our answer. */
function isRepeat(known: Conversation, session: Session, request: ConversationCreate): boolean {
  const asked = participants(session, request);
  return (
    known.createdBy === session.userId &&
    known.kind === request.conversation_type &&
    known.members.size === asked.size &&
    [...asked].every(([userId, role]) => known.members.get(userId) === role)
  );
}

/** C-CONV-01: whoever opens it owns it, whatever the list says. */
function participants(session: Session, request: ConversationCreate): Map<string, string> {
  const listed = request.participants.map(({ user_id, role }) => [user_id, role] as const);
  return new Map([...listed, [session.userId, 'owner']]);
}

function created(session: Session, request: ConversationCreate): Conversation {
  return {
    id: request.conversation_id,
    kind: request.conversation_type,
    createdBy: session.userId,
    members: participants(session, request),
    messageTtlSeconds: request.settings.message_ttl ?? null,
    origin: 'local',
    remoteDevices: new Map(),
  };
}

function denied(requirement: RequirementId, detail: string): Refusal {
  return { requirement, code: errorCode.common.notAuthorized, detail };
}
