import { defineMessage, type MessageOf } from '../../message.ts';
import { oneOf, seconds, uuid } from '../../schema.ts';

/**
 * C33. Ends a call. How long it was is nobody's business but the participants': outside the payloads
 * `duration` is 0, and servers never store it (C-CALL-05).
 */
export const callEnd = defineMessage({
  type: 'call_end',
  row: 'C33',
  layer: 'client',
  code: 0x63,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  shape: 'C-CALL-04',
  source: ['C 9.1'],
  readings: ['L-C14'],
  summary: 'Ends a call.',
  fields: {
    call_id: uuid(),
    ended_by: uuid(),
    reason: oneOf(['normal', 'busy', 'failed', 'network_error'], 'C-CALL-01'),
    duration: seconds(),
    timestamp: seconds(),
  },
});
export type CallEnd = MessageOf<typeof callEnd>;
