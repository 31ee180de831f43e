/**
 * What the trust layer remembers (T 10.1, trust_state). Everything that has a row in a durable
 * table is plain JSON, so what is written is what is kept; the rest is lost at a restart without
 * harm.
 */
import type { Level, Permission } from '../../spec/emitted/registries.ts';
import type { AutoAction, ConditionType } from '../../spec/messages/trust/enumerations.ts';
import type { GovPkiTrustRequest } from '../../spec/messages/trust/gov-pki-trust-request.ts';
import type { NorcTrustCertificate } from '../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustAcknowledgment } from '../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustChallenge } from '../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../spec/messages/trust/trust-decision.ts';
import type { TrustRenewal } from '../../spec/messages/trust/trust-renewal.ts';
import type { TrustRequest } from '../../spec/messages/trust/trust-request.ts';
import type { TrustResponse } from '../../spec/messages/trust/trust-response.ts';
import type { ExchangeId } from '../core.ts';
import type { Hash, JsonObject, PublicKey } from '../crypto/crypto.ts';
import type { Bucket } from '../guard/token-bucket.ts';
import type { Micros } from '../time.ts';
import type { ChainEntry } from './evidence/chain-cache.ts';
import type { IssuerAnswers } from './evidence/issuer-answers.ts';
import type { Inquiry } from './inquiry.ts';
import { createMonitoring, type Monitoring } from './monitoring/monitoring-record.ts';
import type { PeerClock } from './peer-clocks.ts';
import type { Recommendations } from './recommendation/recommendation-record.ts';
import type {
  OwnList,
  Pushed,
  RevocationChain,
  RevocationRecord,
  WatchedList,
} from './revocation/revocation-record.ts';

export interface TrustState {
  readonly relations: Map<string, Relation>;
  /** Exchanges that we have begun, at most one for each peer. */
  readonly asked: Map<string, RequesterRun>;
  /** Capabilities that we have answered and no request has used yet. */
  readonly introductions: Map<string, Introduction>;
  /** Requests that wait for their extension (T14), at most one for each peer. */
  readonly held: Map<string, HeldRequest>;
  /** Requests of peers, at most one for each (T-REQ-11). */
  readonly judged: Map<string, ResponderRun>;
  /** Renewals that we ask for, at most one for each peer. */
  readonly renewing: Map<string, Renewing>;
  /** The last renewal that each peer has asked for and we have decided. */
  readonly renewed: Map<string, Renewed>;
  readonly paces: Map<string, Pace>;
  /** By issuer and certificate id. A certificate need not be known to be revoked (T-REV-12). */
  readonly revocations: Map<string, RevocationRecord[]>;
  /** The last link of each issuer's chain of revocations (T-REV-13), ours included. */
  readonly chains: Map<string, RevocationChain>;
  /** Revocations of ours that a peer has not acknowledged. */
  readonly pushes: Map<string, Pushed>;
  /** By issuer: what we know of the lists of those whose certificates we hold. */
  readonly lists: Map<string, WatchedList>;
  /** The last list of ours that anybody may have seen. */
  ownList: OwnList | null;
  /** Barred for ever (T-REV-19, L-R13). */
  readonly banned: Set<PublicKey>;
  /** Last version negotiated, by layer and peer (L-V13). */
  readonly lastVersions: Map<string, string>;
  /** Chains that have been found sound, by their leaf (T-CERT-12). */
  readonly validated: Map<string, ChainEntry>;
  /** Good answers of OCSP, by fingerprint of the certificate; base64url. */
  readonly issuerAnswers: Map<string, string>;
  /** How a relation stood when the links were last told. */
  readonly told: Map<string, string>;
  /** Questions of ours that no peer has answered yet. */
  readonly inquiries: Map<string, Inquiry>;
  /** What others have told us of others. */
  readonly recommendations: Recommendations;
  readonly monitoring: Monitoring;
  /** What peers have told of the time, and what their median makes of it. */
  readonly clocks: { readonly heard: Map<string, PeerClock>; offset: Micros };
}

/** Both directions of trust with one peer (T 10.1, trust_relationship). */
export interface Relation {
  readonly peer: string;
  /** The peer's certified server key (X-SIG-02). */
  peerKey: PublicKey;
  /** What we permit the peer: the certificate that we issued (L-T11). */
  inbound: Grant | null;
  /** What the peer permits us. */
  outbound: Grant | null;
  /** False once neither direction can come back: the key is no longer certified. */
  live: boolean;
}

