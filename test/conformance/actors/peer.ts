/**
 * Our server: speaks NORC-F and NORC-T with the subject, as the side that dials and as the side
 * that is dialled. Each step is honest by default and can be bent.
 */

import type { Hash, JsonObject, SigningKey } from '../../../reference/crypto/crypto.ts';
import type { Micros } from '../../../reference/time.ts';
import type { Method } from '../../../spec/emitted/registries.ts';
import type { FederationHandshake } from '../../../spec/messages/federation/federation-handshake.ts';
import type { FederationHandshakeResponse } from '../../../spec/messages/federation/federation-handshake-response.ts';
import type { MessageRelay } from '../../../spec/messages/federation/message-relay.ts';
import type { RelayAck } from '../../../spec/messages/federation/relay-ack.ts';
import type { TrustStatusResponse } from '../../../spec/messages/federation/trust-status-response.ts';
import type { AuditRoot } from '../../../spec/messages/trust/audit-root.ts';
import type { GovPkiTrustRequest } from '../../../spec/messages/trust/gov-pki-trust-request.ts';
import type { MasterTrustRevoke } from '../../../spec/messages/trust/master-forms.ts';
import type { NorcCrl } from '../../../spec/messages/trust/norc-crl.ts';
import type { NorcTrustCertificate } from '../../../spec/messages/trust/norc-trust-certificate.ts';
import type { RevocationAcknowledgment } from '../../../spec/messages/trust/revocation-acknowledgment.ts';
import type { TrustAcknowledgment } from '../../../spec/messages/trust/trust-acknowledgment.ts';
import type { TrustCapabilities } from '../../../spec/messages/trust/trust-capabilities.ts';
import type { TrustChallenge } from '../../../spec/messages/trust/trust-challenge.ts';
import type { TrustDecision } from '../../../spec/messages/trust/trust-decision.ts';
import type { TrustHealthReport } from '../../../spec/messages/trust/trust-health-report.ts';
import type { TrustRecommendationResponse } from '../../../spec/messages/trust/trust-recommendation-response.ts';
import type { TrustRenewal } from '../../../spec/messages/trust/trust-renewal.ts';
import type { TrustRequest } from '../../../spec/messages/trust/trust-request.ts';
import type { TrustResponse } from '../../../spec/messages/trust/trust-response.ts';
import type { TrustRevoke } from '../../../spec/messages/trust/trust-revoke.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Bend, Received } from '../stage.ts';
import type { DeviceIdentity } from './device.ts';

export interface PeerOptions {
  /** Default: a fresh domain of the suite's zone. */
  readonly serverId?: string;
  readonly certificate?: CertificateOptions;
  /** Best first. Default: only the stage's version. */
  readonly versions?: readonly string[];
  /** Suites it takes when the subject dials it. Default: 0001. */
  readonly suites?: readonly string[];
  /** How it answers when the subject dials it. Default: `honest`. `manual`: the case answers. */
  readonly answers?: 'honest' | 'manual';
  /** How its honest answers are bent. */
  readonly bends?: AnswerBends;
  /** Types that the case answers itself, whatever `answers` says. */
  readonly leaves?: readonly string[];
}

/** Bends of what our honest side answers. Signed again after bending unless `resign` is false. */
export interface AnswerBends {
  readonly handshake?: Bend<FederationHandshakeResponse>;
  readonly trustStatus?: Bend<TrustStatusResponse>;
  readonly capabilities?: Bend<TrustCapabilities>;
  readonly challenge?: Bend<TrustChallenge>;
  /** The trust certificate, before it goes into the decision's bundle. */
  readonly certificate?: Bend<NorcTrustCertificate>;
  readonly decision?: Bend<TrustDecision>;
  /** The successor, before it goes into the decision on a renewal of the subject's. */
  readonly successor?: Bend<NorcTrustCertificate>;
  readonly renewalDecision?: Bend<TrustDecision>;
  readonly relayAck?: Bend<RelayAck>;
  readonly revocationAcknowledgment?: Bend<RevocationAcknowledgment>;
  readonly recommendation?: Bend<TrustRecommendationResponse>;
  readonly healthReport?: Bend<TrustHealthReport>;
  readonly auditRoot?: Bend<AuditRoot>;
  readonly resign?: boolean;
}

