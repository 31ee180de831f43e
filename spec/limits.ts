/**
 * Every constant of the protocol (profile 5.1 and 5.2), named with its unit, with its source in the
 * comment. `[P]` marks values that are ours because no document gives one. "Sample" marks a number
 * that the documents only show in an example. Units by field are in the message declarations (5.3);
 * level tables and their score thresholds are in registries/levels.yaml, labels in labels.yaml.
 */
export const limits = {
  // --- versions and lists -------------------------------------------------------------------------
  /** Versions in one list [P]. */
  listedVersions: 128,
  /** Cipher suites in one list [P]. */
  listedSuites: 32,
  /** Greatest distance of majors over which two builds may meet (M 1.2). */
  majorDistance: 1,

  // --- sizes of messages (L-W05) ------------------------------------------------------------------
  /** Recipients of one message (L-W05) [P]. */
  recipientsPerMessage: 100,
  /** Devices addressed by one message (L-W05) [P]. */
  devicesPerMessage: 1000,
  /** Largest NORC-C frame (L-W05; the 4 MiB payload of R). */
  clientFrameBytes: 4 * 1024 * 1024,
  /** Largest NORC-F body (F 3.2, T 3.4). */
  federationBodyBytes: 16 * 1024 * 1024,
  /** Nesting of JSON (L-W05) [P]. */
  jsonDepth: 32,
  /** Header of a binary frame: version, type, length, id, sequence, previous hash (L-W01). */
  frameHeaderBytes: 62,
  /** Malformed frames after which the connection closes (X-ERR-08) [P]. */
  malformedFramesBeforeClose: 10,
  /** Body from which NORC-F may compress (L-W04) [P]. */
  gzipThresholdBytes: 64 * 1024,
  /** Largest ratio of decompressed to compressed size (L-W04) [P]. */
  gzipRatio: 20,

  // --- ports and transport ------------------------------------------------------------------------
  /** NORC-C (C 2.1). */
  clientPort: 443,
  /** NORC-C where 443 is taken; shared with NORC-F by ALPN (C 2.1, L-W06). */
  clientAlternativePort: 8843,
  /** NORC-F (M 4.1, F 2.1). */
  federationPort: 8843,
  /** Time to live of the SRV record, sample (F 3.1). */
  srvTtlSeconds: 3600,
  /** Priority of the first SRV record, sample (F 3.1). */
  srvPriorityFirst: 10,
  /** Priority of the second SRV record, sample (F 3.1). */
  srvPrioritySecond: 20,
  /** Weight of an SRV record, sample (F 3.1). */
  srvWeight: 5,

  // --- lengths of keys, hashes and nonces ---------------------------------------------------------
  /** Ed25519 and X25519 public keys (C 3.1, X-CAN-16). */
  publicKeyBytes: 32,
  /** Ed25519, or P-256 as raw r‖s (C 3.1, L-H10). */
  signatureBytes: 64,
  /** BLAKE3-256 and SHA-256 (X-CAN-15). */
  hashBytes: 32,
  /** Handshake nonce, 96 bits (M 6.6). */
  handshakeNonceBytes: 12,
  /** AEAD nonce (C 5.2, M 6.11). */
  aeadNonceBytes: 12,
  /** AEAD key (C 5.2, M 6.11). */
  aeadKeyBytes: 32,
  /** AEAD tag (C 5.2, M 6.11). */
  aeadTagBytes: 16,
  /** Content key sealed for one device: key and tag (L-E02). */
  wrappedKeyBytes: 48,
  /** Additional authenticated data, version 1 (M 6.10, L-E08; the vector prints 96). */
  aadBytes: 95,
  /** AAD_v1 followed by three identifiers of 36 ASCII bytes (L-E05). */
  wrapAadBytes: 203,
  /** ML-KEM-768 encapsulation key (FIPS 203, X-PQ-04). */
  kemPublicKeyBytes: 1184,
  /** ML-KEM-768 ciphertext (FIPS 203, X-PQ-04). */
  kemCiphertextBytes: 1088,
  /** ML-KEM-768 shared secret (FIPS 203, X-PQ-04). */
  kemSharedSecretBytes: 32,
  /** Registration and authentication challenge (C 3.2, C 4.1). */
  clientChallengeBytes: 32,
  /** Challenge of the cryptographic trust proof (T 3.3). */
  trustChallengeBytes: 64,
  /** Value after `norc-trust-`, and the nonce sent beside it (T 3.2, T 3.3, L-T04). */
  dnsChallengeBytes: 32,
  /** `norc-trust-` and 43 base64url characters (L-T03). */
  dnsChallengeCharacters: 54,
  /** Smallest RSA key inside X.509 chains (L-T07). */
  rsaKeyBits: 2048,
  /** Smallest elliptic-curve key inside X.509 chains (L-T07). */
  ecKeyBits: 256,

  // --- NORC-C connection --------------------------------------------------------------------------
  /** Ping interval (C 2.2.2). */
  keepaliveSeconds: 30,
  /** Time within which a pong answers (L-C16) [P]. */
  pongSeconds: 30,
  /** Unanswered pings after which the peer is dead (L-C16) [P]. */
  missedPongs: 2,
  /** Upgrade to version_confirmation (C-CONN-10) [P]. */
  handshakeSeconds: 10,
  /** version_confirmation to auth_success (C-CONN-10) [P]. */
  authenticationSeconds: 30,
  /** Life of a registration or authentication challenge (L-C04) [P]. */
  challengeSeconds: 60,
  /** Failed authentications after which the connection closes [P]. */
  authenticationFailures: 3,
  /** Time in state `error` before the connection is cut (Part 2.1 row 16) [P]. */
  errorLingerSeconds: 1,
  /** Leading zero hex digits of a proof of work, sample (C 3.2, L-C02). */
  proofOfWorkDigits: 4,
  /** Re-handshake of a transport session (R, SHOULD). */
  sessionSeconds: 3600,
  /** Re-handshake of a transport session (R, SHOULD). */
  sessionMessages: 10_000,
  /** Spread of both of these (R). */
  sessionJitterPercent: 10,
  /** Time for which the old session outlives the new one (S2). */
  sessionOverlapSeconds: 600,

  // --- clocks and freshness -----------------------------------------------------------------------
  /** Authentication skew (M 6.17). */
  authenticationSkewSeconds: 5,
  /** Federation skew (M 6.17, F App A). */
  federationSkewSeconds: 60,
  /** Margin added to the stated uncertainty of a client's time_sync (X-TIME-06) [P]. */
  clientOffsetMarginSeconds: 5,
  /** Margin added to the stated uncertainty of a peer's time_sync, and the cap (L-F22) [P]. */
  federationOffsetMarginSeconds: 60,
  /** Peers whose median offset is used in expiry decisions (L-F22). */
  timeSyncPeers: 3,
  /** Age of a live message (M 6.6). */
  messageFreshnessSeconds: 300,
  /** Age of a stored message whose chain is continuous (M 6.6). */
  offlineSeconds: 86_400,
  /** Age after which a sender fetches keys again (C 1.3). */
  keyCacheSeconds: 86_400,

  // --- sequence, chain, window --------------------------------------------------------------------
  /** Smallest first sequence number: zero means unsequenced (L-E13). */
  sequenceStartMinimum: 1,
  /** Greatest first sequence number, 24 bits (M 6.6, L-E13). */
  sequenceStartMaximum: 2 ** 24 - 1,
  /** Numbers must rotate before this one (L-S03). */
  sequenceMaximum: Number.MAX_SAFE_INTEGER,
  /** Furthest that a window moves in one step (L-E13) [P]. */
  sequenceJump: 2 ** 20,
  /** Replay window of a device (M 6.6). */
  deviceWindow: 1024,
  /** Replay window of a federation link (F App A, SM' 7). */
  federationWindow: 4096,
  /** Out-of-order messages held for one chain (L-E18) [P]. */
  heldMessages: 256,
  /** Time for which they are held (L-E18) [P]. */
  heldSeconds: 86_400,

  // --- keys and padding ---------------------------------------------------------------------------
  /** Messages under one text key (M 6.2). */
  sessionKeyMessages: 1000,
  /** Life of one text key (M 6.2). */
  sessionKeySeconds: 86_400,
  /** Bytes under one session key (L-E20) [P]. */
  sessionKeyBytes: 1024 ** 3,
  /** Life of one voice or video key (M 6.2). */
  mediaKeySeconds: 30,
  /** Life of a device key: 180 days (M 6.12, L-X09). */
  deviceKeySeconds: 180 * 86_400,
  /** Rotation before expiry: 7 days (M 6.12). */
  deviceKeyLeadSeconds: 7 * 86_400,
  /** Smallest padded ciphertext (L-E11) [P]. */
  paddingMinimumBytes: 512,
  /** Largest power-of-two bucket; multiples of it above (M 6.15, L-E11). */
  paddingCapBytes: 65_536,
  /** Adaptive multipliers in tenths: 1.0, 1.3, 1.6, 2.0 (M' 12.3). */
  paddingMultipliersTenths: [10, 13, 16, 20],
  /** Longest delay of a presence notification (M 6.15). */
  presenceJitterMs: 3000,
  /** Longest delay of a batched acknowledgment (M 6.15). */
  ackBatchMs: 100,
  /** Propagation of a device revocation to contacts and peers (X-KEY-03) [P]. */
  deviceRevocationSeconds: 60,

  // --- rates --------------------------------------------------------------------------------------
  /** Messages of one device (M 6.16). */
  messagesPerMinute: 60,
  /** Burst of one device (M 6.16). */
  messageBurst: 120,
  /** Key look-ups of one device (M 6.16). */
  keyLookupsPerMinute: 30,
  /** Registrations (M 6.16). */
  registrationsPerHour: 3,
  /** Ingress from one remote server without a certificate that says more (M 6.16, R). */
  federationMessagesPerMinute: 1000,
  /** Ingress from one remote server: 100 MB (M 6.16). */
  federationIngressBytes: 100_000_000,
  /** Period over which these bytes count (M 6.16). */
  federationIngressSeconds: 300,
  /** Limit that a server advertises, sample (F 3.2). */
  advertisedMessagesPerSecond: 1000,
  /** Limit that a server advertises, sample (F 3.2). */
  advertisedMegabitsPerSecond: 100,
  /** Limit that a certificate grants, sample (T 3.4). */
  grantedMessagesPerSecond: 500,
  /** Limit that a certificate grants, sample (T 3.4). */
  grantedMegabitsPerSecond: 50,
  /** User look-ups of one peer (L-F20) [P]. */
  userLookupsPerMinute: 60,
  /** `retry_after` of rate_limit_exceeded, sample (F 8.1). */
  rateRetrySeconds: 60,

  // --- conversations, calls, files ----------------------------------------------------------------
  /** Members of a conversation, sample (C 8.2). */
  conversationMembers: 100,
  /** Longest federated call (F 10.1). */
  federatedCallSeconds: 3600,
  /** File chunk (C 10.1). */
  fileChunkBytes: 65_536,

  // --- NORC-F links and relay ---------------------------------------------------------------------
  /** Servers in one route_path as received (F 5.3, L-F05). */
  maxHops: 10,
  /** Longest time to live of a relay, in seconds (F 5.2). */
  relayTtlSeconds: 86_400,
  /** Shortest life of a relay cache entry (M 6.6, SM 7). */
  relayCacheSeconds: 600,
  /** Longest life of a relay cache entry (M 6.6, SM 7). */
  relayCacheMaximumSeconds: 86_400,
  /** First delay before a link is dialled again (F 13.2). */
  reconnectMs: 5000,
  /** Attempts at that delay before the back-off grows (F 13.2, L-F24). */
  reconnectRetries: 3,
  /** Growth of the delay (Part 2.2 row 15) [P]. */
  backoffFactor: 2,
  /** Spread of the delay [P]. */
  backoffJitterPercent: 20,
  /** Longest delay [P]. */
  backoffCapSeconds: 300,
  /** Weights of the queues, from urgent to low (L-F12) [P]. */
  queueWeights: { urgent: 8, high: 4, normal: 2, low: 1 },

  // --- NORC-T establishment -----------------------------------------------------------------------
  /** One request-answer step without a deadline of its own [P]. */
  trustStepSeconds: 30,
  /** `deadline` of a trust_challenge [P]. */
  trustDeadlineSeconds: 86_400,
  /** trust_decision to trust_acknowledgment [P]. */
  trustAcknowledgmentSeconds: 300,
  /** Wait after a rejection or revocation (L-R13) [P]. */
  trustCooldownSeconds: 3600,
  /** Trust requests of one peer (T-REQ-12) [P]. */
  trustRequestsPerHour: 5,
  /** Requests of one peer that wait for a decision (T-REQ-11) [P]. */
  pendingTrustRequests: 1,
  /** Longest validity of a trust certificate (T 3.1, L-T30). */
  trustAgeSeconds: 31_536_000,
  /** Oldest leaf certificate (T 3.3). */
  leafAgeDays: 90,
  /** A leaf or authority that was good so long ago may be looked at again (T 10.4) [P]. */
  chainCacheSeconds: 300,
  /** Validated chains that are remembered [P]. */
  chainCacheEntries: 4096,
  /** Oldest OCSP answer or revocation list, whatever its nextUpdate says; and without one [P]. */
  revocationAgeSeconds: 604_800,
  revocationAgeUnstatedSeconds: 86_400,
  /** Largest OCSP answer, as trust_response carries it, and largest X.509 list [P]. */
  ocspResponseBytes: 16_384,
  x509CrlBytes: 1_048_576,
  /** Exchanges that a responder keeps open, of all peers together (T-REQ-12) [P]. */
  openValidations: 4096,
  /** Domain proof that still scores (T 1.3). */
  domainProofSeconds: 86_400,
  /** Vantage points from which a responder asks DNS (L-T03) [P]. */
  dnsVantagePoints: 2,
  /** Score weights, which sum to 100 (T 1.3, L-T16). */
  scoreWeights: {
    certificate_quality: 30,
    domain_verification: 15,
    organization_reputation: 20,
    security_posture: 15,
    compliance_status: 10,
    historical_reliability: 10,
  },
  /** Full value of one factor, in thousandths (L-T16). */
  scoreFactorThousandths: 1000,
  /** Time in force after which history counts in full: 90 days [P]. */
  reliabilitySeconds: 90 * 86_400,

  // --- NORC-T life of a certificate ---------------------------------------------------------------
  /** Warning before expiry, sample: 30 days (T 8.1, T-HLTH-03). */
  expiryWarningSeconds: 2_592_000,
  /** Renewal before expiry: 30 days, or a third of the validity where that is shorter [P]. */
  renewalLeadSeconds: 30 * 86_400,
  /** The fraction of the validity that caps the lead: one part in this many [P]. */
  renewalLeadDivisor: 3,
  /** Life of the old certificate beside the new one (L-R10) [P]. */
  renewalOverlapSeconds: 86_400,
  /** Silence after which a renewal is sent again with the same id (Part 2.6 row 5) [P]. */
  renewalRetrySeconds: 300,
  /** `quarterly`: 90 days [P]. */
  quarterSeconds: 7_776_000,
  /** Grace period of a revocation, sample (T 5.1). */
  graceSampleSeconds: 3600,
  /** Longest grace period (L-R04) [P]. */
  graceSeconds: 86_400,
  /** Validity for which an unknown status is tolerated at basic (L-T15) [P]. */
  unknownStatusSeconds: 86_400,
  /** Revocation known everywhere (R). */
  revocationPropagationSeconds: 300,
  /** Interval at which CRLs are fetched (R). */
  revocationPollSeconds: 60,
  /** trust_revoke to revocation_acknowledgment (Part 2.7 row 1) [P]. */
  revocationAcknowledgmentSeconds: 60,
  /** Missing acknowledgment after which an audit event is written (R). */
  revocationAuditSeconds: 300,
  /** `issued_at` further ahead is quarantined (S2, L-R12). */
  revocationFutureSeconds: 300,
  /** Longest `next_update − this_update` of a CRL (L-R08) [P]. */
  crlSeconds: 86_400,

  // --- NORC-T recommendations and paths -----------------------------------------------------------
  /** Longest life of a recommendation: 30 days (L-T24) [P]. */
  recommendationSeconds: 30 * 86_400,
  /** Weight of a recommendation by its confidence, in tenths (L-T24) [P]. */
  confidenceTenths: { high: 10, medium: 7, low: 4 },
  /** Factor by which each hop lowers a path score (T 6.2). */
  pathDecay: 0.95,
  /** Hops of a trust path (L-T23) [P]. */
  pathHops: 3,
  /** Decimal digits to which a path score is rounded, half to even (L-T23). */
  pathScoreDigits: 4,

  // --- audit log ----------------------------------------------------------------------------------
  /** Entries of the audit log that are held in memory, the newest; all are on disk [P]. */
  auditEntriesInMemory: 16_384,
  /** Days of which roots are remembered, entries or not [P]. */
  auditRootDays: 4096,
  /** Entries proven in one audit_root [P]. */
  auditProofs: 64,

  // --- time of peers ------------------------------------------------------------------------------
  /** For how long what a peer told of the time counts [P]. */
  timeSyncSeconds: 86_400,

  // --- monitoring -----------------------------------------------------------------------------------
  /** A sign of life, and a look at what will end [P]. */
  heartbeatSeconds: 3600,
  /** Longest period of a health report or a compliance report [P]. */
  assessmentSeconds: 31_622_400,
  /** From one health report to the next, where nothing presses [P]. */
  healthIntervalSeconds: 86_400,
  /** Age at which a health report counts for nothing any more [P]. */
  healthReportSeconds: 30 * 86_400,

  // --- targets, for the simulator and the bench only ----------------------------------------------
  /** 95th percentile of delivery (R). */
  targetDeliveryMs: 500,
  /** One hop (R). */
  targetHopMs: 100,
  /** Cryptography of one message (R). */
  targetCryptoMs: 50,
  /** Client handshake and authentication (S2 9.1). */
  targetAuthenticationSeconds: 2,
  /** Federation handshake (S2 9.1). */
  targetFederationSeconds: 5,
  /** Check of a trust certificate (S2 9.1). */
  targetTrustCheckSeconds: 3,
  /** Exchange of a session key (S2 9.1). */
  targetSessionKeySeconds: 1,
  /** Connections of one server (R). */
  targetConnections: 10_000,
  /** Throughput of one server (R). */
  targetMessagesPerMinute: 100_000,
} as const;

/** Algorithms that are constants too: no document offers a choice (C 2.1, F 2.1; M 6.12). */
export const fixed = {
  /** The only TLS version (C 2.1, F 2.1). */
  tlsVersion: 'TLSv1.3',
  /** Path of the WebSocket upgrade (C 2.1). */
  clientPath: '/norc-c',
  /** Path of NORC-T requests on the federation link (L-T32). */
  trustPath: '/norc-t',
  /** Path of the revocation list (L-R08). */
  crlPath: '/norc-t/crl',
  /** Header of the request proof (L-F09). */
  proofHeader: 'norc-signature',
  /** Owner name under which a server publishes its federation hosts (F 3.1). */
  srvPrefix: '_norc-federation._tcp.',
  /** Owner name under which a requester answers a domain challenge (T 3.3, L-T03). */
  dnsChallengePrefix: '_norc-trust-challenge.',
  /** Text before the value of a domain challenge (T 3.2). */
  dnsValuePrefix: 'norc-trust-',
  /** Key derivation of an escrow passphrase (M 6.12). */
  escrowKdf: 'argon2id',
} as const;
