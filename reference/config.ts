/** What a server is told before it starts. Everything a policy may change has its default here. */
import { limits } from '../spec/limits.ts';
import type { SigningKey } from './crypto/crypto.ts';
import type { CertificateDer } from './crypto/x509.ts';
import { defaultTrustPolicy, type TrustPolicy } from './trust-policy.ts';

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
  /** Days for which entries of the audit log are kept; roots of days stay longer. */
  readonly auditRetentionDays: number;
  readonly trust: TrustPolicy;
  readonly evidence: EvidencePolicy;
}

/** What we believe of certificates, and where we look. */
export interface EvidencePolicy {
  /** Roots that are a government's or the alliance's, by fingerprint: base64url SHA-256 (T 2.1). */
  readonly governmentAuthorities: readonly string[];
  readonly natoAuthorities: readonly string[];
  /** Known logs (T-RESP-06): base64url of each log's SubjectPublicKeyInfo. */
  readonly transparencyLogs: readonly string[];
  /** What we show of our own certificate beside the timestamps in it (choices.md, NORC-T). */
  readonly ctLogProofs: readonly string[];
  /** As responder, ask a certificate's issuer where the requester shows no answer of it. */
  readonly fetchRevocation: boolean;
  /**
   * Fetch from loopback and private addresses too. The addresses are named by certificates, so in
   * the open a server would be led to ask its own network (S-31).
   */
  readonly fetchPrivateAddresses: boolean;
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
  auditRetentionDays: 400,
  trust: defaultTrustPolicy,
  evidence: {
    governmentAuthorities: [],
    natoAuthorities: [],
    transparencyLogs: [],
    ctLogProofs: [],
    fetchRevocation: false,
    fetchPrivateAddresses: false,
  },
};
