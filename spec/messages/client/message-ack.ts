import { defineMessage, type MessageOf } from '../../message.ts';
import { integer, micros, oneOf, uuid } from '../../schema.ts';

/**
 * C15. What became of a message: the least that holds for all its devices (L-C10). A device sends it
 * only to confirm delivery.
 */
export const messageAck = defineMessage({
  type: 'message_ack',
  row: 'C15',
  layer: 'client',
  code: 0x11,
  direction: 'client-server-both',
  legalIn: ['authenticated'],
  shape: 'C-MSG-06',
  source: ['C 5.3', 'M 3.3.1'],
  readings: ['L-C10', 'L-S10'],
  summary: 'Tells what became of a message.',
  fields: {
    message_id: uuid(),
    status: oneOf(['sent', 'delivered', 'read', 'failed'], 'C-MSG-06'),
    timestamp: micros(),
  },
  optional: {
    error_code: integer(1000, 9999),
  },
});
export type MessageAck = MessageOf<typeof messageAck>;
