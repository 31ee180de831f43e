import { defineMessage, type MessageOf } from '../../message.ts';
import { blake3Hash, integer, list, openObject, record, seconds, signature } from '../../schema.ts';
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
  optional: {
    /** Entries of that day so far: of a day that is not over the root still moves. */
    entry_count: integer(),
    /** Root of the tree over the hashes of the day's entries (choices.md, audit root). */
    tree_root: blake3Hash(),
    /** Entries about the asking server: whole, with their place and what lies beside their way. */
    inclusions: list(
      record({
        fields: {
          entry: openObject(),
          index: integer(),
          siblings: list(blake3Hash(), { max: 32 }),
        },
      }),
      { max: 64 },
    ),
  },
});
export type AuditRoot = MessageOf<typeof auditRoot>;
