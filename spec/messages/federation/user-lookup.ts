import { limits } from '../../limits.ts';
import { defineMessage, type MessageOf } from '../../message.ts';
import { list, oneOf, serverId, userId, uuid } from '../../schema.ts';
import { lookupTypes } from './enumerations.ts';

/** F11. Asks about users of the other server; needs the permission user_discovery (F-LOOK-01). */
export const userLookup = defineMessage({
  type: 'user_lookup',
  row: 'F11',
  layer: 'federation',
  code: 0x92,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: ['active'],
  answeredBy: ['user_lookup_response', 'rate_limit_exceeded', 'federation_error'],
  shape: 'F-LOOK-01',
  source: ['F 6.1'],
  readings: ['L-F09', 'L-F20', 'L-W02'],
  summary: 'Asks whether users exist and which devices they have.',
  fields: {
    request_id: uuid(),
    requesting_server: serverId(),
    target_server: serverId(),
    user_queries: list(userId(), { min: 1, max: limits.recipientsPerMessage }),
    lookup_type: oneOf(lookupTypes),
    requester_user: userId(),
  },
});
export type UserLookup = MessageOf<typeof userLookup>;
