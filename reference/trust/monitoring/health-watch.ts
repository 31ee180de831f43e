/**
 * T16 and T17 from the side that watches, and what follows from a report. A peer's word about
 * itself can cost it trust and can never earn it any (T-HLTH-02, L-T28).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import type { TrustHealthCheck } from '../../../spec/messages/trust/trust-health-check.ts';
import type { TrustHealthReport } from '../../../spec/messages/trust/trust-health-report.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toMillis, toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { check, firstBroken } from '../check.ts';
import { ask, closeInquiry, openInquiry } from '../inquiry.ts';
import { order } from '../orders.ts';
import { certifiedKeyOf } from '../peer-key.ts';
import { refuse } from '../refusal.ts';
import { keepMonitoring } from '../rows.ts';
import type { Scope } from '../scope.ts';
import { addedSignatureChecks, asValue, placeChecks, sealed } from '../transcript.ts';
import { versionWith } from '../versions.ts';
import { NEUTRAL_SCORE } from './health-cost.ts';
import type { HealthRecord } from './monitoring-record.ts';

const DAY = 86_400;
export function checkHealth(scope: Scope, peer: string, days: number): void {
  const now = toSeconds(scope.context.now);
  const body: Omit<TrustHealthCheck, 'signature'> = {
    type: 'trust_health_check',
    monitoring_server: scope.config.serverId,
    target_server: peer,
    check_parameters: {
      certificate_validity: true,
      revocation_status: true,
      compliance_status: true,
      security_incidents: true,
      performance_metrics: true,
    },
    assessment_period: { start_time: now - days * DAY, end_time: now },
  };
  ask(scope, peer, sealed(scope, body, 'signature', []));
}

export function receiveHealthReport(
  scope: Scope,
  message: TrustHealthReport,
  origin: TrustOrigin,
): void {
  const { state, context } = scope;
  const { peer } = origin;
  const version = versionWith(state, peer);
  const inquiry = openInquiry(state, peer, 'trust_health_check');
  const earlier = inquiry ? [asValue(inquiry.message)] : [];
  const broken = firstBroken(context.must, [
    check('X-ERR-07', errorCode.trust.unknownExchange, 'nobody has asked', () => inquiry),
    check('T-HLTH-01', errorCode.trust.malformed, 'a report about another server', () => {
      return message.target_server === peer;
    }),
    ...addedSignatureChecks(scope, message, certifiedKeyOf(state, peer), version),
    ...placeChecks(scope, message, earlier, version),
  ]);
  if (broken) return refuse(scope, origin, broken);
  if (origin.exchange !== null) scope.link.answer(origin.exchange, 204, null, context);
  if (!inquiry) return;
  closeInquiry(scope, peer, inquiry.message);
  const { health_metrics: metrics } = message;
  take(scope, peer, {
    atSeconds: toSeconds(context.now),
    score: message.overall_trust_score,
    certificateStatus: metrics.certificate_status,
    incidents: metrics.security_incidents,
    roundTripMs: toMillis(context.now - inquiry.at),
  });
}

function take(scope: Scope, peer: string, record: HealthRecord): void {
  const { state, config, context } = scope;
  state.monitoring.reports.set(peer, record);
  keepMonitoring(scope, `report/${peer}`, record);
  const { score, incidents, roundTripMs } = record;
  const isGood = score >= NEUTRAL_SCORE;
  write(
    scope,
    peer,
    {
      event: 'compliance_check',
      action: 'took in a health report',
      result: isGood ? 'success' : 'partial',
      risk: isGood ? 'low' : 'medium',
    },
    { score, incidents, round_trip_ms: roundTripMs },
  );
  // T-HLTH-03: where the operator has said so, a bad report ends the trust.
  if (context.must('T-HLTH-03', score >= config.policy.trust.revokeBelowHealth)) return;
  const wish = {
    reason: 'policy_violation',
    scope: 'full',
    permissions: [],
    gracePeriodSeconds: 0,
  };
  order(scope, { server: peer, ...wish });
}