export interface Grant {
  readonly certificate: NorcTrustCertificate;
  /** What the decision's map allows; enforced is what both allow (profile 2.3, invariants). */
  readonly mapped: readonly Permission[];
  /** `effective_date` of the acknowledgment: nothing is in force before it. */
  readonly activeFromSeconds: number;
  /** In force only while the other direction is (L-T11, T-DEC-08). */
  readonly mutual: boolean;
  readonly conditions: readonly Condition[];
  /** In force: that of the certificate, less what conditions have taken (T-COND-03). */
  readonly level: Level;
  /** Smaller of both sides' max_trust_age (L-T30), which successors keep to. */
  readonly maxAgeSeconds: number;
  /** How trust was proven; a renewal is proven the same way. */
  readonly method: string;
  /** Trust score of the decision in tenths; absent where nothing was scored. */
  readonly scoreTenths?: number;
  /** The certificate that this one renews, while the overlap lasts (L-R10). */
  readonly predecessor: Grant | null;
  /** False while the issuer of a successor has not confirmed our acknowledgment of it. */
  readonly settled: boolean;
}

/** How one condition of a certificate stands (T-COND-01, T-COND-02). */
export interface Condition {
  readonly type: ConditionType;
  readonly action: AutoAction;
  readonly isQuarterly: boolean;
  /** When it must be met next; null once it needs meeting no more. */
  readonly dueSeconds: number | null;
  /** Deadlines that went by, of those before `dueSeconds`. */
  readonly missed: number;
}

/** What we want of a peer. */
export interface Wish {
  readonly level: string;
  readonly method: string;
  readonly mutual: boolean;
  /** Begun because a message waits, so it is tried again when it fails. */
  readonly onDemand: boolean;
}

/** States are those of machine trust-requester. */
type RequesterPhase = 'idle' | 'capabilities' | 'requested' | 'responded' | 'established';

export interface Gathering {
  readonly challenge: TrustChallenge;
  readonly answers: IssuerAnswers;
}

export interface RequesterRun {
  readonly peer: string;
  readonly wish: Wish;
  phase: RequesterPhase;
  version: string;
  /** All messages so far, in order (L-H03). */
  transcript: JsonObject[];
  /** The challenge that waits for what our issuers say of us; lost with the process. */
  gathering: Gathering | null;
  /** Empty until the request is sent. */
  requestId: string;
  deadline: Micros;
  /** What stands in our zone for this run. */
  published: { readonly name: string; readonly value: string } | null;
  acknowledgment: TrustAcknowledgment | null;
  /** Of the certificate that we were given; empty before. */
  certificateId: string;
  /** How often the acknowledgment has been sent again. */
  repeats: number;
  /** The last acknowledgment sent is known not to have arrived. */
  unsettled: boolean;
  /** Of the link that carried the request (X-PQ-06). */
  pqFingerprint: Hash | null;
  /** Restored: an answer that was on its way is lost, so a new wish may take its place. */
  stale: boolean;
}

export interface Introduction {
  readonly transcript: readonly JsonObject[];
  readonly version: string;
  readonly peerMaxAgeSeconds: number;
  readonly at: Micros;
}

/** A request by government_pki before its extension has come (L-T25). */
export interface HeldRequest {
  readonly request: TrustRequest;
  readonly introduction: Introduction;
  readonly at: Micros;
}

/** States are those of machine trust-responder; a run past its deadline is kept as `ended`. */
type ResponderPhase = 'capabilities' | 'challenge_sent' | 'validating' | 'decision_sent' | 'ended';

