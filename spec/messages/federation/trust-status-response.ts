import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, seconds, serverId, signature } from '../../schema.ts';
import { certificateChain, trustLevel } from '../trust/shared-records.ts';
import { controlStates } from './enumerations.ts';

/**
 * F5. States the answering server's own view; it never creates or raises trust (F-TRUST-06, L-F14).
 * The times are absent while `trust_established` is false.
 */
export const trustStatusResponse = defineMessage({
  type: 'trust_status_response',
  row: 'F5',
  layer: 'federation',
  code: 0x95,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: controlStates,
  signed: { member: 'signature', by: 'target_server', added: true },
  shape: 'F-TRUST-06',
  source: ['F 4.1'],
  readings: ['L-F14', 'L-T21', 'L-W02'],
  summary: 'States the stored relationship as the answering server sees it.',
  fields: {
    // Repeats the question's target: the server that answers and signs.
    target_server: serverId(),
    trust_established: flag(),
    trust_level: trustLevel(),
    certificate_chain: certificateChain(),
  },
  added: {
    signature: signature(),
  },
  optional: {
    established_at: seconds(),
    expires_at: seconds(),
  },
});
export type TrustStatusResponse = MessageOf<typeof trustStatusResponse>;
