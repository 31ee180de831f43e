import { defineMessage, type MessageOf } from '../../message.ts';
import { errorCategory, integer, openObject, seconds, text } from '../../schema.ts';

/**
 * The refusal of NORC-C, in either direction. It never answers an `error` (X-ERR-05), and its text
 * tells nobody what exists (X-ERR-03).
 */
export const error = defineMessage({
  type: 'error',
  row: '1.0',
  layer: 'common',
  code: 0x0e,
  codeProposed: true,
  direction: 'client-server-both',
  legalIn: ['connecting', 'authenticating', 'authenticated'],
  shape: 'X-ERR-01',
  source: ['M 9.1', 'C 11.1'],
  readings: ['L-X03', 'L-X04', 'L-X17'],
  summary: 'Refuses what came before it, with a code, its category and a generic text.',
  fields: {
    error_code: integer(1000, 9999),
    error_category: errorCategory(),
    message: text(),
    timestamp: seconds(),
  },
  optional: {
    // Only when waiting helps, and then truthful (L-X04, X-RATE-06).
    retry_after: seconds(),
    details: openObject(),
  },
});
export type ErrorMessage = MessageOf<typeof error>;
