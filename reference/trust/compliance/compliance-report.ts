/**
 * T20: a report for an authority. An authority is no server that we trust; it is a key that the
 * operator has configured, and nobody else is told anything (T-COMP-02, L-T31).
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { ComplianceReport } from '../../../spec/messages/trust/compliance-report.ts';
import type { ComplianceReportResponse } from '../../../spec/messages/trust/compliance-report-response.ts';
import type { PublicKey } from '../../crypto/crypto.ts';
import type { TrustOrigin } from '../../ports.ts';
import { toSeconds } from '../../time.ts';
import { write } from '../audit.ts';
import { check, firstBroken } from '../check.ts';
import { refuse } from '../refusal.ts';
import type { Scope } from '../scope.ts';
import { asValue, isSignedBy, sealed, transcriptHash } from '../transcript.ts';
import { type Assessment, assess, type Control } from './assessment.ts';

type Finding = ComplianceReportResponse['findings'][number];
type Document = ComplianceReportResponse['supporting_documents'][number];

const DAY = 86_400;
/** Days within which a finding is to be remedied. [P] */
const REMEDY_DAYS = { non_compliant: 30, conditional: 90 };

export function receiveComplianceReport(
  scope: Scope,
  message: ComplianceReport,
  origin: TrustOrigin,
): void {
  const { context, config, link } = scope;
  const key = authorityKey(scope, message.requesting_authority);
  const { badSignature, malformed, transcript } = errorCode.trust;
  const { notAuthorized } = errorCode.common;
  const broken = firstBroken(context.must, [
    check('T-COMP-02', notAuthorized, 'no authority of ours', () => key !== null),
    // At no version unsigned: the name alone is nobody's (L-T31).
    check('X-SIG-02', badSignature, 'the signature of the authority', () => {
      return isSignedBy(scope, key, message, 'signature');
    }),
    check('T-COMP-01', malformed, 'a report about another server', () => {
      return message.target_server === config.serverId;
    }),
    check('T-COMP-01', malformed, 'a period that cannot be reported on', () => {
      return isSane(scope, message);
    }),
    check('T-TRN-01', transcript, 'the transcript differs', () => {
      const carried = message.transcript_hash;
      return carried === undefined || carried === transcriptHash(scope, []);
    }),
  ]);
  if (broken) return refuse(scope, origin, broken);
  const { start_date: start, end_date: end } = message.report_period;
  const assessment = assess(scope, { start, end }, message.report_scope);
  const event = { event: 'compliance_check', result: 'success', risk: 'low' } as const;
  write(
    scope,
    config.serverId,
    { ...event, action: 'gave a compliance report' },
    {
      report_id: message.report_id,
      authority: message.requesting_authority,
      status: assessment.status,
    },
  );
  if (origin.exchange === null) return;
  link.answer(origin.exchange, 200, compose(scope, message, assessment), context);
}

function authorityKey({ config }: Scope, name: string): PublicKey | null {
  const { complianceAuthorities } = config.policy.trust;
  return Object.hasOwn(complianceAuthorities, name) ? (complianceAuthorities[name] ?? null) : null;
}

function isSane({ context }: Scope, { report_period: period }: ComplianceReport): boolean {
  const { start_date: start, end_date: end } = period;
  const latest = toSeconds(context.now) + limits.federationSkewSeconds;
  return start < end && end <= latest && end - start <= limits.assessmentSeconds;
}

function compose(
  scope: Scope,
  message: ComplianceReport,
  { controls, status, score }: Assessment,
): ComplianceReportResponse {
  const now = toSeconds(scope.context.now);
  const body: Omit<ComplianceReportResponse, 'report_signature'> = {
    type: 'compliance_report_response',
    // T-COMP-01: what was asked is repeated under the signature.
    report_id: message.report_id,
    compliance_standard: message.compliance_standard,
    report_period: message.report_period,
    target_server: scope.config.serverId,
    compliance_status: status,
    compliance_score: score,
    assessment_results: controls.map((control) => ({
      control_id: controlId(control),
      control_name: control.name,
      status: control.status,
      evidence: message.evidence_required ? [...control.facts] : [],
      last_tested: now,
    })),
    findings: controls.flatMap((control) => findingsOf(control, now)),
    supporting_documents: documentsOf(scope, message),
  };
  return sealed(scope, body, 'report_signature', [asValue(message)]);
}

const controlId = ({ scope }: Control): string => `NORC-T/${scope}`;

function findingsOf(control: Control, now: number): Finding[] {
  return control.faults.map(({ what, remedy, isGrave }, at) => ({
    finding_id: `${controlId(control)}/${at + 1}`,
    severity: isGrave ? 'high' : 'medium',
    description: what,
    recommendation: remedy,
    target_date: now + REMEDY_DAYS[isGrave ? 'non_compliant' : 'conditional'] * DAY,
  }));
}

/** By hash only: our certificates, and what the operator has deposited. */
function documentsOf({ config, context }: Scope, message: ComplianceReport): Document[] {
  const classification = message.confidentiality_level;
  const chain = config.certificateChain.flatMap((der): Document[] => {
    const fingerprint = context.x509.read(der)?.fingerprint;
    if (fingerprint === undefined) return [];
    return [{ document_type: 'server_certificate', document_hash: fingerprint, classification }];
  });
  const deposited = Object.entries(config.policy.trust.complianceDocuments).map(
    ([document_type, document_hash]) => ({ document_type, document_hash, classification }),
  );
  return [...chain, ...deposited];
}
