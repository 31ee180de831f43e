import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, list, oneOf, seconds, serverId, signature, text, uuid } from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { acknowledgmentStatuses } from './enumerations.ts';
import { transcriptHash } from './shared-records.ts';

/**
 * T10. Says what became of a revocation. It never delays the effect, and a dispute changes nothing
 * (T-REV-09, T-REV-10).
 */
export const revocationAcknowledgment = defineMessage({
  type: 'revocation_acknowledgment',
  row: 'T10',
  layer: 'trust',
  code: 0xa6,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: controlStates,
  signed: { member: 'acknowledgment_signature', by: 'acknowledging_server' },
  shape: 'T-REV-09',
  source: ['T 5.1'],
  readings: ['L-R06', 'L-W02'],
  summary: 'Acknowledges a revocation.',
  fields: {
    revocation_id: uuid(),
    acknowledging_server: serverId(),
    acknowledgment_status: oneOf(acknowledgmentStatuses, 'T-LVL-07'),
    effective_acknowledgment: seconds(),
    cleanup_actions: list(text(256), { max: 32 }),
    appeal_filed: flag(),
    acknowledgment_signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
  },
});
export type RevocationAcknowledgment = MessageOf<typeof revocationAcknowledgment>;
