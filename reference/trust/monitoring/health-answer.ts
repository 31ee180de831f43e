/** T16 and T17 from the side that is watched: a signed report of what we have measured (T 8.1). */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { TrustHealthCheck } from '../../../spec/messages/trust/trust-health-check.ts';
import type { TrustHealthReport } from '../../../spec/messages/trust/trust-health-report.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { check, firstBroken } from '../check.ts';
import { assess } from '../compliance/assessment.ts';
import { questionChecks } from '../question.ts';
import { refuse } from '../refusal.ts';
import { relatedCheck, relationStatus } from '../relation-gate.ts';
import type { Scope } from '../scope.ts';
import { asValue, noteTolerance, sealed } from '../transcript.ts';
import { averageResponseMs, uptimePercentage } from './measures.ts';
import { nextAssessment, recommendationsFor, risksFor } from './risks.ts';

type Metrics = TrustHealthReport['health_metrics'];

/** What a report says of a check that was not asked for. */
const NOT_CHECKED = 'not_checked';

export function receiveHealthCheck(
  scope: Scope,
  message: TrustHealthCheck,
  origin: TrustOrigin,
): void {
  const { context, config, link } = scope;
  const { peer } = origin;
  const { malformed } = errorCode.trust;
  const broken = firstBroken(context.must, [
    relatedCheck(scope, peer, 'T-HLTH-01'),
    check('T-HLTH-01', malformed, 'names other servers than the link', () => {
      return message.monitoring_server === peer && message.target_server === config.serverId;
    }),
    check('T-HLTH-01', malformed, 'a period that cannot be assessed', () => isSane(scope, message)),
    ...questionChecks(scope, message, origin),
  ]);
  if (broken) return refuse(scope, origin, broken);
  noteTolerance(scope, peer, message);
  const event = { event: 'access_granted', result: 'success', risk: 'low' } as const;
  write(scope, peer, { ...event, action: 'gave a health report' });
  if (origin.exchange === null) return;
  link.answer(origin.exchange, 200, composeReport(scope, message), context);
}

/** It has begun, it ends after it begins, not in the future, and it is a year at most. */
function isSane({ context }: Scope, { assessment_period: period }: TrustHealthCheck): boolean {
  const { start_time: start, end_time: end } = period;
  const latest = toSeconds(context.now) + limits.federationSkewSeconds;
  return start < end && end <= latest && end - start <= limits.assessmentSeconds;
}

function composeReport(scope: Scope, message: TrustHealthCheck): TrustHealthReport {
  const { config } = scope;
  const { check_parameters: asked, monitoring_server: monitor } = message;
  const metrics = metricsOf(scope, message);
  const risks = risksFor(scope, monitor, {
    incidents: metrics.security_incidents,
    uptime: asked.performance_metrics ? metrics.uptime_percentage : 100,
  });
  const body: Omit<TrustHealthReport, 'signature'> = {
    type: 'trust_health_report',
    target_server: config.serverId,
    overall_trust_score: overall(message, metrics),
    health_metrics: metrics,
    risk_factors: risks,
    recommendations: recommendationsFor(risks),
    next_assessment: nextAssessment(scope, risks),
  };
  return sealed(scope, body, 'signature', [asValue(message)]);
}

/** Only what was asked for is looked at and told. */
function metricsOf(scope: Scope, message: TrustHealthCheck): Metrics {
  const { check_parameters: asked, assessment_period: period, monitoring_server: peer } = message;
  const span = { start: period.start_time, end: period.end_time };
  const status = relationStatus(scope, peer);
  const isRevoked = status === 'revoked' || status === 'suspended';
  return {
    certificate_status: asked.certificate_validity ? status : NOT_CHECKED,
    revocation_checks: asked.revocation_status ? (isRevoked ? status : 'clear') : NOT_CHECKED,
    compliance_score: asked.compliance_status ? assess(scope, span).score : 0,
    security_incidents: asked.security_incidents ? scope.audit.count('security_incident', span) : 0,
    uptime_percentage: asked.performance_metrics ? uptimePercentage(scope, span) : 0,
    response_time_avg: asked.performance_metrics ? averageResponseMs(scope) : 0,
  };
}

/** What each finding takes away from 100. [P] */
const costs = { incident: 10, mostIncidents: 40, revoked: 30 };

function overall({ check_parameters: asked }: TrustHealthCheck, metrics: Metrics): number {
  const incidents = Math.min(metrics.security_incidents * costs.incident, costs.mostIncidents);
  const isClear = metrics.revocation_checks === 'clear' || !asked.revocation_status;
  const downtime = asked.performance_metrics ? Math.min(20, 100 - metrics.uptime_percentage) : 0;
  const gaps = asked.compliance_status ? (100 - metrics.compliance_score) / 5 : 0;
  const lost = incidents + (isClear ? 0 : costs.revoked) + downtime + gaps;
  return Math.max(0, Math.round((100 - lost) * 10) / 10);
}
