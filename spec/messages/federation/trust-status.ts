import { defineMessage, type MessageOf } from '../../message.ts';
import { serverId } from '../../schema.ts';
import { trustLevel } from '../trust/shared-records.ts';
import { controlStates } from './enumerations.ts';

/**
 * F4. Asks how the other side sees the relationship. Control traffic, so also while suspended (2.2
 * row 11). The full enumeration of levels is accepted although the document omits `nato` (L-T21).
 */
export const trustStatus = defineMessage({
  type: 'trust_status',
  row: 'F4',
  layer: 'federation',
  code: 0x94,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: controlStates,
  answeredBy: ['trust_status_response', 'federation_error'],
  shape: 'F-TRUST-06',
  source: ['F 4.1'],
  readings: ['L-F09', 'L-F14', 'L-T21', 'L-W02'],
  summary: 'Asks for the level that the other server has stored for the asking one.',
  fields: {
    target_server: serverId(),
    requesting_server: serverId(),
    trust_level_required: trustLevel(),
  },
});
export type TrustStatus = MessageOf<typeof trustStatus>;