/** What is special about a certificate chain; all else is as a conforming server has it. */
export interface CertificateOptions {
  readonly dnsNames?: readonly string[];
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  readonly key?: 'ed25519' | 'ecdsa_p256';
  /** Which of our roots it stands below. Default: a company's. */
  readonly authority?: 'commercial' | 'government' | 'nato';
  /** What is special about the authority that issues it. */
  readonly issuer?: IssuerOptions;
  readonly keyUsage?: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
  /** `list`: its issuers publish lists (RFC 5280 4.2.1.13) and answer no questions. */
  readonly answersBy?: 'list';
  /** Signed by a root that the subject does not know. */
  readonly unknownRoot?: true;
  readonly selfSigned?: true;
  /** Certificate policies that the leaf asserts; the authority above allows any. */
  readonly policyOids?: readonly string[];
  /** A critical extension that nobody knows. */
  readonly hasStrangeExtension?: true;
  /** What is in it of a log's promise. Default: the promise of a log that subjects know. */
  readonly timestamps?: 'none' | 'forged' | 'unknown-log';
}

export interface IssuerOptions {
  readonly key?: 'ed25519' | 'ecdsa_p256' | 'rsa_2048' | 'rsa_3072';
  readonly answersBy?: 'list';
  /** DNS names that may, and that may not, stand below it (RFC 5280 4.2.1.10). */
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
  readonly pathLength?: number;
  /** Another authority stands below it, which its path length does not allow. */
  readonly isTooDeep?: true;
  /** It has no basic constraints, and issues all the same. */
  readonly isNoAuthority?: true;
}

export interface LinkOptions {
  /** Ordered ALPN offer. Default: `norc-f/` and each of the peer's versions. Empty: none. */
  readonly alpn?: readonly string[];
  readonly withoutCertificate?: true;
  /** Present another chain than the peer's own. */
  readonly certificate?: CertificateOptions;
  readonly maxTls?: '1.2' | '1.3';
}

export interface LinkRefused {
  readonly refused: true;
  readonly reason: string;
}

export interface RequestOptions {
  readonly path?: string;
  /** The norc-signature header as it is; null: none. Default: an honest proof. */
  readonly proof?: string | null;
  readonly headers?: { readonly [name: string]: string };
  readonly withinMs?: number;
}

export interface Answer {
  /** HTTP status; 0 when the connection broke before an answer came. */
  readonly status: number;
  /** Validated; null when the answer has no body. */
  readonly message: NorcMessage | null;
  readonly text: string;
}

/** One HTTP/2 connection to the subject. */
export interface Link {
  readonly refused: false;
  readonly peer: Peer;
  readonly alpn: string | null;
  readonly alpnOffer: readonly string[];
  /** Undefined before `handshake`. */
  readonly session: LinkSession | undefined;

  /** Posts a valid message; the path follows from its layer. */
  request(message: NorcMessage, options?: RequestOptions): Promise<Answer>;
  /** Posts whatever it is given. The honest proof covers it when it is a JSON object. */
  requestRaw(
    body: string | Uint8Array | JsonObject,
    options?: RequestOptions & { type?: string },
  ): Promise<Answer>;
  /** The honest value of the norc-signature header, bendable. */
  proofFor(message: JsonObject, bend?: Partial<ProofParts>): string;
  /** F2/F3, verified. A refusal of the subject is a misbehaviour; use `request` to expect one. */
  handshake(options?: HandshakeOptions): Promise<LinkSession>;
  /** The F2 that `handshake` would send. */
  composeHandshake(options?: HandshakeOptions): FederationHandshake;
  /** Fetches the subject's revocation list (L-R08). */
  fetchList(options?: Pick<RequestOptions, 'proof' | 'withinMs'>): Promise<Answer>;
  /** F4/F5: returns the subject's answer; the link is active when it says established. */
  trustStatus(level?: string): Promise<Answer>;
  /** True when the connection is gone. */
  closed(options?: { withinMs?: number }): Promise<boolean>;
  close(): Promise<void>;
}

export interface ProofParts {
  readonly type: string;
  readonly requester: string;
  readonly target: string;
  readonly timestampSeconds: number;
  readonly body: JsonObject;
  readonly key: SigningKey;
}

