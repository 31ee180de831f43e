/** T12 and T13 from the side that is asked (T 6.1). */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { TrustRecommendation } from '../../../spec/messages/trust/trust-recommendation.ts';
import type { TrustRecommendationResponse } from '../../../spec/messages/trust/trust-recommendation-response.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { standingOf } from '../certificate/relationship.ts';
import { check, firstBroken } from '../check.ts';
import { rankOf } from '../policy.ts';
import { questionChecks } from '../question.ts';
import { refuse } from '../refusal.ts';
import { trustedCheck } from '../relation-gate.ts';
import type { Scope } from '../scope.ts';
import { asValue, noteTolerance, sealed } from '../transcript.ts';
import { type Opinion, opinionOf } from './opinion.ts';

export function receiveRecommendationRequest(
  scope: Scope,
  message: TrustRecommendation,
  origin: TrustOrigin,
): void {
  const { state, context, config, link } = scope;
  const { peer } = origin;
  const { level } = standingOf(state, peer, 'inbound', context.now);
  const broken = firstBroken(context.must, [
    // First, so that a stranger learns nothing else.
    trustedCheck(scope, peer, 'T-REC-06'),
    check('T-REC-06', errorCode.federation.notTrusted, 'the level of the asker', () => {
      return rankOf(level) >= rankOf(config.policy.trust.recommendationAskerLevel);
    }),
    check('T-REC-06', errorCode.trust.malformed, 'names other servers than the link', () => {
      const { requesting_server: asker, recommender_server: asked } = message;
      return asker === peer && asked === config.serverId;
    }),
    ...questionChecks(scope, message, origin),
  ]);
  if (broken) return refuse(scope, origin, broken, message.request_id);
  noteTolerance(scope, peer, message);
  const opinion = opinionOf(scope, {
    target: message.target_server,
    asker: peer,
    wished: message.recommendation_level,
  });
  const event = { event: 'access_granted', result: 'success', risk: 'low' } as const;
  write(
    scope,
    peer,
    { ...event, action: 'gave a recommendation' },
    { about: message.target_server, recommendation: opinion.recommendation },
  );
  if (origin.exchange === null) return;
  link.answer(origin.exchange, 200, composeResponse(scope, message, opinion), context);
}

/** T-REC-01: signed, for this requester about this target, and for thirty days at most. */
function composeResponse(
  scope: Scope,
  message: TrustRecommendation,
  opinion: Opinion,
): TrustRecommendationResponse {
  const { config, context } = scope;
  const life = Math.min(
    config.policy.trust.recommendationLifeSeconds,
    limits.recommendationSeconds,
  );
  const expires = toSeconds(context.now) + life;
  const body: Omit<TrustRecommendationResponse, 'signature'> = {
    type: 'trust_recommendation_response',
    request_id: message.request_id,
    recommender_server: config.serverId,
    requesting_server: message.requesting_server,
    target_server: message.target_server,
    recommendation: opinion.recommendation,
    confidence_level: opinion.confidence,
    recommended_trust_level: opinion.level,
    recommendation_evidence: message.evidence_required ? [...opinion.evidence] : [],
    conditions: [],
    recommendation_expires: Math.min(expires, opinion.restsUntilSeconds ?? expires),
  };
  return sealed(scope, body, 'signature', [asValue(message)]);
}
