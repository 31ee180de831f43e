import { defineMessage, type MessageOf } from '../../message.ts';
import {
  decimal,
  integer,
  list,
  millis,
  oneOf,
  record,
  seconds,
  serverId,
  signature,
  text,
} from '../../schema.ts';
import { relationStates } from '../federation/enumerations.ts';
import { severities } from './enumerations.ts';
import { transcriptHash } from './shared-records.ts';

/**
 * T17. A server's report about itself: it can lower trust and never raise it (T-HLTH-02, L-T28).
 */
export const trustHealthReport = defineMessage({
  type: 'trust_health_report',
  row: 'T17',
  layer: 'trust',
  code: 0xab,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: relationStates,
  signed: { member: 'signature', by: 'target_server', added: true },
  shape: 'T-HLTH-01',
  source: ['T 8.1'],
  readings: ['L-T28', 'L-S03', 'L-W02'],
  summary: 'Reports scores, metrics and risks of the reporting server.',
  fields: {
    target_server: serverId(),
    overall_trust_score: decimal(0, 100),
    health_metrics: record({
      fields: {
        certificate_status: text(32),
        revocation_checks: text(32),
        compliance_score: integer(0, 100),
        security_incidents: integer(),
        uptime_percentage: decimal(0, 100),
        response_time_avg: millis(),
      },
    }),
    risk_factors: list(
      record({
        fields: {
          risk_type: text(64),
          severity: oneOf(severities, 'T-LVL-07'),
          time_to_impact: seconds(),
          mitigation: text(1024),
        },
      }),
      { max: 64 },
    ),
    recommendations: list(
      record({
        fields: {
          type: text(64),
          priority: oneOf(severities, 'T-LVL-07'),
          action: text(1024),
          estimated_effort: text(32),
        },
      }),
      { max: 64 },
    ),
    next_assessment: seconds(),
  },
  added: {
    transcript_hash: transcriptHash(),
    signature: signature(),
  },
});
export type TrustHealthReport = MessageOf<typeof trustHealthReport>;