export interface HandshakeOptions {
  readonly versions?: readonly string[];
  readonly suites?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly requiredFeatures?: readonly string[];
  readonly minTrustLevel?: string;
  readonly trustVersions?: readonly string[];
  readonly handshake?: Bend<FederationHandshake>;
  /** Signs again after bending; true by default. */
  readonly resign?: boolean;
}

export interface LinkSession {
  readonly version: string;
  /** The version of NORC-T that goes with it (L-V11). */
  readonly trustVersion: string;
  readonly suite: string;
  readonly transcript: Hash;
  readonly request: FederationHandshake;
  readonly response: FederationHandshakeResponse;
}

/** How one trust run is bent. Every message is honest unless bent. */
export interface TrustRunOptions {
  readonly level?: string;
  readonly method?: Method;
  /** Standards that the request attests. */
  readonly standards?: readonly string[];
  /** What follows a request by government_pki (T14). */
  readonly extension?: Bend<GovPkiTrustRequest>;
  readonly mutual?: boolean;
  readonly capabilities?: Bend<TrustCapabilities>;
  readonly request?: Bend<TrustRequest>;
  /** Default: the value asked for is published. */
  readonly publish?: 'expected' | 'nothing' | 'other';
  readonly response?: Bend<TrustResponse>;
  readonly acknowledgment?: Bend<TrustAcknowledgment>;
  /** The reverse certificate, before it goes into the acknowledgment. */
  readonly certificate?: Bend<NorcTrustCertificate>;
  /** A bend that signs again after bending; true by default. False: the old signature stays. */
  readonly resign?: boolean;
}

/** A trust run as requester, step by step. Each step returns the subject's answer, unjudged. */
export interface TrustRun {
  readonly requestId: string;
  capabilities(): Promise<Answer>;
  /** By government_pki its extension as well, when the request is taken (T14). */
  request(): Promise<Answer>;
  /** Publishes the DNS value and answers the challenge. */
  respond(): Promise<Answer>;
  acknowledge(): Promise<Answer>;
  /** A decision that has come as a request of the subject's instead of as an answer (T-CAP-07). */
  take(decision: Received): void;
  /** All steps; a refusal anywhere is a misbehaviour of the subject. */
  establish(): Promise<Established>;
  readonly challenge: TrustChallenge | undefined;
  readonly decision: TrustDecision | undefined;
  /** All messages of the run so far, in order. */
  readonly messages: readonly NorcMessage[];
}

export interface Established {
  /** Issued by the subject to us. */
  readonly certificate: NorcTrustCertificate;
  /** Issued by us to the subject, when mutual. */
  readonly reverse: NorcTrustCertificate | null;
  readonly decision: TrustDecision;
}

/** How one renewal of ours is bent. Every message is honest unless bent. */
export interface RenewalOptions extends TrustRunOptions {
  readonly renewalId?: string;
  readonly reason?: TrustRenewal['renewal_reason'];
  readonly level?: TrustRenewal['requested_trust_level'];
  readonly changes?: TrustRenewal['changes_requested'];
  readonly renewal?: Bend<TrustRenewal>;
  /** The key that the successor is to certify: it signs its proof, and what follows the challenge. */
  readonly newKey?: SigningKey;
  /** Steps that the old key signs all the same. */
  readonly byOldKey?: readonly ('respond' | 'acknowledge')[];
}

/** A renewal as subject, step by step. Each step returns the answer, unjudged. */
export interface RenewalRun {
  readonly renewalId: string;
  renew(): Promise<Answer>;
  /** Publishes the DNS value and answers the challenge. */
  respond(): Promise<Answer>;
  acknowledge(): Promise<Answer>;
  readonly challenge: TrustChallenge | undefined;
  readonly decision: TrustDecision | undefined;
}

export interface RelayOptions {
  /** Local user ids of the subject. */
  readonly to: readonly string[];
  /** Devices to seal for. */
  readonly recipients: readonly DeviceIdentity[];
  readonly text?: string;
  readonly conversationId?: string;
  readonly messageId?: string;
  readonly classification?: string;
  readonly ttlSeconds?: number;
  readonly routePath?: readonly string[];
  readonly targetServer?: string;
  readonly originServer?: string;
  /** Members changed before the origin signs. */
  readonly beforeOrigin?: Bend<MessageRelay>;
  /** Members changed after the origin has signed and before the hop signs. */
  readonly beforeHop?: Bend<MessageRelay>;
  /** Members changed after both have signed. */
  readonly afterHop?: Bend<MessageRelay>;
}

