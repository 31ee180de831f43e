import { defineMessage, type MessageOf } from '../../message.ts';
import { integer, seconds, text, uuid } from '../../schema.ts';
import { errorStates } from './enumerations.ts';

/**
 * F14. Says which limit was met and when to come back. It may refuse a body that was never parsed,
 * so the `request_id` can be missing.
 */
export const rateLimitExceeded = defineMessage({
  type: 'rate_limit_exceeded',
  row: 'F14',
  layer: 'federation',
  code: 0x73,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: errorStates,
  shape: 'F-RATE-02',
  source: ['F 8.1'],
  readings: ['L-X07', 'L-X08', 'L-W02'],
  summary: 'Refuses a request because a limit of the relationship is used up.',
  fields: {
    limit_type: text(64),
    current_rate: integer(),
    limit: integer(),
    retry_after: seconds(),
    timestamp: seconds(),
  },
  added: {
    error_code: integer(5401, 5403),
  },
  optional: {
    request_id: uuid(),
  },
});
export type RateLimitExceeded = MessageOf<typeof rateLimitExceeded>;
