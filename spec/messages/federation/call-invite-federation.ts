import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import {
  classification,
  flag,
  list,
  oneOf,
  record,
  seconds,
  serverId,
  userId,
  uuid,
} from '../../schema.ts';
import { callPayloads } from '../client/call-invite.ts';
import { federatedCallTypes } from './enumerations.ts';

/**
 * F17. Invites users of another server to a call. Session descriptions travel sealed, as in
 * call_invite; what a callee's device needs of that message besides is added here (L-C14).
 */
export const callInviteFederation = defineMessage({
  type: 'call_invite_federation',
  row: 'F17',
  layer: 'federation',
  code: 0x83,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  answeredBy: ['rate_limit_exceeded', 'federation_error'],
  shape: 'F-CALL-01',
  source: ['F 10.1'],
  readings: ['L-F09', 'L-C14', 'L-W02'],
  summary: 'Invites users of another server to a call.',
  fields: {
    call_id: uuid(),
    origin_server: serverId(),
    target_server: serverId(),
    caller: userId(),
    callees: list(userId(), { min: 1, max: limits.recipientsPerMessage, unique: true }),
    call_type: oneOf(federatedCallTypes),
    media_relay_required: flag(),
    call_metadata: record({
      fields: {
        classification: classification(),
        max_duration: seconds(),
        recording_allowed: flag(),
      },
    }),
  },
  added: {
    caller_device_id: uuid(),
    expires_at: seconds(),
    ...callPayloads(),
  },
  withdrawn: { sdp_offer: 'C-CALL-03', ice_candidates: 'C-CALL-03' },
});
export type CallInviteFederation = MessageOf<typeof callInviteFederation>;
