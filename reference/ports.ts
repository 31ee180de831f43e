/**
 * How the three layers speak with each other without importing each other: each layer asks for what
 * it needs through a port, and reference/node plugs them together. Port calls are synchronous and
 * happen inside the handling of one input.
 */
import type { MessageRelay } from '../spec/messages/federation/message-relay.ts';
import type { AuditEventType } from '../spec/messages/trust/enumerations.ts';
import type { NorcCrl } from '../spec/messages/trust/norc-crl.ts';
import type { IncomingMessage, NorcMessage } from '../spec/messages.ts';
import type {
  Command,
  Context,
  ExchangeId,
  FetchOutcome,
  Frame,
  LinkId,
  LookupOutcome,
  Row,
  TlsPeer,
  UpgradeOffer,
} from './core.ts';
import type { Hash, JsonObject, PublicKey, SealedBlob } from './crypto/crypto.ts';
import type { Micros } from './time.ts';

/** How one direction of a trust relationship stands at a given instant. */
export interface Standing {
  readonly status: 'none' | 'active' | 'suspended' | 'expired' | 'revoked';
  readonly level: string;
  readonly permissions: ReadonlySet<string>;
  readonly limits: TrustLimits;
  readonly certificateId: string | null;
  readonly establishedAtSeconds: number;
  readonly expiresAtSeconds: number;
}

export interface TrustLimits {
  readonly maxMessageBytes: number;
  readonly messagesPerSecond: number;
  readonly bandwidthMbps: number;
}

/** Asked by the federation layer, answered by trust. */
export interface TrustPort {
  /** What `peer` may do here: the certificate we issued to it (L-T11). */
  inbound(peer: string, now: Micros): Standing;
  /** What we may do at `peer`: the certificate it issued to us. */
  outbound(peer: string, now: Micros): Standing;
  /** The certified server key of `peer`, or null (X-SIG-02). */
  keyOf(peer: string): PublicKey | null;
  /** True when the key is banned for ever (L-R13). */
  isBanned(key: PublicKey): boolean;
  /** Last negotiated version with `peer` and whether `version` would be a forbidden step down (L-V13). */
  permitsVersion(
    peer: string,
    layer: 'federation' | 'trust',
    version: string,
    context: Context,
  ): boolean;
  /** A NORC-T message of an authenticated peer, as a request (exchange) or as an answer (null). */
  receive(message: IncomingMessage, origin: TrustOrigin, context: Context): void;
  /** The peer gave no answer to what we posted: refused, failed, or the link broke. */
  undelivered(peer: string, message: NorcMessage, context: Context): void;
  /** The peer has taken what we posted and says nothing more (an answer without a body). */
  taken(peer: string, message: NorcMessage, context: Context): void;
  /** What we have revoked, signed and numbered, for whoever fetches it (L-R08). */
  revocationList(context: Context): NorcCrl;
  /** The list of `peer` was asked for and did not come: it has `none`, or that `failed`. */
  listUnavailable(peer: string, why: 'none' | 'failed', context: Context): void;
  /** A message waits for `peer` and there is no outbound trust: request it if policy says so. */
  wanted(peer: string, context: Context): void;
}

export interface TrustOrigin {
  /** The server id that TLS and the request proof agree on. */
  readonly peer: string;
  /** The Ed25519 key of the TLS leaf, or null when the leaf has another kind of key. */
  readonly tlsKey: PublicKey | null;
  readonly link: LinkId;
  /** To be answered, or null when the message is itself an answer. */
  readonly exchange: ExchangeId | null;
  /** Type of the message of ours that it answers, or null when it is none. */
  readonly answers: string | null;
  readonly federationVersion: string;
  /** Highest federation version that the peer lists (L-V11). */
  readonly peerFederationVersions: readonly string[];
  readonly suite: string;
  /** ML-KEM key of whoever dialled the link, in a hybrid suite (L-H14). */
  readonly encapsulationKey: string | null;
  /** Fingerprint of the root that the peer's TLS chain ends below; empty when there is none. */
  readonly anchor: string;
}

