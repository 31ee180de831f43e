import { defineMessage, type MessageOf } from '../../message.ts';
import {
  errorCategory,
  integer,
  openObject,
  seconds,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { errorStates } from './enumerations.ts';

/**
 * F19. The refusal of NORC-F and NORC-T (L-X03, L-T09). `request_id` echoes the request's own where
 * it has one (F-ERR-01); a relay or a body that could not be parsed has none. Never answered by an
 * error (X-ERR-05).
 */
export const federationError = defineMessage({
  type: 'federation_error',
  row: 'F19',
  layer: 'federation',
  code: 0x72,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: errorStates,
  shape: 'X-ERR-01',
  source: ['F 11.1', 'M 9.1'],
  readings: ['L-X03', 'L-X04', 'L-T09', 'L-W02'],
  summary: 'Refuses a request or breaks off an exchange.',
  fields: {
    error_code: integer(1000, 9999),
    error_category: errorCategory(),
    message: text(),
    timestamp: seconds(),
  },
  optional: {
    request_id: uuid(),
    details: openObject(),
    resolution_hint: text(256),
    retry_after: seconds(),
    // When it closes a trust exchange: by the server that answers.
    signature: signature(),
  },
});
export type FederationError = MessageOf<typeof federationError>;
