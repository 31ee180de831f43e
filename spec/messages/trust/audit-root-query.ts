import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, seconds } from '../../schema.ts';
import { relationStates } from '../federation/enumerations.ts';
import { transcriptHash } from './shared-records.ts';

/**
 * T21. Asks for the last hash of the audit chain of one UTC day (T App A.4, L-X15). Unknown to 1.0.
 */
export const auditRootQuery = defineMessage({
  type: 'audit_root_query',
  row: 'T21',
  layer: 'trust',
  code: 0xb0,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: relationStates,
  answeredBy: ['audit_root', 'federation_error'],
  since: '1.1',
  shape: 'T-AUD-02',
  source: ['T App A.4'],
  readings: ['L-F09', 'L-T29', 'L-X15', 'L-W02'],
  summary: 'Asks for the audit root of a day.',
  fields: {},
  added: {
    transcript_hash: transcriptHash(),
    day: seconds(), // the midnight, UTC, at which it begins
  },
  optional: {
    /** Whether the entries about the asking server are wanted, each with its proof. */
    proofs_wanted: flag(),
  },
});
export type AuditRootQuery = MessageOf<typeof auditRootQuery>;
