import { defineMessage, type MessageOf } from '../../message.ts';
import {
  flag,
  integer,
  oneOf,
  record,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { relationStates } from '../federation/enumerations.ts';
import { recommendationLevels } from './enumerations.ts';
import { transcriptHash } from './shared-records.ts';

/**
 * T12. Asks a trusted server to vouch for another. What the requester says of itself in
 * `vouch_data` is read and ignored (L-T24).
 */
export const trustRecommendation = defineMessage({
  type: 'trust_recommendation',
  row: 'T12',
  layer: 'trust',
  code: 0xa8,
  codeProposed: true,
  direction: 'requester-to-responder',
  legalIn: relationStates,
  answeredBy: ['trust_recommendation_response', 'federation_error'],
  signed: { member: 'signature', by: 'requesting_server', added: true },
  shape: 'T-REC-06',
  source: ['T 6.1'],
  readings: ['L-T08', 'L-T21', 'L-T24', 'L-W02'],
  summary: 'Asks a trusted server for its opinion of another.',
  fields: {
    request_id: uuid(),
    requesting_server: serverId(),
    target_server: serverId(),
    recommender_server: serverId(),
    recommendation_level: oneOf(recommendationLevels, 'T-LVL-07'),
    evidence_required: flag(),
    context: text(1024),
    vouch_data: record({
      fields: {
        relationship_duration: seconds(),
        interaction_frequency: text(64),
        trust_incidents: integer(),
        business_relationship: text(64),
        security_assessment: text(64),
      },
    }),
  },
  added: {
    transcript_hash: transcriptHash(),
    signature: signature(),
  },
});
export type TrustRecommendation = MessageOf<typeof trustRecommendation>;
