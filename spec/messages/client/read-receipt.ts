import { defineMessage, type MessageOf } from '../../message.ts';
import { micros, uuid } from '../../schema.ts';

/**
 * C17. A user has read a message on a device. `read_by_device` is the session's own (C-MSG-11). The
 * sender learns of it by an ack.
 */
export const readReceipt = defineMessage({
  type: 'read_receipt',
  row: 'C17',
  layer: 'client',
  code: 0x13,
  codeProposed: true,
  direction: 'client-to-client',
  legalIn: ['authenticated'],
  answeredBy: ['error'],
  shape: 'C-MSG-11',
  source: ['C 5.4'],
  readings: ['L-C10', 'L-S10'],
  summary: 'Tells that a message has been read on this device.',
  fields: {
    message_id: uuid(),
    conversation_id: uuid(),
    read_by_device: uuid(),
    timestamp: micros(),
  },
});
export type ReadReceipt = MessageOf<typeof readReceipt>;
