import { defineMessage, type MessageOf } from '../../message.ts';
import { seconds } from '../../schema.ts';

/**
 * C5. Answers a ping. The documents do not say whose time it carries; here its own, and the ping's in
 * `echo` (L-C16).
 */
export const pong = defineMessage({
  type: 'pong',
  row: 'C5',
  layer: 'client',
  code: 0x0d,
  codeProposed: true,
  direction: 'client-server-both',
  legalIn: ['authenticating', 'authenticated'],
  shape: 'C-CONN-09',
  source: ['C 2.2.2'],
  readings: ['L-C16'],
  summary: 'Answers a ping with its own time and that of the ping.',
  fields: {
    timestamp: seconds(),
  },
  added: {
    echo: seconds(),
  },
});
export type Pong = MessageOf<typeof pong>;
