import { defineMessage, type MessageOf } from '../../message.ts';
import { oneOf, uuid } from '../../schema.ts';
import { callPayloads } from './call-invite.ts';

/**
 * C31. A device answers an invitation. The first acceptance wins (C-CALL-02).
 */
export const callResponse = defineMessage({
  type: 'call_response',
  row: 'C31',
  layer: 'client',
  code: 0x61,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  shape: 'C-CALL-01',
  source: ['C 9.1'],
  readings: ['L-C14'],
  summary: 'Answers an invitation to a call.',
  fields: {
    call_id: uuid(),
    response: oneOf(['accept', 'reject', 'busy'], 'C-CALL-01'),
    callee_device_id: uuid(),
  },
  // Nothing to seal when the call is not taken.
  optional: callPayloads(),
  withdrawn: { sdp_answer: 'C-CALL-03', ice_candidates: 'C-CALL-03' },
});
export type CallResponse = MessageOf<typeof callResponse>;
