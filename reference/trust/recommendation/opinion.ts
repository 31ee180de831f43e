/**
 * What we say of another server when a peer asks (T 6.1). It comes from what we have seen of that
 * server ourselves: the certificate that we issued, how long it has held, what we had to revoke.
 * What the asking server says of itself in `vouch_data` is not looked at (L-T24).
 */
import type { ConfidenceLevel, Recommendation } from '../../../spec/messages/trust/enumerations.ts';
import type { TrustRecommendationResponse } from '../../../spec/messages/trust/trust-recommendation-response.ts';
import { seconds, toSeconds } from '../../time.ts';
import { standingOf } from '../certificate/relationship.ts';
import { isLevel, rankOf } from '../policy.ts';
import type { Scope } from '../scope.ts';
import { scoreTenthsOf } from './worth.ts';

type Evidence = TrustRecommendationResponse['recommendation_evidence'];

export interface Opinion {
  readonly recommendation: Recommendation;
  readonly confidence: ConfidenceLevel;
  readonly level: TrustRecommendationResponse['recommended_trust_level'];
  readonly evidence: Evidence;
  /** Nothing is said for longer than what it rests on lasts; null: no such bound. */
  readonly restsUntilSeconds: number | null;
}

const DAY = 86_400;
/** How long a relationship must have held, and how high its score must be, to be sure of it. [P] */
const sureness: readonly {
  readonly confidence: ConfidenceLevel;
  readonly days: number;
  readonly tenths: number;
}[] = [
  { confidence: 'high', days: 90, tenths: 700 },
  { confidence: 'medium', days: 14, tenths: 400 },
];

const nothingSaid: Opinion = {
  recommendation: 'declined',
  confidence: 'low',
  level: 'untrusted',
  evidence: [],
  restsUntilSeconds: null,
};

/** `wished`: a recommendation level; `strong` is matched as `verified` (L-T21). */
export function opinionOf(
  scope: Scope,
  { target, asker, wished }: { target: string; asker: string; wished: string },
): Opinion {
  const { config, state, context } = scope;
  const mayTell = config.policy.trust.answerRecommendations;
  // Of itself the asker has an opinion already, and nobody is a witness in its own cause.
  if (!mayTell || target === asker || target === config.serverId) return nothingSaid;
  const cause = revokedFor(scope, target);
  if (cause) return adverse(scope, cause);
  const { status, level, expiresAtSeconds } = standingOf(state, target, 'inbound', context.now);
  if (status !== 'active') return { ...nothingSaid, recommendation: 'neutral' };
  const asked = wished === 'strong' ? 'verified' : wished;
  const granted = rankOf(level) <= rankOf(asked) ? level : asked;
  return {
    recommendation: 'positive',
    confidence: confidenceIn(scope, target),
    level: isLevel(granted) ? granted : 'untrusted',
    evidence: [relationship(scope, target)],
    restsUntilSeconds: expiresAtSeconds,
  };
}

function confidenceIn(scope: Scope, target: string): ConfidenceLevel {
  const heldDays = heldSeconds(scope, target) / DAY;
  const tenths = scoreTenthsOf(scope, target);
  const found = sureness.find((one) => heldDays >= one.days && tenths >= one.tenths);
  return found?.confidence ?? 'low';
}

function relationship(scope: Scope, target: string): Evidence[number] {
  return {
    type: 'trust_relationship',
    verification_method: 'direct',
    verification_date: toSeconds(scope.context.now) - heldSeconds(scope, target),
    verifier: scope.config.serverId,
    assessment_score: Math.floor(scoreTenthsOf(scope, target) / 10),
  };
}

/** Since the certificate that we issued came into force. */
function heldSeconds({ state, context }: Scope, target: string): number {
  const since = state.relations.get(target)?.inbound?.activeFromSeconds;
  return since === undefined ? 0 : Math.max(0, toSeconds(context.now - seconds(since)));
}

type Cause = 'compromised_key' | 'policy_violation';

/** The gravest cause for which we have revoked a certificate of this server in full. */
function revokedFor({ config, state }: Scope, target: string): Cause | null {
  const reasons = [...state.revocations.values()].flat().flatMap((record) => {
    const isOurs = record.issuer === config.serverId && record.revokedBy === config.serverId;
    return isOurs && record.subject === target && record.scope === 'full' ? [record.reason] : [];
  });
  return (
    (['compromised_key', 'policy_violation'] as const).find((one) => reasons.includes(one)) ?? null
  );
}

function adverse({ config, context }: Scope, cause: Cause): Opinion {
  return {
    recommendation: 'negative',
    confidence: cause === 'compromised_key' ? 'high' : 'medium',
    level: 'untrusted',
    evidence: [
      {
        type: 'revocation',
        verification_method: cause,
        verification_date: toSeconds(context.now),
        verifier: config.serverId,
      },
    ],
    restsUntilSeconds: null,
  };
}