export interface ResponderRun {
  readonly peer: string;
  readonly version: string;
  readonly request: TrustRequest;
  readonly challenge: TrustChallenge;
  readonly mutual: boolean;
  /** What a government PKI asks beside the request (T14); null where it was not sent. */
  readonly government: GovPkiTrustRequest | null;
  /** Smaller of both sides' max_trust_age (L-T30). */
  readonly maxAgeSeconds: number;
  phase: ResponderPhase;
  transcript: JsonObject[];
  response: TrustResponse | null;
  /** The request that waits for our decision; null when it is to be posted. */
  exchange: ExchangeId | null;
  /** Of the link that carried the request (X-PQ-06). */
  pqFingerprint: Hash | null;
  /** What issuers have told us of the chain (T-RESP-05). */
  answers: IssuerAnswers;
  lookups: DomainLookups;
  /** Every check has passed; an operator decides (T-CAP-07). */
  awaitsApproval: boolean;
  decision: TrustDecision | null;
  certificate: NorcTrustCertificate | null;
  repeats: number;
  /** The challenge is about more scope or a new key of a renewal (L-R11). */
  readonly renewal: TrustRenewal | null;
}

/** A renewal of ours (machine renewal), from trust_renewal to the answer to our acknowledgment. */
export interface Renewing {
  readonly peer: string;
  readonly renewal: TrustRenewal;
  phase: 'sent' | 'responded' | 'acknowledged';
  /** T18, then T3 and T4 where the issuer asks, then T5. */
  transcript: JsonObject[];
  attempts: number;
  published: { readonly name: string; readonly value: string } | null;
  /** As in RequesterRun. */
  gathering: Gathering | null;
  acknowledgment: TrustAcknowledgment | null;
}

/** A renewal of a peer that we have decided. */
export interface Renewed {
  readonly peer: string;
  readonly renewalId: string;
  /** H(canon(trust_renewal)): what a repeat is compared with (T-REN-05). */
  readonly hash: Hash;
  readonly decision: TrustDecision;
  /** Of T18 to T5. */
  readonly transcript: readonly JsonObject[];
  /** The successor while its acknowledgment is awaited. */
  certificate: NorcTrustCertificate | null;
  /** The certificate that it follows. */
  readonly baseId: string;
  /** Of the subject; another than before when it has changed keys (T-REN-06). */
  readonly subjectKey: PublicKey;
  readonly scoreTenths: number;
  /** The acknowledgment that has closed it. */
  closedBy: Hash | null;
}

/** Our own look-ups of the domain proof (T-RESP-04). */
interface DomainLookups {
  outstanding: string[];
  proven: boolean;
  /** When the last answer came; its age counts in the score (T-SCORE-05). */
  seenAt: Micros | null;
}

/** How often a peer asks, and when either side may ask again. */
export interface Pace {
  bucket: Bucket | null;
  /** The peer's requests are refused until then (L-R13). */
  barredUntil: Micros;
  /** We do not ask of our own accord until then (machine trust-requester, row 5). */
  quietUntil: Micros;
  /** Since when trust has been in force without an end for cause; null: never yet. */
  trustedSince: Micros | null;
  /** Failures in a row of exchanges begun on demand. */
  failures: number;
  /** Request ids of the peer with the hash of each request, oldest first (T-REQ-05). */
  seen: { readonly id: string; readonly hash: Hash }[];
  /** Permissions that we have taken back in part: a new certificate does not give them again. */
  withheld: string[];
  /** The acknowledgment that closed the last exchange, for repeats of it. */
  settled: Hash | null;
  /** We do not ask for a renewal of our own accord until then. */
  renewQuietUntil: Micros;
}

export function createState(): TrustState {
  return {
    relations: new Map(),
    asked: new Map(),
    introductions: new Map(),
    held: new Map(),
    judged: new Map(),
    renewing: new Map(),
    renewed: new Map(),
    paces: new Map(),
    revocations: new Map(),
    chains: new Map(),
    validated: new Map(),
    issuerAnswers: new Map(),
    pushes: new Map(),
    lists: new Map(),
    ownList: null,
    banned: new Set(),
    lastVersions: new Map(),
    told: new Map(),
    inquiries: new Map(),
    recommendations: new Map(),
    monitoring: createMonitoring(),
    clocks: { heard: new Map(), offset: 0 },
  };
}

export function paceOf(state: TrustState, peer: string): Pace {
  const known = state.paces.get(peer);
  if (known) return known;
  const pace: Pace = {
    bucket: null,
    barredUntil: 0,
    quietUntil: 0,
    trustedSince: null,
    failures: 0,
    seen: [],
    withheld: [],
    settled: null,
    renewQuietUntil: 0,
  };
  state.paces.set(peer, pace);
  return pace;
}
