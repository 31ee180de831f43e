/** T12 and T13 from the side that asks: an operator names whom to ask about whom. */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { RecommendationLevel } from '../../../spec/messages/trust/enumerations.ts';
import type { TrustRecommendation } from '../../../spec/messages/trust/trust-recommendation.ts';
import type { TrustRecommendationResponse } from '../../../spec/messages/trust/trust-recommendation-response.ts';
import type { TrustOrigin } from '../../ports.ts';
import { seconds } from '../../time.ts';
import { write } from '../audit.ts';
import { type Check, check, firstBroken } from '../check.ts';
import { freshUuid } from '../identifiers.ts';
import { ask, closeInquiry, openInquiry } from '../inquiry.ts';
import { certifiedKeyOf } from '../peer-key.ts';
import { refuse } from '../refusal.ts';
import { keepRecommendation } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { asValue, isSignedBy, placeChecks, sealed } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { type RecommendationRecord, recommendationKey } from './recommendation-record.ts';

/** Opinions that are kept; the oldest makes room. [P] */
const MOST_KEPT = 4096;

export function askRecommendation(
  scope: Scope,
  wish: {
    readonly recommender: string;
    readonly about: string;
    readonly level: RecommendationLevel;
  },
): void {
  const body: Omit<TrustRecommendation, 'signature'> = {
    type: 'trust_recommendation',
    request_id: freshUuid(scope.context),
    requesting_server: scope.config.serverId,
    target_server: wish.about,
    recommender_server: wish.recommender,
    recommendation_level: wish.level,
    evidence_required: true,
    context: 'establishment of trust',
    // The documents let the requester vouch. It has nothing to say, and nobody should listen.
    vouch_data: {
      relationship_duration: 0,
      interaction_frequency: 'none',
      trust_incidents: 0,
      business_relationship: 'none',
      security_assessment: 'none',
    },
  };
  ask(scope, wish.recommender, sealed(scope, body, 'signature', []));
}

export function receiveRecommendation(
  scope: Scope,
  message: TrustRecommendationResponse,
  origin: TrustOrigin,
): void {
  const { context, state } = scope;
  const { peer } = origin;
  const inquiry = openInquiry(state, peer, 'trust_recommendation', ({ request_id: id }) => {
    return id === message.request_id;
  });
  const broken = firstBroken(context.must, [
    check('X-ERR-07', errorCode.trust.unknownExchange, 'nobody has asked', () => inquiry),
    ...responseChecks(scope, message, peer, inquiry?.message),
    ...placeChecks(
      scope,
      message,
      inquiry ? [asValue(inquiry.message)] : [],
      versionWith(state, peer),
    ),
  ]);
  if (broken) return refuse(scope, origin, broken, message.request_id);
  if (inquiry) closeInquiry(scope, peer, inquiry.message);
  keep(scope, recordOf(message, origin));
  if (origin.exchange !== null) scope.link.answer(origin.exchange, 204, null, context);
}

/** T-REC-01 */
function responseChecks(
  scope: Scope,
  message: TrustRecommendationResponse,
  peer: string,
  asked: TrustRecommendation | undefined,
): readonly Check[] {
  const { state, context, config } = scope;
  const { badSignature, expired, malformed } = errorCode.trust;
  return [
    check('T-REC-01', malformed, 'another recommender, requester or target', () => {
      // At 1.0 the audience may be left out: then the id, which is ours, is all that binds it.
      const audience = message.requesting_server ?? config.serverId;
      const isForUs = audience === config.serverId && message.recommender_server === peer;
      return isForUs && message.target_server === asked?.target_server;
    }),
    check('T-REC-01', badSignature, 'the signature of the recommender', () => {
      return isSignedBy(scope, certifiedKeyOf(state, peer), message, 'signature');
    }),
    check('T-REC-01', expired, 'expired, or valid for too long', () => {
      const life = seconds(message.recommendation_expires) - context.now;
      const most = limits.recommendationSeconds + limits.federationSkewSeconds;
      return life > 0 && life <= seconds(most);
    }),
  ];
}

function recordOf(
  message: TrustRecommendationResponse,
  { peer, anchor }: TrustOrigin,
): RecommendationRecord {
  return {
    recommender: peer,
    target: message.target_server,
    opinion: message.recommendation,
    confidence: message.confidence_level,
    level: message.recommended_trust_level,
    expiresSeconds: message.recommendation_expires,
    anchor,
  };
}

/** The newest opinion of a recommender about a target replaces the one before. */
function keep(scope: Scope, record: RecommendationRecord): void {
  const { recommendations } = scope.state;
  const key = recommendationKey(record);
  recommendations.delete(key);
  const [oldest] = recommendations.keys();
  if (recommendations.size >= MOST_KEPT && oldest !== undefined) {
    recommendations.delete(oldest);
    keepRecommendation(scope, oldest, null);
  }
  recommendations.set(key, record);
  keepRecommendation(scope, key, record);
  const { recommender, target, opinion, confidence } = record;
  const event = { event: 'access_granted', result: 'success', risk: 'low' } as const;
  write(
    scope,
    recommender,
    { ...event, action: 'was given a recommendation' },
    { about: target, recommendation: opinion, confidence },
  );
}
