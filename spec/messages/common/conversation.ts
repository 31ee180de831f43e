/** Conversations and who is in them (profile 1.0, C 8.1). Role defaults are in L-C13. */
import { limits } from '../../limits.ts';
import {
  flag,
  integer,
  list,
  oneOf,
  record,
  seconds,
  type TypeOf,
  text,
  userId,
  uuid,
} from '../../schema.ts';

export const conversationType = () =>
  oneOf(['direct', 'group', 'channel', 'broadcast'], 'C-CONV-01');

export const role = () => oneOf(['owner', 'admin', 'moderator', 'member', 'observer'], 'C-CONV-03');

export const conversationPermission = () =>
  oneOf(
    ['send_messages', 'add_members', 'remove_members', 'change_settings', 'delete_messages'],
    'C-CONV-03',
  );

export const conversationSettings = record({
  fields: {
    is_public: flag(),
    history_visible: flag(),
    max_members: integer(1),
  },
  optional: {
    // Life of each message, in seconds; absent means no limit.
    message_ttl: seconds(),
  },
});
export type ConversationSettings = TypeOf<typeof conversationSettings>;

export const participant = record({
  fields: {
    user_id: userId(),
    role: role(),
    joined_at: seconds(),
    permissions: list(conversationPermission(), { max: 5, unique: true }),
  },
});
export type Participant = TypeOf<typeof participant>;

/** Name and description may be sealed where both sides have the capability `e2ee_meta` (L-C13). */
export const conversationName = () => text(4096);

export const conversation = record({
  fields: {
    conversation_id: uuid(),
    type: conversationType(),
    name: conversationName(),
    created_by: userId(),
    created_at: seconds(),
    participants: list(participant, { min: 1, max: limits.devicesPerMessage }),
    settings: conversationSettings,
  },
  optional: { description: conversationName() },
});
export type Conversation = TypeOf<typeof conversation>;
