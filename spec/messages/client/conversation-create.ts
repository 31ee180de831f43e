import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { list, literal, record, userId, uuid } from '../../schema.ts';
import {
  conversationName,
  conversationSettings,
  conversationType,
  role,
} from '../common/conversation.ts';

/**
 * C27. Opens a conversation; its creator is the owner (C-CONV-01). No document has an answer: the
 * server echoes the message with `status` (L-C13).
 */
export const conversationCreate = defineMessage({
  type: 'conversation_create',
  row: 'C27',
  layer: 'client',
  code: 0x50,
  codeProposed: true,
  direction: 'client-server-both',
  legalIn: ['authenticated'],
  answeredBy: ['conversation_create', 'error'],
  shape: 'C-CONV-01',
  source: ['C 8.1', 'C 8.2'],
  readings: ['L-C13'],
  summary: 'Opens a conversation.',
  fields: {
    conversation_id: uuid(),
    conversation_type: conversationType(),
    name: conversationName(),
    participants: list(record({ fields: { user_id: userId(), role: role() } }), {
      min: 1,
      max: limits.devicesPerMessage,
    }),
    settings: conversationSettings,
  },
  optional: {
    description: conversationName(),
    // In the server's echo only (L-C13).
    status: literal('ok'),
  },
});
export type ConversationCreate = MessageOf<typeof conversationCreate>;
