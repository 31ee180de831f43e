/**
 * How a server of ours answers when the subject asks it about others or about itself: as a
 * recommender (T13), as one who is watched (T17), as the keeper of a log (T21).
 */
import { toSeconds } from '../../../reference/time.ts';
import { encodeBase64url } from '../../../reference/wire/base64url.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { AuditRoot } from '../../../spec/messages/trust/audit-root.ts';
import type { AuditRootQuery } from '../../../spec/messages/trust/audit-root-query.ts';
import type { TrustHealthCheck } from '../../../spec/messages/trust/trust-health-check.ts';
import type { TrustHealthReport } from '../../../spec/messages/trust/trust-health-report.ts';
import type { TrustRecommendation } from '../../../spec/messages/trust/trust-recommendation.ts';
import type { TrustRecommendationResponse } from '../../../spec/messages/trust/trust-recommendation-response.ts';
import { type PeerState, subjectId, subjectKey } from './peer-state.ts';
import { type Asked, type Reply, signedReply } from './reply.ts';
import { isSignedBy } from './signing.ts';
import { transcriptOf } from './trust-run-state.ts';

const DAY = 86_400;

/** Sure of everybody, at basic: cases bend it. */
export function recommend(peer: PeerState, asked: Asked, message: TrustRecommendation): Reply {
  judgeSigned(peer, asked, 'T-REC-06');
  const names = [message.requesting_server, message.recommender_server];
  peer.environment.judge.demand(
    'T-REC-06',
    names.join() === [subjectId(peer), peer.serverId].join(),
    {
      what: 'trust_recommendation of the subject does not name itself and the one it asks',
      expected: [subjectId(peer), peer.serverId],
      got: names,
    },
  );
  const response: Omit<TrustRecommendationResponse, 'signature'> = {
    type: 'trust_recommendation_response',
    request_id: message.request_id,
    requesting_server: message.requesting_server,
    recommender_server: peer.serverId,
    target_server: message.target_server,
    recommendation: 'positive',
    confidence_level: 'high',
    recommended_trust_level: 'basic',
    recommendation_evidence: [{ type: 'trust_relationship', verification_method: 'direct' }],
    conditions: [],
    recommendation_expires: nowOf(peer) + DAY,
    transcript_hash: transcriptOf(peer, [asked.json]),
  };
  return signedReply<TrustRecommendationResponse>(peer, response, {
    member: 'signature',
    bend: peer.bends.recommendation,
  });
}

/** In the best of health. */
export function reportHealth(peer: PeerState, asked: Asked, message: TrustHealthCheck): Reply {
  judgeSigned(peer, asked, 'T-HLTH-01');
  const { start_time: start, end_time: end } = message.assessment_period;
  peer.environment.judge.demand('T-HLTH-01', start < end && end <= nowOf(peer) + 60, {
    what: 'the period of a trust_health_check of the subject',
    expected: 'a beginning before its end, and an end that is not in the future',
    got: message.assessment_period,
  });
  const report: Omit<TrustHealthReport, 'signature'> = {
    type: 'trust_health_report',
    target_server: peer.serverId,
    overall_trust_score: 100,
    health_metrics: {
      certificate_status: 'active',
      revocation_checks: 'clear',
      compliance_score: 100,
      security_incidents: 0,
      uptime_percentage: 100,
      response_time_avg: 1,
    },
    risk_factors: [],
    recommendations: [],
    next_assessment: nowOf(peer) + DAY,
    transcript_hash: transcriptOf(peer, [asked.json]),
  };
  return signedReply<TrustHealthReport>(peer, report, {
    member: 'signature',
    bend: peer.bends.healthReport,
  });
}

/** A log without entries: its root is the genesis. */
export function tellRoot(peer: PeerState, asked: Asked, message: AuditRootQuery): Reply {
  const root: Omit<AuditRoot, 'signature'> = {
    type: 'audit_root',
    ...(message.day !== undefined && { day: message.day }),
    root_hash: encodeBase64url(new Uint8Array(32)),
    entry_count: 0,
    transcript_hash: transcriptOf(peer, [asked.json]),
  };
  return signedReply<AuditRoot>(peer, root, { member: 'signature', bend: peer.bends.auditRoot });
}

/** At 1.0 a question may come without (L-T08). */
function judgeSigned(peer: PeerState, { json }: Asked, id: RequirementId): void {
  if (json.signature === undefined) return;
  const { judge, crypto } = peer.environment;
  judge.demand(id, isSignedBy(crypto, subjectKey(peer), json, 'signature'), {
    what: `${String(json.type)} of the subject is not signed by its server key`,
    expected: `a signature of ${subjectKey(peer)}`,
    got: json.signature,
  });
}

const nowOf = ({ environment }: PeerState): number => toSeconds(environment.subject.now());
