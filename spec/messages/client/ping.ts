import { defineMessage, type MessageOf } from '../../message.ts';
import { seconds } from '../../schema.ts';

/**
 * C5. Asks whether the other end still lives. The device sends one every 30 seconds, the server may
 * (L-C16).
 */
export const ping = defineMessage({
  type: 'ping',
  row: 'C5',
  layer: 'client',
  code: 0x0c,
  codeProposed: true,
  direction: 'client-server-both',
  legalIn: ['authenticating', 'authenticated'],
  answeredBy: ['pong'],
  shape: 'C-CONN-09',
  source: ['C 2.2.2'],
  readings: ['L-C16'],
  summary: 'Asks whether the other end still lives.',
  fields: {
    timestamp: seconds(),
  },
});
export type Ping = MessageOf<typeof ping>;