/** Asked by trust (and the client layer), answered by the federation layer. */
export interface LinkPort {
  /** Sends a NORC-T message to `peer` on a link of ours, dialling and shaking hands as needed. */
  post(peer: string, message: NorcMessage, context: Context): void;
  /** Fetches the revocation list of `peer`: it comes as a message, or as `listUnavailable`. */
  fetchList(peer: string, context: Context): void;
  /** Answers a request of a peer. `status` is an HTTP status. */
  answer(exchange: ExchangeId, status: number, message: NorcMessage | null, context: Context): void;
  /** Trust with `peer` has changed: activate, suspend or cut links, purge or flush queues. */
  standingChanged(peer: string, context: Context): void;
}

/** Asked by trust, answered by whoever keeps the log. */
export interface AuditPort {
  /** Null when the log no longer knows that day. `day`: the midnight at which it began. */
  rootOf(day: number, context: Context): AuditRootFacts | null;
  /** Entries of that day about `server`, with what proves each of them. */
  entriesAbout(server: string, day: number, context: Context): readonly AuditInclusion[];
  /** Entries of a type from `start` up to `end`, in seconds; of what is held in memory. */
  count(type: AuditEventType, period: { start: number; end: number }): number;
  /** False when what survived the last restart did not hold. */
  isWhole(): boolean;
}

export interface AuditRootFacts {
  readonly day: number;
  /** The last hash of that day (L-T29). */
  readonly root: Hash;
  readonly count: number;
  /** Root of the tree over the day's entries; null when there were too many. */
  readonly tree: Hash | null;
}

export interface AuditInclusion {
  readonly entry: JsonObject;
  readonly index: number;
  readonly siblings: readonly Hash[];
}

/** Asked by the client layer, answered by the federation layer. */
export interface RoutePort {
  /** Takes charge of a message for users of another server. */
  relay(outgoing: OutgoingRelay, context: Context): void;
}

/** A message of a local device for users of one other server. */
export interface OutgoingRelay {
  readonly messageId: string;
  readonly conversationId: string;
  readonly senderUserId: string;
  readonly senderDeviceId: string;
  readonly targetServer: string;
  readonly targetUsers: readonly string[];
  readonly payloads: { readonly [deviceId: string]: SealedBlob };
  readonly messageType: string;
  readonly classification: string;
  readonly sequenceNumber: number;
  readonly previousHash: Hash;
  readonly timestampMicros: number;
  readonly ttlSeconds: number;
}

/** Asked by the federation layer, answered by the client layer. */
export interface DeliveryPort {
  /** Hands a relayed message to local devices, stored when they are away. Every (user, device) once. */
  deliver(relay: MessageRelay, context: Context): DeliveryOutcome;
  /** What became of an outgoing relay: the sender is told (C-MSG-06). */
  settle(messageId: string, outcome: DeliveryOutcome, context: Context): void;
}

export interface DeliveryOutcome {
  readonly delivered: readonly { readonly userId: string; readonly deviceIds: readonly string[] }[];
  readonly failed: readonly {
    readonly userId: string;
    readonly deviceIds: readonly string[];
    readonly errorCode: number;
  }[];
}

// --- what each layer offers to the node -----------------------------------------------------------

/** Common to all layers. Timers carry the layer's name and a slash as prefix: `client/…`. */
export interface Layer {
  /** Called once, before any input, with the durable rows of all tables. */
  restore(rows: readonly Row[]): void;
  started(context: Context): void;
  timerFired(timer: string, context: Context): void;
  /** All that it remembers, by table: for whoever measures it, and for nobody to change. */
  held(): Tables;
}

export type Tables = Readonly<Record<string, unknown>>;

