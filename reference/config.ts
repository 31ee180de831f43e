/** What a server is told before it starts. Everything a policy may change has its default here. */
import { limits } from '../spec/limits.ts';
import type { SigningKey } from './crypto/crypto.ts';
import type { CertificateDer } from './crypto/x509.ts';

export interface ServerConfig {
  /** Lowercase domain name (L-T33). */
  readonly serverId: string;
  /** The server key: signs everything of ours. Its public half is the leaf key of the chain. */
  readonly identity: SigningKey;
  /** Federation certificate chain, leaf first, without the root. */
  readonly certificateChain: readonly CertificateDer[];
  /** Roots we accept, with the kind of authority that each is (T 2.1 ca_type). */
  readonly authorities: readonly Authority[];
  readonly versions: {
    readonly client: readonly string[];
    readonly federation: readonly string[];
    readonly trust: readonly string[];
  };
  /** In any order: choice is by the fixed order of L-H09. */
  readonly suites: readonly string[];
  readonly capabilities: {
    readonly client: readonly string[];
    readonly federation: readonly string[];
  };
  /** Tokens that authorise the first device of a user (L-C01). */
  readonly enrolmentTokens: readonly string[];
  /** Servers whose address is configured instead of looked up (profile 2.2 row 1). */
  readonly peers: readonly PeerEntry[];
  readonly policy: Policy;
  /** 32 bytes: pseudonyms in logs (X-AUD-03). */
  readonly pseudonymKey: Uint8Array;
}

export interface Authority {
  readonly certificate: CertificateDer;
  readonly kind: 'self_signed' | 'commercial_ca' | 'government_ca' | 'nato_ca';
}

export interface PeerEntry {
  readonly serverId: string;
  readonly host: string;
  readonly port: number;
}

export interface Policy {
  readonly proofOfWorkDifficulty: number;
  readonly allowLegacyHandshake: boolean;
  /** Only suites of this list, for a FIPS party (X-CS-05). Empty: no restriction. */
  readonly onlySuites: readonly string[];
  readonly clientMessagesPerMinute: number;
  readonly clientMessageBurst: number;
  readonly keyLookupsPerMinute: number;
  readonly registrationsPerHour: number;
  readonly federationMessagesPerMinute: number;
  readonly federationBytesPerFiveMinutes: number;
  readonly maxClientMessageBytes: number;
  readonly sessionSeconds: number;
  /**
   * Fetch from loopback and private addresses too. The addresses are named by certificates, so in
   * the open a server would be led to ask its own network (S-31).
   */
  readonly fetchPrivateAddresses: boolean;
  readonly trust: TrustPolicy;
}

export interface TrustPolicy {
  readonly supportedMethods: readonly string[];
  readonly supportedLevels: readonly string[];
  /** Accept a basic request that passes every check without an operator (T 3.1). */
  readonly autoAcceptBasic: boolean;
  readonly requireManualApproval: boolean;
  readonly trustInheritance: boolean;
  readonly maxTrustAgeSeconds: number;
  readonly enforceAmc: boolean;
  readonly allowDowngrade: boolean;
  readonly requireLatestMinor: boolean;
  /** Ask for mutual trust in our requests and require it in our decisions. */
  readonly mutual: boolean;
  /** Request trust by ourselves when a message waits for a server without it; null: never. */
  readonly establishOnDemand: { readonly level: string; readonly method: string } | null;
  /** Scores, in tenths, that each level needs; configurable upward only (L-T17). */
  readonly thresholdTenths: { readonly [level: string]: number };
  /** Trust requests a peer may make in an hour (T-REQ-12). */
  readonly requestsPerHour: number;
  readonly certificateSeconds: number;
  /** Whether we tell peers what we think of others (T 6.1); all else is `declined`. */
  readonly answerRecommendations: boolean;
  /** Least level of a peer that may ask us for one (T-REC-06). */
  readonly recommendationAskerLevel: string;
  /** Life of a recommendation of ours; never above 30 days (L-T24). */
  readonly recommendationLifeSeconds: number;
}

export const defaultPolicy: Policy = {
  proofOfWorkDifficulty: 0,
  allowLegacyHandshake: false,
  onlySuites: [],
  clientMessagesPerMinute: 60,
  clientMessageBurst: 120,
  keyLookupsPerMinute: 30,
  registrationsPerHour: 3,
  federationMessagesPerMinute: 1000,
  federationBytesPerFiveMinutes: 100_000_000,
  maxClientMessageBytes: limits.clientFrameBytes,
  sessionSeconds: 24 * 3600,
  fetchPrivateAddresses: false,
  trust: {
    supportedMethods: ['direct_exchange', 'ca_validation'],
    supportedLevels: ['basic', 'verified'],
    autoAcceptBasic: true,
    requireManualApproval: false,
    trustInheritance: false,
    maxTrustAgeSeconds: 31_536_000,
    enforceAmc: true,
    allowDowngrade: false,
    requireLatestMinor: false,
    mutual: true,
    establishOnDemand: { level: 'basic', method: 'direct_exchange' },
    thresholdTenths: { basic: 400, verified: 700, classified: 850, nato: 950 },
    requestsPerHour: 5,
    certificateSeconds: 90 * 86_400,
    answerRecommendations: true,
    recommendationAskerLevel: 'basic',
    recommendationLifeSeconds: 7 * 86_400,
  },
};
