import { defineMessage, type MessageOf } from '../../message.ts';
import { oneOf, record, uuid } from '../../schema.ts';
import { callPayloads } from './call-invite.ts';

const medium = () => oneOf(['enabled', 'disabled'], 'C-CALL-01');

/**
 * C32. A participant's device adds a route or switches a medium (C-CALL-04).
 */
export const callUpdate = defineMessage({
  type: 'call_update',
  row: 'C32',
  layer: 'client',
  code: 0x62,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  shape: 'C-CALL-04',
  source: ['C 9.1'],
  readings: ['L-C14'],
  summary: 'Changes the routes or media of a call.',
  fields: {
    call_id: uuid(),
    device_id: uuid(),
  },
  optional: {
    ...callPayloads(),
    media_change: record({ fields: {}, optional: { video: medium(), screen_share: medium() } }),
  },
  withdrawn: { ice_candidate: 'C-CALL-03' },
});
export type CallUpdate = MessageOf<typeof callUpdate>;