export interface ClientLayer extends Layer, DeliveryPort {
  upgradeRequested(connection: string, offer: UpgradeOffer, context: Context): void;
  frameReceived(connection: string, frame: Frame, context: Context): void;
  connectionClosed(connection: string, context: Context): void;
}

export interface FederationLayer extends Layer, LinkPort, RoutePort {
  linkAccepted(link: LinkId, peer: TlsPeer, context: Context): void;
  requestReceived(
    link: LinkId,
    request: { exchange: ExchangeId; path: string; proof: string | null; body: Frame },
    context: Context,
  ): void;
  linkDialled(link: LinkId, peer: TlsPeer, context: Context): void;
  dialFailed(link: LinkId, reason: string, context: Context): void;
  answerReceived(
    link: LinkId,
    answer: { exchange: ExchangeId; status: number; body: Frame | null },
    context: Context,
  ): void;
  exchangeFailed(link: LinkId, exchange: ExchangeId, context: Context): void;
  linkClosed(link: LinkId, context: Context): void;
  /** Outcome of a look-up that this layer asked for: its ids start with `federation/`. */
  lookedUp(lookup: string, outcome: LookupOutcome, context: Context): void;
}

export type InquiryOrder = Extract<
  Command,
  { command: 'ask-recommendation' | 'check-health' | 'ask-audit-root' }
>;

export type OperatorVerdict = Omit<Extract<Command, { command: 'approve-trust' }>, 'command'>;

export interface PendingRequest {
  readonly requestId: string;
  readonly peer: string;
  readonly level: string;
  readonly method: string;
  /** What a manual verification compares with what it was told another way. */
  readonly serverKey: PublicKey;
  /** More scope or a new key of a certificate that there is (L-R11). */
  readonly isRenewal: boolean;
  readonly askedAtSeconds: number;
  readonly deadlineSeconds: number;
  /** Null while the evidence is not complete. */
  readonly scoreTenths: number | null;
  /** `proving`: the peer has yet to show what it was challenged to. */
  readonly state: 'proving' | 'waiting' | 'decided' | 'expired';
}

export interface TrustLayer extends Layer, TrustPort {
  establish(
    wish: { server: string; level: string; method: string; mutual: boolean },
    context: Context,
  ): void;
  revoke(
    order: {
      server: string;
      reason: string;
      scope: string;
      permissions: readonly string[];
      gracePeriodSeconds: number;
    },
    context: Context,
  ): void;
  /** Asks for a successor of the certificate that the server has issued to us (T 8.2). */
  renew(
    order: {
      server: string;
      reason: string;
      /** Absent: as now. */
      level?: string;
      permissions: readonly string[];
      messagesPerSecond?: number;
      bandwidthMbps?: number;
      justification: string;
    },
    context: Context,
  ): void;
  /** A condition of a certificate, issued by us or held by us, is met (T-COND-02). */
  meetCondition(
    order: { server: string; condition: string; evidence: string; of: 'issued' | 'held' },
    context: Context,
  ): void;
  /** An operator decides what only an operator may (T-CAP-07). */
  approve(verdict: OperatorVerdict, context: Context): void;
  /** Requests of peers that have not come to an end, as an operator sees them. Changes nothing. */
  pending(context: Context): readonly PendingRequest[];
  /** Asks a peer something, by order of the operator. */
  inquire(order: InquiryOrder, context: Context): void;
  /** Objects to what `server` has revoked. It stays revoked (T-REV-10). */
  object(server: string, status: 'disputed' | 'appealing', context: Context): void;
  /** Ends conditional revocations of what we granted `server` (T-REV-06). */
  clear(server: string, context: Context): void;
  /** Outcome of a look-up that this layer asked for: its ids start with `trust/`. */
  lookedUp(lookup: string, outcome: LookupOutcome, context: Context): void;
  /** Outcome of a fetch that this layer asked for. */
  fetched(fetch: string, outcome: FetchOutcome, context: Context): void;
}
