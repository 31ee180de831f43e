import { defineMessage, type MessageOf } from '../../message.ts';
import {
  blake3Hash,
  oneOf,
  openObject,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { auditEventTypes, auditResults, severities } from './enumerations.ts';

/**
 * T19. One entry of the hash-chained trust log, kept and exported (T-AUD-01). It carries a `type`
 * because it is signed: no signature may pass for one over another kind of object (X-SIG-04).
 */
export const trustAuditEvent = defineMessage({
  type: 'trust_audit_event',
  row: 'T19',
  layer: 'trust',
  code: null,
  direction: 'record',
  signed: { member: 'signature', by: 'recorder' }, // the server that keeps the log
  shape: 'T-AUD-01',
  source: ['T 9.1'],
  readings: ['L-T29'],
  summary: 'Records who did what in the life of a trust relationship.',
  fields: {
    event_id: uuid(),
    timestamp: seconds(),
    event_type: oneOf(auditEventTypes, 'T-AUD-01'),
    source_server: serverId(),
    target_server: serverId(),
    actor: text(318), // a pseudonym where it is a user (X-AUD-03)
    action: text(256),
    parameters: openObject(),
    result: oneOf(auditResults, 'T-AUD-01'),
    risk_level: oneOf(severities, 'T-AUD-01'),
    evidence_hash: blake3Hash(),
    signature: signature(),
  },
});
export type TrustAuditEvent = MessageOf<typeof trustAuditEvent>;
