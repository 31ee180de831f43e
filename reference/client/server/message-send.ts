/**
 * C14: a device sends a message (C-MSG-01 to C-MSG-16). The checks run in the order of
 * spec/choices.md; rate, size and shape come before (send-envelope.ts). Nothing is delivered unless
 * everything holds (C-MSG-02), and nothing is acknowledged before it is durable.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import { limits } from '../../../spec/limits.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { Context } from '../../core.ts';
import { isNearMicros } from '../../guard/freshness.ts';
import { accept, type Refused, type Result } from '../../wire/result.ts';
import { acceptMessage } from './acceptance.ts';
import { type Addressees, addresseesOf } from './addressees.ts';
import { maySend } from './conversations.ts';
import { repeatAcknowledgment } from './progress.ts';
import { type Reason, type Refusal, refuseMessage } from './refusal.ts';
import type { Connection, Conversation, Server, Session } from './state.ts';

export function messageSent(
  server: Server,
  connection: Connection,
  session: Session,
  message: MessageSend,
  context: Context,
): void {
  const judged = judge(server, connection, session, message, context);
  if (!judged.ok) return refuseMessage(connection, judged.error, context);
  const { conversation, addressees } = judged.value;
  const hash = context.crypto.hash(message);
  const known = server.messages.get(message.message_id);
  if (!known) {
    const incoming = { via: connection.id, session, conversation, message, addressees, hash };
    return acceptMessage(server, incoming, context);
  }
  const isSame = known.hash === hash && known.senderDeviceId === session.deviceId;
  // X-SEQ-15 is the same fact seen by the receiver: one id, one message.
  if (context.must('C-MSG-05', isSame)) return repeatAcknowledgment(connection, known, context);
  refuseMessage(connection, wrong('C-MSG-05', 'conflict', 'the id is taken'), context);
}

interface Judged {
  readonly conversation: Conversation;
  readonly addressees: Addressees;
}

function judge(
  server: Server,
  connection: Connection,
  session: Session,
  message: MessageSend,
  context: Context,
): Result<Judged, Refusal> {
  const envelope =
    permissionFault(connection, session, context) ??
    plaintextFault(message, context) ??
    timeFault(message, context);
  if (envelope) return { ok: false, error: envelope };
  const place = placeOf(server, session, message, context);
  if (!place.ok) return place;
  const addressees = addresseesOf(server, session, place.value, message, context);
  return addressees.ok
    ? accept({ conversation: place.value, addressees: addressees.value })
    : addressees;
}

/** C-AUTH-07, C-CONN-08. */
function permissionFault(
  { agreed }: Connection,
  { permissions }: Session,
  { must }: Context,
): Refusal | null {
  const code = errorCode.common.notAuthorized;
  if (!must('C-AUTH-07', permissions.has('send_messages'))) {
    return { requirement: 'C-AUTH-07', code, detail: 'may not send' };
  }
  if (!must('C-CONN-08', agreed?.capabilities.has('messaging'))) {
    const reason = 'not_supported';
    return { requirement: 'C-CONN-08', code, reason, detail: 'messaging was not offered' };
  }
  return null;
}

/** Names under which content would travel in the clear. */
const plaintextMembers = ['content', 'plaintext', 'text', 'body'] as const;

/** X-CS-06: other unknown members are ignored (X-EXT-02), these never. */
function plaintextFault(message: MessageSend, { must }: Context): Refusal | null {
  const objects = [message, message.metadata];
  const isSealed = !objects.some((part) =>
    plaintextMembers.some((name) => Object.hasOwn(part, name)),
  );
  return must('X-CS-06', isSealed) ? null : wrong('X-CS-06', 'malformed', 'plaintext content');
}

/** Unix microseconds have had sixteen digits since 2001; seconds and milliseconds never get there. */
const SMALLEST_MICROS = 1e15;

/** C-MSG-13, C-MSG-14, X-TIME-01. Servers do not follow chains, so they grant no offline extension. */
function timeFault({ metadata }: MessageSend, { must, now }: Context): Refusal | null {
  const { timestamp } = metadata;
  const isFresh = isNearMicros(now, timestamp, limits.messageFreshnessSeconds);
  if (!must('C-MSG-13', isFresh || timestamp >= SMALLEST_MICROS)) {
    return wrong('C-MSG-13', 'stale', 'the timestamp is not in microseconds');
  }
  if (!must('C-MSG-14', isFresh || timestamp < SMALLEST_MICROS)) {
    return wrong('C-MSG-14', 'stale', 'the timestamp is too far from now');
  }
  return null;
}

/** C-MSG-03: an unknown conversation and one of others give the same answer. */
function placeOf(
  server: Server,
  session: Session,
  message: MessageSend,
  { must }: Context,
): Result<Conversation, Refusal> {
  const conversation = server.conversations.get(message.conversation_id);
  const isMember = conversation?.members.has(session.userId) ?? false;
  if (!conversation || !must('C-MSG-03', isMember)) {
    const code = errorCode.client.conversationNotFound;
    return { ok: false, error: { requirement: 'C-MSG-03', code, detail: 'not a member' } };
  }
  if (!must('C-CONV-03', !isMember || maySend(conversation, session.userId))) {
    const code = errorCode.common.notAuthorized;
    return { ok: false, error: { requirement: 'C-CONV-03', code, detail: 'may only read' } };
  }
  if (!must('C-MSG-10', staysInside(server, message))) {
    return refused('C-MSG-10', 'malformed', 'refers to another conversation');
  }
  return accept(conversation);
}

/** As far as we remember; who wrote what is edited, only the recipient can tell (C-MSG-10). */
function staysInside(server: Server, { metadata, conversation_id }: MessageSend): boolean {
  const referred = [metadata.reply_to, metadata.edit_of].flatMap(
    (id) => server.messages.get(id ?? '') ?? [],
  );
  return referred.every(({ conversationId }) => conversationId === conversation_id);
}

function refused(requirement: RequirementId, reason: Reason, detail: string): Refused<Refusal> {
  return { ok: false, error: wrong(requirement, reason, detail) };
}

function wrong(requirement: RequirementId, reason: Reason, detail: string): Refusal {
  return { requirement, code: errorCode.client.encryptionFailed, reason, detail };
}
