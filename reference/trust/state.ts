/**
 * What the trust layer remembers (T 10.1, trust_state). Everything that has a row in a durable
 * table is plain JSON, so what is written is what is kept; the rest is lost at a restart without
 * harm.
 */
import type { Permission } from '../../spec/emitted/registries.ts';
import type { GovPkiTrustRequest } from '../../spec/messages/trust/gov-pki-trust-request.ts';
import type { NorcTrustCertificate } from '../../spec/messages/trust/norc-trust-certificate.ts';
import type { TrustAcknowledgment } from '../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustChallenge } from '../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../spec/messages/trust/trust-decision.ts';
import type { TrustRequest } from '../../spec/messages/trust/trust-request.ts';
import type { TrustResponse } from '../../spec/messages/trust/trust-response.ts';
import type { ExchangeId } from '../core.ts';
import type { Hash, JsonObject, PublicKey } from '../crypto/crypto.ts';
import type { Bucket } from '../guard/token-bucket.ts';
import type { Micros } from '../time.ts';
import type { Inquiry } from './inquiry.ts';
import type { Recommendations } from './recommendation/recommendation-record.ts';
import type { Pushed, RevocationRecord } from './revocation/revocation-record.ts';

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
  readonly paces: Map<string, Pace>;
  /** By issuer and certificate id. A certificate need not be known to be revoked (T-REV-12). */
  readonly revocations: Map<string, RevocationRecord[]>;
  /** The last link of each issuer's chain of revocations (T-REV-13), ours included. */
  readonly chains: Map<string, RevocationChain>;
  /** Revocations of ours that a peer has not acknowledged. */
  readonly pushes: Map<string, Pushed>;
  /** Barred for ever (T-REV-19, L-R13). */
  readonly banned: Set<PublicKey>;
  /** Last version negotiated, by layer and peer (L-V13). */
  readonly lastVersions: Map<string, string>;
  /** How a relation stood when the links were last told. */
  readonly told: Map<string, string>;
  /** Questions of ours that no peer has answered yet. */
  readonly inquiries: Map<string, Inquiry>;
  /** What others have told us of others. */
  readonly recommendations: Recommendations;
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
  /** Trust score of the decision in tenths; absent where nothing was scored. */
  readonly scoreTenths?: number;
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

export interface RequesterRun {
  readonly peer: string;
  readonly wish: Wish;
  phase: RequesterPhase;
  version: string;
  /** All messages so far, in order (L-H03). */
  transcript: JsonObject[];
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
  lookups: DomainLookups;
  /** Every check has passed; an operator decides (T-CAP-07). */
  awaitsApproval: boolean;
  decision: TrustDecision | null;
  certificate: NorcTrustCertificate | null;
  repeats: number;
}

/** Our own look-ups of the domain proof (T-RESP-04). */
interface DomainLookups {
  outstanding: string[];
  proven: boolean;
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
}

export interface RevocationChain {
  readonly sequence: number;
  /** H(canon(the last trust_revoke)) (L-R09). */
  readonly hash: Hash;
}

export function createState(): TrustState {
  return {
    relations: new Map(),
    asked: new Map(),
    introductions: new Map(),
    held: new Map(),
    judged: new Map(),
    paces: new Map(),
    revocations: new Map(),
    chains: new Map(),
    pushes: new Map(),
    banned: new Set(),
    lastVersions: new Map(),
    told: new Map(),
    inquiries: new Map(),
    recommendations: new Map(),
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
  };
  state.paces.set(peer, pace);
  return pace;
}
