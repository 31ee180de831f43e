/**
 * What servers of ours ask the subject about others and about itself (T12, T16, T20, T21), honest
 * unless a case bends it, and how they read the answers.
 */
import type { JsonObject } from '../../../../../reference/crypto/crypto.ts';
import { toSeconds } from '../../../../../reference/time.ts';
import { without } from '../../../../../reference/wire/canonical.ts';
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { AuditRootQuery } from '../../../../../spec/messages/trust/audit-root-query.ts';
import type { TrustHealthCheck } from '../../../../../spec/messages/trust/trust-health-check.ts';
import type { TrustRecommendation } from '../../../../../spec/messages/trust/trust-recommendation.ts';
import type { NorcMessage } from '../../../../../spec/messages.ts';
import type { Answer, Link, Peer } from '../../../actors/peer.ts';
import type { Stage } from '../../../stage.ts';
import { told } from '../../federation/steps/answers.ts';

export const DAY = 86_400;

export const secondsNow = (stage: Stage): number => toSeconds(stage.now());

/** A question without a transcript before it: its place is the beginning (L-H03). */
const beginning = (stage: Stage): string => stage.crypto.transcript('norc-t-handshake-v1', []);

export function signedBy<T extends object>(stage: Stage, { key }: Peer, message: T): JsonObject {
  const bare = without(message as JsonObject, 'signature');
  return { ...bare, signature: stage.crypto.sign(key, bare) };
}

export function recommendationRequest(
  stage: Stage,
  peer: Peer,
  about: string,
  change: Partial<TrustRecommendation> = {},
): JsonObject {
  const message: TrustRecommendation = {
    type: 'trust_recommendation',
    request_id: stage.uuid(),
    requesting_server: peer.serverId,
    target_server: about,
    recommender_server: stage.subject.serverId,
    recommendation_level: 'basic',
    evidence_required: true,
    context: 'a conformance case',
    vouch_data: {
      relationship_duration: 10 * 365 * DAY,
      interaction_frequency: 'daily',
      trust_incidents: 0,
      business_relationship: 'partner',
      security_assessment: 'excellent',
    },
    transcript_hash: beginning(stage),
    ...change,
  };
  return signedBy(stage, peer, message);
}

export function healthCheck(
  stage: Stage,
  peer: Peer,
  change: Partial<TrustHealthCheck> = {},
): JsonObject {
  const now = secondsNow(stage);
  const message: TrustHealthCheck = {
    type: 'trust_health_check',
    monitoring_server: peer.serverId,
    target_server: stage.subject.serverId,
    check_parameters: {
      certificate_validity: true,
      revocation_status: true,
      compliance_status: true,
      security_incidents: true,
      performance_metrics: true,
    },
    assessment_period: { start_time: now - DAY, end_time: now },
    transcript_hash: beginning(stage),
    ...change,
  };
  return signedBy(stage, peer, message);
}

/** `day`: the midnight at which it began. */
export function rootQuery(stage: Stage, day: number): JsonObject {
  const message: AuditRootQuery = {
    type: 'audit_root_query',
    day,
    proofs_wanted: true,
    transcript_hash: beginning(stage),
  };
  return { ...message };
}

export const midnight = (stage: Stage, daysAgo = 0): number =>
  Math.floor(secondsNow(stage) / DAY - daysAgo) * DAY;

/** The answer of this type, or a failed check. */
export async function answerTo<T extends NorcMessage['type']>(
  stage: Stage,
  id: RequirementId,
  link: Link,
  { question, type }: { question: JsonObject; type: T },
): Promise<{ message: Extract<NorcMessage, { type: T }>; answer: Answer }> {
  const answer = await link.requestRaw(question);
  const isAnswer = answer.message?.type === type;
  stage.check(id, isAnswer, {
    what: `the answer to ${String(question.type)}`,
    expected: type,
    got: told(answer),
  });
  return { message: answer.message as Extract<NorcMessage, { type: T }>, answer };
}

/** The answer is the subject's, whole, and belongs to the question. */
export function checkSealed(
  stage: Stage,
  id: RequirementId,
  { answer, question, member }: { answer: Answer; question: JsonObject; member: string },
): void {
  const received: JsonObject = JSON.parse(answer.text);
  const { [member]: signature, transcript_hash: th } = received;
  const { publicKey } = stage.subject;
  const isSigned =
    typeof signature === 'string' &&
    stage.crypto.verify(publicKey, without(received, member), signature);
  const place = stage.crypto.transcript('norc-t-handshake-v1', [question]);
  stage.check(id, isSigned && (th === undefined || th === place), {
    what: `signature and transcript of ${String(received.type)}`,
    expected: { isSigned: true, transcript_hash: place },
    got: { isSigned, transcript_hash: th },
  });
}
