import { defineMessage, type MessageOf } from '../../message.ts';
import { blake3Hash, seconds, signature } from '../../schema.ts';
import { relationStates } from '../federation/enumerations.ts';
import { transcriptHash } from './shared-records.ts';

/** T21. The last hash of the audit chain of one UTC day (L-T29, X-AUD-04). */
export const auditRoot = defineMessage({
  type: 'audit_root',
  row: 'T21',
  layer: 'trust',
  code: 0xb1,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: relationStates,
  signed: { member: 'signature', by: 'tls_peer', added: true },
  since: '1.1',
  shape: 'T-AUD-02',
  source: ['T App A.4'],
  readings: ['L-T29', 'L-X15', 'L-W02'],
  summary: 'Returns the audit root of a day.',
  fields: {},
  added: {
    transcript_hash: transcriptHash(),
    day: seconds(),
    root_hash: blake3Hash(),
    signature: signature(),
  },
});
export type AuditRoot = MessageOf<typeof auditRoot>;
