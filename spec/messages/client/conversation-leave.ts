import { defineMessage, type MessageOf } from '../../message.ts';
import { literal, text, userId, uuid } from '../../schema.ts';

/**
 * C29. Takes a user out of a conversation: itself, or another where the sender may remove members.
 * Echoed with `status`.
 */
export const conversationLeave = defineMessage({
  type: 'conversation_leave',
  row: 'C29',
  layer: 'client',
  code: 0x52,
  codeProposed: true,
  direction: 'client-server-both',
  legalIn: ['authenticated'],
  answeredBy: ['conversation_leave', 'error'],
  shape: 'C-CONV-05',
  source: ['C 8.2'],
  readings: ['L-C13'],
  summary: 'Takes a user out of a conversation.',
  fields: {
    conversation_id: uuid(),
    user_id: userId(),
  },
  optional: {
    reason: text(256),
    // In the server's echo only (L-C13).
    status: literal('ok'),
  },
});
export type ConversationLeave = MessageOf<typeof conversationLeave>;
