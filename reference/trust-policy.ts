/**
 * Policy of trust and what we show of ourselves when we ask for it (T 2, T 3.1, T 7, App A.6).
 * Everything may stand in a policy file; the defaults ask for no more than the level tables do.
 */
import { limits } from '../spec/limits.ts';
import type { SecurityClearance } from '../spec/messages/trust/enumerations.ts';

export interface TrustPolicy {
  readonly supportedMethods: readonly string[];
  readonly supportedLevels: readonly string[];
  /** Accept a basic request that passes every check without an operator (T 3.1). */
  readonly autoAcceptBasic: boolean;
  readonly requireManualApproval: boolean;
  /** Servers that an operator has approved beforehand, each up to a level (T-CAP-07). */
  readonly approvedServers: { readonly [server: string]: string };
  readonly trustInheritance: boolean;
  readonly maxTrustAgeSeconds: number;
  readonly enforceAmc: boolean;
  readonly allowDowngrade: boolean;
  readonly requireLatestMinor: boolean;
  /** Known-good hashes of a peer's software (T-CAP-09). An empty list asks nothing. */
  readonly knownBuilds: readonly string[];
  readonly knownBoms: readonly string[];
  /** Ask for mutual trust in our requests and require it in our decisions. */
  readonly mutual: boolean;
  /** Request trust by ourselves when a message waits for a server without it; null: never. */
  readonly establishOnDemand: { readonly level: string; readonly method: string } | null;
  /** Scores, in tenths, that each level needs; configurable upward only (L-T17). */
  readonly thresholdTenths: { readonly [level: string]: number };
  /** Time in force after which history counts in full (T 1.3). [P] */
  readonly historySeconds: number;
  /** Trust requests a peer may make in an hour (T-REQ-12). */
  readonly requestsPerHour: number;
  readonly certificateSeconds: number;
  /** The certificates that we issue may be renewed. */
  readonly renewable: boolean;
  /** Ask for a successor by ourselves when the time for it has come (profile 2.5 row 3). */
  readonly autoRenew: boolean;
  /** What the certificates that we issue make their subjects do. */
  readonly conditions: readonly ConditionRule[];
  /** A score that is less than so many tenths above its threshold is narrow. */
  readonly narrowTenths: number;
  /** Between two looks at the revocation list of an issuer; T-REV-15 allows a minute. */
  readonly revocationPollSeconds: number;
  /** Whether we tell peers what we think of others (T 6.1); all else is `declined`. */
  readonly answerRecommendations: boolean;
  /** Least level of a peer that may ask us for one (T-REC-06). */
  readonly recommendationAskerLevel: string;
  /** Life of a recommendation of ours; never above 30 days (L-T24). */
  readonly recommendationLifeSeconds: number;
  /** How often each peer that we trust is asked for its health; 0: by command only. */
  readonly healthCheckSeconds: number;
  /** How often our time is told to peers with trust; 0: only in answer to theirs (L-F22). */
  readonly tellTimeSeconds: number;
  /** A health report of a lower score ends the trust; 0: none does (T-HLTH-03). */
  readonly revokeBelowHealth: number;
  /** Who may ask for compliance reports: name and Ed25519 key (L-T31). */
  readonly complianceAuthorities: { readonly [name: string]: string };
  /** Documents for those reports: type and SHA-256, both base64url. */
  readonly complianceDocuments: { readonly [type: string]: string };
  readonly organization: OrganizationPolicy;
  readonly government: GovernmentPolicy;
  readonly credentials: Credentials;
}

/** A condition of certificates of one level (T8). */
export interface ConditionRule {
  readonly level: string;
  readonly condition: string;
  readonly withinSeconds: number;
  readonly action: string;
  /** Due again every quarter (T-COND-02). */
  readonly quarterly: boolean;
  /** `narrow`: only when the score was. */
  readonly when: string;
}

/** What proves an organisation to us (T 3.3, T-RESP-07, T-RESP-08, L-T34). */
export interface OrganizationPolicy {
  /** By level. */
  readonly requiredDocuments: { readonly [level: string]: readonly string[] };
  readonly verificationMethod: string;
  /**
   * Names that count, each with the Ed25519 key that signs its statements. Without a key ('') the
   * name is enough for the gate, and earns no score, because anybody can write it.
   */
  readonly issuingAuthorities: { readonly [name: string]: string };
  readonly attestors: { readonly [name: string]: string };
  /** Issuers of compliance attestations that count; empty: all (T-REQ-09). */
  readonly complianceIssuers: readonly string[];
}

