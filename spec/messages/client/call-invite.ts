import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { list, oneOf, seconds, userId, uuid } from '../../schema.ts';
import { payloadsByDevice } from '../common/e2e-payload.ts';

/**
 * What C30 to C32 carry sealed. The payloads are bound to `message_id`, with the call in the place of
 * the conversation, unsequenced: a call has no chain.
 */
export const callPayloads = () => ({
  message_id: uuid(),
  encrypted_content: payloadsByDevice(),
});

/**
 * C30. Invites users to a call. Session descriptions reveal addresses and keys, so they travel sealed
 * (C-CALL-03): the published members for them are refused from 1.1 on.
 */
export const callInvite = defineMessage({
  type: 'call_invite',
  row: 'C30',
  layer: 'client',
  code: 0x60,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['call_response', 'error'],
  shape: 'C-CALL-01',
  source: ['C 9.1'],
  readings: ['L-C14'],
  summary: 'Invites users to a call.',
  fields: {
    call_id: uuid(),
    caller_user_id: userId(),
    caller_device_id: uuid(),
    participants: list(userId(), { min: 1, max: limits.recipientsPerMessage, unique: true }),
    call_type: oneOf(['audio', 'video', 'screen_share'], 'C-CALL-01'),
    expires_at: seconds(),
  },
  added: callPayloads(),
  withdrawn: { sdp_offer: 'C-CALL-03', ice_candidates: 'C-CALL-03' },
});
export type CallInvite = MessageOf<typeof callInvite>;
