import { defineMessage, type MessageOf } from '../../message.ts';
import {
  integer,
  list,
  oneOf,
  record,
  seconds,
  serverId,
  sha256Hash,
  signature,
  text,
  uuid,
} from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { complianceStatuses, severities } from './enumerations.ts';
import { confidentiality, reportPeriod, transcriptHash } from './shared-records.ts';

/**
 * T20. The report. Standard and period are repeated under the signature, or a report on one could
 * be shown as a report on another (T-COMP-01).
 */
export const complianceReportResponse = defineMessage({
  type: 'compliance_report_response',
  row: 'T20',
  layer: 'trust',
  code: 0xae,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: controlStates,
  signed: { member: 'report_signature', by: 'target_server' },
  shape: 'T-COMP-01',
  source: ['T 9.2'],
  readings: ['L-T31', 'L-X01', 'L-S08', 'L-W02'],
  summary: 'Reports the state of each control and the findings.',
  fields: {
    report_id: uuid(),
    target_server: serverId(),
    compliance_status: oneOf(complianceStatuses, 'T-LVL-07'),
    compliance_score: integer(0, 100),
    assessment_results: list(
      record({
        fields: {
          control_id: text(128),
          control_name: text(256),
          status: oneOf(complianceStatuses, 'T-LVL-07'),
          evidence: list(text(256), { max: 64 }),
          last_tested: seconds(),
        },
      }),
    ),
    findings: list(
      record({
        fields: {
          finding_id: text(128),
          severity: oneOf(severities, 'T-LVL-07'),
          description: text(1024),
          recommendation: text(1024),
          target_date: seconds(),
        },
      }),
    ),
    supporting_documents: list(
      record({
        fields: {
          document_type: text(64),
          document_hash: sha256Hash(),
          classification: confidentiality(),
        },
      }),
      { max: 256 },
    ),
    report_signature: signature(),
  },
  added: {
    transcript_hash: transcriptHash(),
    compliance_standard: text(64),
    report_period: reportPeriod(),
  },
});
export type ComplianceReportResponse = MessageOf<typeof complianceReportResponse>;
