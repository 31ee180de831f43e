import { defineMessage, type MessageOf } from '../../message.ts';
import {
  integer,
  list,
  oneOf,
  record,
  seconds,
  serverId,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { relationStates } from '../federation/enumerations.ts';
import { confidenceLevels, recommendations } from './enumerations.ts';
import { transcriptHash, trustLevel } from './shared-records.ts';

const evidence = record({
  fields: { type: text(64) },
  optional: {
    verification_method: text(64),
    verification_date: seconds(),
    verifier: text(256),
    assessment_score: integer(0, 100),
    assessment_date: seconds(),
    assessment_criteria: list(text(64), { max: 32 }),
  },
});

/** Of the opinion, not of a certificate: another set than conditionTypes. */
const condition = record({
  fields: { condition: text(64) },
  optional: { frequency: text(32), next_review: seconds() },
});

/**
 * T13. A recommender's signed opinion for one requester about one target: evidence, never trust by
 * itself (T-REC-03). Without `requesting_server` it could be shown by anybody (L-T24).
 */
export const trustRecommendationResponse = defineMessage({
  type: 'trust_recommendation_response',
  row: 'T13',
  layer: 'trust',
  code: 0xa9,
  codeProposed: true,
  direction: 'responder-to-requester',
  legalIn: relationStates,
  signed: { member: 'signature', by: 'recommender_server' },
  shape: 'T-REC-01',
  source: ['T 6.1'],
  readings: ['L-T21', 'L-T24', 'L-W02'],
  summary: 'Gives an opinion of a server, with evidence and an end.',
  fields: {
    request_id: uuid(),
    recommender_server: serverId(),
    target_server: serverId(),
    recommendation: oneOf(recommendations, 'T-LVL-07'),
    confidence_level: oneOf(confidenceLevels, 'T-LVL-07'),
    recommended_trust_level: trustLevel(),
    recommendation_evidence: list(evidence, { max: 32 }),
    conditions: list(condition, { max: 32 }),
    recommendation_expires: seconds(),
    signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
    requesting_server: serverId(),
  },
});
export type TrustRecommendationResponse = MessageOf<typeof trustRecommendationResponse>;
