/**
 * What may go wrong soon, computed from what is: each risk with its severity, the time until it
 * bites, and what to do about it (T 8.1).
 */
import { limits } from '../../../spec/limits.ts';
import type { Severity } from '../../../spec/messages/trust/enumerations.ts';
import type { TrustHealthReport } from '../../../spec/messages/trust/trust-health-report.ts';
import { toSeconds } from '../../time.ts';
import type { Scope } from '../scope.ts';

export type Risk = TrustHealthReport['risk_factors'][number];
type Recommendation = TrustHealthReport['recommendations'][number];

const DAY = 86_400;

/** How near an end is. [P] */
const nearness: readonly { readonly days: number; readonly severity: Severity }[] = [
  { days: 1, severity: 'critical' },
  { days: 7, severity: 'high' },
  { days: 30, severity: 'medium' },
];

/** Below this many per cent the server was away too often. [P] */
const LEAST_UPTIME = 99;
/** From this many incidents on they are a pattern. [P] */
const MANY_INCIDENTS = 5;

export interface Measured {
  readonly incidents: number;
  readonly uptime: number;
}

export function risksFor(scope: Scope, monitor: string, measured: Measured): Risk[] {
  return [
    ...endOf(scope, 'trust_certificate_expiry', trustEnd(scope, monitor)),
    ...endOf(scope, 'server_certificate_expiry', leafEnd(scope)),
    ...incidentRisk(measured.incidents),
    ...downtimeRisk(measured.uptime),
    ...unheardRevocations(scope),
  ];
}

/** The certificate that the monitor has issued to us. */
function trustEnd({ state }: Scope, monitor: string): number | undefined {
  return state.relations.get(monitor)?.outbound?.certificate.not_after;
}

function leafEnd({ config, context }: Scope): number | undefined {
  const [leaf] = config.certificateChain;
  return leaf === undefined ? undefined : context.x509.read(leaf)?.notAfterSeconds;
}

function endOf({ context }: Scope, type: string, end: number | undefined): Risk[] {
  if (end === undefined) return [];
  const left = end - toSeconds(context.now);
  const near = nearness.find(({ days }) => left <= days * DAY);
  if (!near) return [];
  const mitigation = 'renew it';
  const left0 = Math.max(0, left);
  return [{ risk_type: type, severity: near.severity, time_to_impact: left0, mitigation }];
}

function incidentRisk(incidents: number): Risk[] {
  if (incidents === 0) return [];
  const severity = incidents >= MANY_INCIDENTS ? 'high' : 'medium';
  const mitigation = 'investigate the incidents in the audit log';
  return [{ risk_type: 'security_incidents', severity, time_to_impact: 0, mitigation }];
}

function downtimeRisk(uptime: number): Risk[] {
  if (uptime >= LEAST_UPTIME) return [];
  const mitigation = 'find out why the server was away';
  return [{ risk_type: 'downtime', severity: 'medium', time_to_impact: 0, mitigation }];
}

/** T-REV-15: revocations of ours that somebody has not acknowledged in five minutes. */
function unheardRevocations({ state }: Scope): Risk[] {
  if (![...state.pushes.values()].some(({ missed }) => missed)) return [];
  const mitigation = 'reach the servers that have not acknowledged';
  const risk_type = 'unacknowledged_revocation';
  return [{ risk_type, severity: 'high', time_to_impact: 0, mitigation }];
}

/** One for each risk: what would take it away. */
export function recommendationsFor(risks: readonly Risk[]): Recommendation[] {
  return risks.map(({ risk_type: type, severity, mitigation }) => ({
    type,
    priority: severity,
    action: mitigation,
    estimated_effort: type.endsWith('_expiry') ? 'low' : 'medium',
  }));
}

/** When the server should be looked at again: sooner when something is near. */
export function nextAssessment({ context }: Scope, risks: readonly Risk[]): number {
  const isPressing = risks.some(({ severity }) => severity === 'high' || severity === 'critical');
  const interval = limits.healthIntervalSeconds;
  return toSeconds(context.now) + (isPressing ? Math.floor(interval / 24) : interval);
}
