/** The end of a message's way: shown once, confirmed, remembered for what refers to it (C-MSG-10). */
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import { bounds } from './bounds.ts';
import { timeOf } from './clock.ts';
import type { DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import { sendMessage } from './sending.ts';
import type { DeviceState } from './state.ts';

export function show(
  device: DeviceState,
  message: MessageReceived,
  { content, gap }: { readonly content: string; readonly gap: boolean },
  context: DeviceContext,
): void {
  const { message_id: messageId, sender_user_id: sender } = message;
  remember(device, message);
  if (device.config.policy.acknowledge === 'automatic') confirm(device, messageId, context);
  if (!context.must('C-MSG-10', refersRightly(device, message))) {
    return drop('C-MSG-10', "an edit of someone else's message, or across conversations", context);
  }
  context.emit({
    type: 'display',
    conversation: message.conversation_id,
    sender,
    device: message.sender_device_id,
    messageId,
    messageType: message.message_type,
    classification: message.metadata.classification,
    content,
    sentAt: message.timestamp,
    gap,
  });
}

/** L-C10: `delivered` to the server. */
export function confirm(device: DeviceState, messageId: string, context: DeviceContext): void {
  if (device.phase !== 'authenticated') return;
  const timestamp = timeOf(device, context);
  sendMessage(
    device,
    { type: 'message_ack', message_id: messageId, status: 'delivered', timestamp },
    context,
  );
}

export function wasShown(
  shown: DeviceState['shown'],
  { message_id, sender_user_id, conversation_id }: MessageReceived,
): boolean {
  const known = shown.get(message_id);
  return known?.sender === sender_user_id && known.conversation === conversation_id;
}

function remember({ shown }: DeviceState, message: MessageReceived): void {
  const { message_id, sender_user_id: sender, conversation_id: conversation } = message;
  shown.set(message_id, { sender, conversation });
  const [oldest] = shown.size > bounds.shownMessages ? shown.keys() : [];
  if (oldest !== undefined) shown.delete(oldest);
}

/** As far as remembered: same conversation, and only the author edits. */
function refersRightly({ shown }: DeviceState, message: MessageReceived): boolean {
  const { reply_to, edit_of } = message.metadata;
  const edited = shown.get(edit_of ?? '');
  const answered = shown.get(reply_to ?? '');
  const isHere = [edited, answered].every(
    (other) => !other || other.conversation === message.conversation_id,
  );
  return isHere && (!edited || edited.sender === message.sender_user_id);
}