/** T 7. */
export interface GovernmentPolicy {
  /** Subjects of the roots of each hierarchy (T-GOV-02). */
  readonly hierarchies: { readonly [name: string]: readonly string[] };
  /** How old an adjudication of clearance may be. */
  readonly clearanceSeconds: number;
  /** Transfers from a higher to a lower label that a guard may make (T-GOV-04). */
  readonly guards: readonly GuardRule[];
}

export interface GuardRule {
  /** The server that the guard stands before. */
  readonly server: string;
  readonly from: string;
  readonly to: string;
  readonly system: string;
}

/** What we show as requester. Of `personnel` nothing leaves but a hash (T-GOV-05, L-T26). */
export interface Credentials {
  readonly organization: {
    readonly name: string;
    readonly country: string;
    readonly contactEmail: string;
    readonly phone: string;
    readonly address: string;
  };
  readonly attestations: readonly {
    readonly standard: string;
    readonly certificateId: string;
    readonly issuedBy: string;
    readonly expiresAtSeconds: number;
  }[];
  readonly registrations: readonly {
    readonly documentHash: string;
    readonly issuingAuthority: string;
    readonly verificationCode: string;
  }[];
  readonly contacts: readonly {
    readonly verificationMethod: string;
    readonly verifiedBy: string;
    readonly verificationId: string;
  }[];
  readonly government: GovernmentCredentials | null;
  /** base64url BLAKE3-256; '': not said (T App A.6). */
  readonly buildAttestationHash: string;
  readonly softwareSbomHash: string;
}

export interface GovernmentCredentials {
  readonly securityClearance: string;
  readonly pkiHierarchy: string;
  readonly certificatePolicyOid: string;
  readonly sponsorAgency: string;
  readonly investigationScope: string;
  readonly clearanceAdjudicatedAtSeconds: number;
  readonly classifiedNetworkAuthority: boolean;
  readonly crossDomain: readonly {
    readonly from: string;
    readonly to: string;
    readonly system: string;
    readonly accreditation: string;
  }[];
  /** The local evidence store: records of profile T15, kept at home. */
  readonly personnel: readonly {
    readonly personId: string;
    readonly clearanceLevel: string;
    readonly issuingNation: string;
    readonly clearanceDateSeconds: number;
    readonly expiryDateSeconds: number;
    readonly specialAccess: readonly string[];
  }[];
}

/** Ascending; the least that a background check must have found for a level (profile 5.4). [P] */
export const clearanceFor: { readonly [level: string]: SecurityClearance } = {
  classified: 'secret',
  nato: 'secret',
};

const FIVE_YEARS_SECONDS = 5 * 365 * 86_400;

export const defaultTrustPolicy: TrustPolicy = {
  supportedMethods: ['direct_exchange', 'ca_validation'],
  supportedLevels: ['basic', 'verified'],
  autoAcceptBasic: true,
  requireManualApproval: false,
  approvedServers: {},
  trustInheritance: false,
  maxTrustAgeSeconds: 31_536_000,
  enforceAmc: true,
  allowDowngrade: false,
  requireLatestMinor: false,
  knownBuilds: [],
  knownBoms: [],
  mutual: true,
  establishOnDemand: { level: 'basic', method: 'direct_exchange' },
  thresholdTenths: { basic: 400, verified: 700, classified: 850, nato: 950 },
  historySeconds: limits.reliabilitySeconds,
  requestsPerHour: 5,
  certificateSeconds: 90 * 86_400,
  renewable: true,
  autoRenew: true,
  conditions: [],
  narrowTenths: 0,
  revocationPollSeconds: limits.revocationPollSeconds,
  answerRecommendations: true,
  recommendationAskerLevel: 'basic',
  recommendationLifeSeconds: 7 * 86_400,
  healthCheckSeconds: 0,
  tellTimeSeconds: 0,
  revokeBelowHealth: 0,
  complianceAuthorities: {},
  complianceDocuments: {},
  organization: {
    requiredDocuments: {},
    verificationMethod: 'automated',
    issuingAuthorities: {},
    attestors: {},
    complianceIssuers: [],
  },
  government: { hierarchies: {}, clearanceSeconds: FIVE_YEARS_SECONDS, guards: [] },
  credentials: {
    organization: { name: '', country: '', contactEmail: '', phone: '', address: '' },
    attestations: [],
    registrations: [],
    contacts: [],
    government: null,
    buildAttestationHash: '',
    softwareSbomHash: '',
  },
};
