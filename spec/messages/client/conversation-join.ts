import { defineMessage, type MessageOf } from '../../message.ts';
import { literal, userId, uuid } from '../../schema.ts';

/**
 * C28. Brings a user into a conversation: itself, or another where the sender may add members
 * (C-CONV-04). Echoed with `status`.
 */
export const conversationJoin = defineMessage({
  type: 'conversation_join',
  row: 'C28',
  layer: 'client',
  code: 0x51,
  codeProposed: true,
  direction: 'client-server-both',
  legalIn: ['authenticated'],
  answeredBy: ['conversation_join', 'error'],
  shape: 'C-CONV-04',
  source: ['C 8.2'],
  readings: ['L-C13'],
  summary: 'Brings a user into a conversation.',
  fields: {
    conversation_id: uuid(),
    user_id: userId(),
  },
  optional: {
    invite_code: uuid(),
    // In the server's echo only (L-C13).
    status: literal('ok'),
  },
});
export type ConversationJoin = MessageOf<typeof conversationJoin>;