export interface ListOptions {
  /** Ids of certificates of ours. */
  readonly revoked?: readonly string[];
  readonly reason?: string;
  readonly number?: number;
  /** Before signing. */
  readonly bend?: Bend<NorcCrl>;
}

/** What the subject gets that fetches our revocation list. */
export type ListServing = 'honest' | 'failing' | 'absent' | JsonObject;

/** A request that the subject has made to a server of ours. */
export interface InboundRequest {
  readonly received: Received;
  readonly path: string;
  readonly proof: string | null;
  readonly link: InboundLink;
  answer(message: NorcMessage | null, status?: number): Promise<void>;
  answerRaw(body: string | JsonObject, status?: number): Promise<void>;
}

export interface InboundLink {
  readonly alpnOffer: readonly string[];
  readonly alpn: string | null;
  readonly certificates: readonly string[];
}

export interface Peer {
  readonly serverId: string;
  readonly key: SigningKey;
  /** From now on it signs with this key; its leaf certificate stays as it is. */
  signWith(key: SigningKey): void;
  /** base64url DER, leaf first, root last. */
  readonly chain: readonly string[];
  /** A user and device of this server: the sender of its relays, the recipient of the subject's. */
  readonly user: DeviceIdentity;

  dial(options?: LinkOptions): Promise<Link | LinkRefused>;
  /** Dial and handshake; trust_status too when trust is established. */
  link(options?: LinkOptions & HandshakeOptions): Promise<Link>;
  trustRun(link: Link, options?: TrustRunOptions): TrustRun;
  /**
   * A whole establishment on a fresh link, with mutual trust unless told otherwise; the link is
   * active.
   */
  establish(options?: TrustRunOptions): Promise<Established & { readonly link: Link }>;
  /** Of the certificate that the subject has issued to us. */
  renewal(link: Link, established: Established, options?: RenewalOptions): RenewalRun;
  composeRelay(options: RelayOptions): MessageRelay;
  composeRevocation(established: Established, bend?: Bend<TrustRevoke>): TrustRevoke;
  /** Of all certificates of `server`, in the master's form (L-R01). */
  composeServerRevocation(server: string, bend?: Bend<MasterTrustRevoke>): JsonObject;
  /** The decision that ends a conditional revocation of ours (L-R05). */
  composeClearing(
    established: Established,
    revocation: TrustRevoke,
    bend?: Bend<TrustDecision>,
  ): TrustDecision;
  /** T10 about a revocation of the subject's, as it came. Signed again after bending. */
  composeAcknowledgment(revocation: string, bend?: Bend<RevocationAcknowledgment>): JsonObject;
  /** Our revocation list, signed. */
  composeList(options?: ListOptions): JsonObject;
  /** What the subject gets from now on when it fetches it. */
  serveList(how: ListServing): void;
  /** When the subject has fetched it, oldest first. */
  fetches(options?: { withinMs?: number; count?: number }): Promise<readonly Micros[]>;

  /** The next request of the subject that our honest answers have not dealt with. */
  inbound(options?: { withinMs?: number }): Promise<InboundRequest | null>;
  /** Relays that our honest side has accepted and acknowledged, oldest first. */
  relayed(options?: {
    withinMs?: number;
    count?: number;
  }): Promise<readonly Received<MessageRelay>[]>;
  /** What the subject has sent of this type, answered by our honest side or not, oldest first. */
  heard<T extends NorcMessage['type']>(
    type: T,
    options?: { withinMs?: number; count?: number },
  ): Promise<readonly Received<Extract<NorcMessage, { type: T }>>[]>;
  /** Text of a relay sealed for `user`, or null when it cannot be opened. */
  open(relay: MessageRelay): string | null;

  /** Stops listening: the subject cannot reach it until `goOnline`. */
  goOffline(): Promise<void>;
  goOnline(): Promise<void>;
}
