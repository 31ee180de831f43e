import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, seconds, serverId, signature, uuid } from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { transcriptHash, trustCertificateBlob } from './shared-records.ts';

/**
 * T6. Closes the establishment; before it nothing is in force (T-ACK-02). A refused decision
 * carries its dates all the same; they have no effect.
 */
export const trustAcknowledgment = defineMessage({
  type: 'trust_acknowledgment',
  row: 'T6',
  layer: 'trust',
  code: 0xa5,
  codeProposed: true,
  direction: 'requester-to-responder',
  legalIn: controlStates,
  answeredBy: ['federation_error'],
  signed: { member: 'acknowledgment_signature', by: 'acknowledging_server' },
  shape: 'T-ACK-01',
  source: ['T 3.4'],
  readings: ['L-T10', 'L-T11', 'L-T14', 'L-H03', 'L-S04', 'L-W02'],
  summary: 'Accepts or refuses the decision and hands over the reverse certificate.',
  fields: {
    request_id: uuid(),
    acknowledging_server: serverId(),
    decision_accepted: flag(),
    mutual_trust_established: flag(),
    effective_date: seconds(),
    next_renewal_date: seconds(),
    acknowledgment_signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
  },
  optional: {
    // Null, so absent, when trust is not mutual (L-S04).
    trust_certificate: trustCertificateBlob(),
  },
});
export type TrustAcknowledgment = MessageOf<typeof trustAcknowledgment>;
