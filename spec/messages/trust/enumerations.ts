/**
 * The closed sets of profile Part 1.3, in the order the documents give them. Where a reading says
 * that an unknown value must still be honoured (revocation reasons, L-R02) or merely earns nothing
 * (standards, T-REQ-09), the declaration takes text and the set here is what is known.
 */

/** Ascending (T-LVL-01). */
export const trustLevels = ['untrusted', 'basic', 'verified', 'classified', 'nato'] as const;
export type TrustLevel = (typeof trustLevels)[number];

export const caTypes = ['self_signed', 'commercial_ca', 'government_ca', 'nato_ca'] as const;
export type CaType = (typeof caTypes)[number];

export const keyAlgorithms = ['ed25519', 'rsa_pss', 'ecdsa_p256'] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

/** What may sign a NORC object: rsa_pss lives in X.509 chains only (L-T07, X-SIG-06). */
export const signatureAlgorithms = ['ed25519', 'ecdsa_p256'] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

export const complianceStandards = ['fips_140_2', 'common_criteria', 'nato_unclass'] as const;
export type ComplianceStandard = (typeof complianceStandards)[number];

export const trustMethods = [
  'direct_exchange',
  'ca_validation',
  'web_of_trust',
  'government_pki',
  'manual_verification',
] as const;
export type TrustMethod = (typeof trustMethods)[number];

export const costLevels = ['free', 'low', 'medium', 'high', 'enterprise'] as const;
export type CostLevel = (typeof costLevels)[number];

export const permissions = [
  'message_relay',
  'user_discovery',
  'presence_federation',
  'media_relay',
  'archive_sync',
  'voice_calls',
  'file_transfer',
] as const;
export type Permission = (typeof permissions)[number];

// --- establishment ------------------------------------------------------------------------------

/** The only domain proof there is (T 3.2). */
export const domainProofMethods = ['dns_txt'] as const;
export const signingKeys = ['server_key'] as const;

export const documentTypes = ['business_registration', 'contact_verification'] as const;
export type DocumentType = (typeof documentTypes)[number];

export const verificationMethods = ['manual', 'automated', 'third_party'] as const;
export type VerificationMethod = (typeof verificationMethods)[number];

export const decisions = ['accept', 'reject', 'conditional'] as const;
export type Decision = (typeof decisions)[number];

/** Entries of validation_evidence: three from the documents, three ours (T-DEC-07). */
export const evidenceTypes = [
  'dns_validation',
  'certificate_validation',
  'organization_verification',
  'cryptographic_proof',
  'security_requirements',
  'risk_assessment',
] as const;
export type EvidenceType = (typeof evidenceTypes)[number];

// --- conditions, revocation, renewal -------------------------------------------------------------

export const conditionTypes = [
  'certificate_renewal',
  'compliance_audit',
  'security_review',
  'trust_revalidation',
] as const;
export type ConditionType = (typeof conditionTypes)[number];

export const autoActions = ['revoke', 'downgrade', 'notify'] as const;
export type AutoAction = (typeof autoActions)[number];

/** A recurrence that we cannot keep is refused, not forgotten (T-COND-02). */
export const conditionFrequencies = ['quarterly'] as const;

/** Reasons of trust_revoke (T 5.1). */
export const revocationReasons = [
  'compromised_key',
  'policy_violation',
  'voluntary',
  'expired',
  'superseded',
] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** Reasons of a list entry (T 5.2). The mapping is L-R02. */
export const crlReasons = [
  'unspecified',
  'key_compromise',
  'ca_compromise',
  'affiliation_changed',
  'superseded',
  'cessation_of_operation',
  'privilege_withdrawn',
  'aa_compromise',
] as const;
export type CrlReason = (typeof crlReasons)[number];

/** What stands for each on a list (L-R02). `expired` is not listed. */
const listedReasons: { readonly [reason in RevocationReason]: CrlReason } = {
  compromised_key: 'key_compromise',
  policy_violation: 'privilege_withdrawn',
  voluntary: 'cessation_of_operation',
  superseded: 'superseded',
  expired: 'unspecified',
};

/** An unknown reason counts as the worst (L-R02). */
export function crlReasonOf(reason: string): CrlReason {
  const [, listed = 'key_compromise'] =
    Object.entries(listedReasons).find(([name]) => name === reason) ?? [];
  return listed;
}

/** The other way round; what a revocation cannot say counts as the worst too. */
export function revocationReasonOf(listed: string): RevocationReason {
  if (listed === 'affiliation_changed') return 'policy_violation';
  const found = revocationReasons.find((reason) => listedReasons[reason] === listed);
  return found === undefined || found === 'expired' ? 'compromised_key' : found;
}

export const revocationScopes = ['full', 'partial', 'conditional'] as const;
export type RevocationScope = (typeof revocationScopes)[number];

export const acknowledgmentStatuses = ['accepted', 'disputed', 'appealing'] as const;
export type AcknowledgmentStatus = (typeof acknowledgmentStatuses)[number];

export const renewalReasons = ['scheduled', 'early', 'security_update'] as const;
export type RenewalReason = (typeof renewalReasons)[number];

export const rateParameters = ['messages_per_second', 'bandwidth_mbps'] as const;
export type RateParameter = (typeof rateParameters)[number];

// --- recommendation, government, monitoring ------------------------------------------------------

/** Its own ladder: `strong` matches as `verified` and is no trust level (L-T21). */
export const recommendationLevels = ['basic', 'verified', 'strong'] as const;
export type RecommendationLevel = (typeof recommendationLevels)[number];

export const recommendations = ['positive', 'negative', 'neutral', 'declined'] as const;
export type Recommendation = (typeof recommendations)[number];

export const confidenceLevels = ['low', 'medium', 'high'] as const;
export type ConfidenceLevel = (typeof confidenceLevels)[number];

export const securityClearances = ['unclassified', 'confidential', 'secret', 'top_secret'] as const;
export type SecurityClearance = (typeof securityClearances)[number];

export const natoClassifications = [
  'nato_unclassified',
  'nato_restricted',
  'nato_confidential',
  'nato_secret',
] as const;
export type NatoClassification = (typeof natoClassifications)[number];

/** Severities, priorities and risk levels share one ladder. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

// --- audit and compliance ------------------------------------------------------------------------

export const auditEventTypes = [
  'trust_request',
  'trust_granted',
  'trust_revoked',
  'trust_renewed',
  'access_granted',
  'access_denied',
  'compliance_check',
  'security_incident',
] as const;
export type AuditEventType = (typeof auditEventTypes)[number];

export const auditResults = ['success', 'failure', 'partial', 'pending'] as const;
export type AuditResult = (typeof auditResults)[number];

export const complianceStatuses = ['compliant', 'non_compliant', 'conditional'] as const;
export type ComplianceStatus = (typeof complianceStatuses)[number];

export const reportScopes = [
  'trust_establishment',
  'key_management',
  'certificate_lifecycle',
  'access_controls',
  'incident_response',
] as const;
export type ReportScope = (typeof reportScopes)[number];
