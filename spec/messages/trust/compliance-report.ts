import { defineMessage, type MessageOf } from '../../message.ts';
import { flag, list, oneOf, serverId, signature, text, uuid } from '../../schema.ts';
import { controlStates } from '../federation/enumerations.ts';
import { reportScopes } from './enumerations.ts';
import { confidentiality, reportPeriod, transcriptHash } from './shared-records.ts';

/**
 * T20. An authority asks for a report. It is no NORC server: its key must be configured (L-T31).
 */
export const complianceReport = defineMessage({
  type: 'compliance_report',
  row: 'T20',
  layer: 'trust',
  code: 0xad,
  codeProposed: true,
  direction: 'server-to-server',
  legalIn: controlStates,
  answeredBy: ['compliance_report_response', 'federation_error'],
  signed: { member: 'signature', by: 'requesting_authority', added: true },
  shape: 'T-COMP-01',
  source: ['T 9.2'],
  readings: ['L-T08', 'L-T31', 'L-X01', 'L-W02'],
  summary: 'Asks for a compliance report by one standard over a period.',
  fields: {
    report_id: uuid(),
    requesting_authority: text(256),
    target_server: serverId(),
    compliance_standard: text(64),
    report_period: reportPeriod(),
    report_scope: list(oneOf(reportScopes, 'T-LVL-07'), { min: 1, max: 8, unique: true }),
    evidence_required: flag(),
    confidentiality_level: confidentiality(),
  },
  added: {
    transcript_hash: transcriptHash(),
    signature: signature(),
  },
});
export type ComplianceReport = MessageOf<typeof complianceReport>;
