import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, record, serverId, signature } from '../../schema.ts';
import { relationStates } from '../federation/enumerations.ts';
import { period, transcriptHash } from './shared-records.ts';

/**
 * T16. Asks a related server for a report about itself. A third-party monitor is not answered
 * (L-T28).
 */
export const trustHealthCheck = defineMessage({
  type: 'trust_health_check',
  row: 'T16',
  layer: 'trust',
  code: 0xaa,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: relationStates,
  answeredBy: ['trust_health_report', 'federation_error'],
  signed: { member: 'signature', by: 'monitoring_server', added: true },
  shape: 'T-HLTH-01',
  source: ['T 8.1'],
  readings: ['L-T08', 'L-T28', 'L-F09', 'L-W02'],
  summary: 'Asks for a health report over a period.',
  fields: {
    monitoring_server: serverId(),
    target_server: serverId(),
    check_parameters: record({
      fields: {
        certificate_validity: flag(),
        revocation_status: flag(),
        compliance_status: flag(),
        security_incidents: flag(),
        performance_metrics: flag(),
      },
    }),
    assessment_period: period(),
  },
  added: {
    transcript_hash: transcriptHash(),
    signature: signature(),
  },
});
export type TrustHealthCheck = MessageOf<typeof trustHealthCheck>;
