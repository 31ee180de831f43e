/**
 * The sans-I/O contract. A core takes an input and the present time and emits effects; it has no
 * clock, no randomness, no promise and no socket. Whoever runs it (sockets, the simulator, a test)
 * turns what happens in the world into inputs, and effects into deeds, in the order emitted: a
 * `persist` is durable before any later `send` leaves, so nothing acknowledged is ever lost.
 */

import type { RequirementId } from '../spec/emitted/requirement-ids.ts';
import type { NorcMessage } from '../spec/messages.ts';
import type { Json } from '../spec/schema.ts';
import type { Must } from './assert.ts';
import type { Crypto, JsonObject } from './crypto/crypto.ts';
import type { CertificateDer, X509 } from './crypto/x509.ts';
import type { Micros } from './time.ts';

/** One NORC-C connection of one device. Never reused. */
export type ConnectionId = string;
/** One NORC-F connection, in either direction. Never reused. */
export type LinkId = string;
/** One request on a link and its answer. Never reused. */
export type ExchangeId = string;

export interface Context {
  /** Unix microseconds by this node's own clock. Set for each input; constant while it is handled. */
  readonly now: Micros;
  readonly must: Must;
  readonly crypto: Crypto;
  readonly x509: X509;
  /** Fresh unpredictable bytes (X-KDF-10). */
  entropy(lengthBytes: number): Uint8Array;
  emit(effect: Effect): void;
}

/**
 * What came over a wire: bytes to be parsed, or, inside one process, a value that is settled
 * (wire/settled.ts) and the size that it would have. Any other value is a defect of whoever carries.
 */
export type Frame =
  | { readonly kind: 'text' | 'binary'; readonly bytes: Uint8Array }
  | { readonly kind: 'value'; readonly value: JsonObject; readonly sizeBytes: number };

/** The HTTP upgrade of a device (profile C1). Header names are lowercase; absent is undefined. */
export interface UpgradeOffer {
  readonly path: string;
  readonly subprotocols: readonly string[];
  readonly headers: { readonly [name: string]: string | undefined };
  readonly queryVersion: string | undefined;
  readonly tlsProtocol: string;
}

/** What TLS tells of the other end of a link. */
export interface TlsPeer {
  readonly tlsProtocol: string;
  /** As presented, leaf first; empty when the peer showed none. Possession of the leaf key is proven. */
  readonly certificates: readonly CertificateDer[];
  /** The dialling side's ordered ALPN offer (F1); it enters the transcript. */
  readonly alpnOffer: readonly string[];
  readonly alpn: string | null;
}

export type TrustPath = '/norc-f' | '/norc-t';
/** The one thing that is fetched: a revocation list (L-R08). */
export type ListPath = '/norc-t/crl';

export type Input =
  | { type: 'started' }
  // NORC-C
  | { type: 'upgrade-requested'; connection: ConnectionId; offer: UpgradeOffer }
  | { type: 'frame-received'; connection: ConnectionId; frame: Frame }
  | { type: 'connection-closed'; connection: ConnectionId }
  // NORC-F: another server has dialled us
  | { type: 'link-accepted'; link: LinkId; peer: TlsPeer }
  | {
      type: 'request-received';
      link: LinkId;
      exchange: ExchangeId;
      path: string;
      /** The norc-signature header (L-F09). */
      proof: string | null;
      /** Empty where something is fetched (ListPath). */
      body: Frame;
    }
  // NORC-F: we have dialled another server
  | { type: 'link-dialled'; link: LinkId; peer: TlsPeer }
  | { type: 'dial-failed'; link: LinkId; reason: 'unreachable' | 'tls' | 'alpn' | 'timeout' }
  | {
      type: 'answer-received';
      link: LinkId;
      exchange: ExchangeId;
      /** HTTP status. */
      status: number;
      /** Null when the answer has no body. */
      body: Frame | null;
    }
  | { type: 'exchange-failed'; link: LinkId; exchange: ExchangeId }
  | { type: 'link-closed'; link: LinkId }
  // the world
  | { type: 'timer-fired'; timer: string }
  | { type: 'looked-up'; lookup: string; outcome: LookupOutcome }
  | { type: 'fetched'; fetch: string; outcome: FetchOutcome }
  | { type: 'command-given'; command: Command };

/** TXT values are whole strings; one entry a record. Service records are `priority weight port host`. */
export type LookupOutcome =
  | { found: 'txt'; values: readonly string[] }
  | {
      found: 'srv';
      services: readonly { priority: number; weight: number; port: number; host: string }[];
    }
  | { found: 'nothing' }
  | { found: 'failure' };

/**
 * What came of a fetch. Any status is an answer; there are no redirects. `refused`: the address is
 * one that policy does not let us ask.
 */
export type FetchOutcome =
  | { fetched: 'answer'; status: number; bytes: Uint8Array }
  | { fetched: 'failure'; reason: 'refused' | 'unreachable' | 'timeout' | 'too-large' };

/** What an operator may ask for. */
export type Command =
  | {
      command: 'establish-trust';
      server: string;
      level: string;
      method: string;
      mutual?: boolean;
    }
  | {
      command: 'revoke-trust';
      server: string;
      reason: string;
      scope?: string;
      permissions?: readonly string[];
      gracePeriodSeconds?: number;
    }
  | {
      command: 'renew-trust';
      server: string;
      reason?: string;
      level?: string;
      /** To be added. */
      permissions?: readonly string[];
      messagesPerSecond?: number;
      bandwidthMbps?: number;
      justification?: string;
    }
  | {
      command: 'meet-condition';
      server: string;
      condition: string;
      /** Its hash is kept. */
      evidence: string;
      /** Whose certificate: issued by us (default) or held by us. */
      of?: 'issued' | 'held';
    }
  | {
      command: 'approve-trust';
      server: string;
      decision: 'approve' | 'refuse';
      /** Only this one: the server may have asked for something else meanwhile. */
      request?: string;
      /** Of a refusal; it stays in our log. */
      reason?: string;
    }
  /** Asks `server` what it thinks of the server `about`. */
  | {
      command: 'ask-recommendation';
      server: string;
      about: string;
      level?: 'basic' | 'verified' | 'strong';
    }
  /** Asks `server` for a report about itself over the last `days` days. */
  | { command: 'check-health'; server: string; days?: number }
  /** Asks `server` for the root of its audit log of the day that began `daysAgo` days ago. */
  | { command: 'ask-audit-root'; server: string; daysAgo?: number }
  | { command: 'dispute-revocation'; server: string; status?: 'disputed' | 'appealing' }
  | { command: 'clear-revocation'; server: string }
  | { command: 'stop' };

export type Effect =
  // NORC-C
  | {
      type: 'accept-upgrade';
      connection: ConnectionId;
      subprotocol: string;
      headers: { [name: string]: string };
    }
  | { type: 'refuse-upgrade'; connection: ConnectionId; status: number; reason: string }
  | { type: 'send'; connection: ConnectionId; message: NorcMessage }
  /** `code` is a WebSocket close code. */
  | { type: 'close'; connection: ConnectionId; code: number; reason: string }
  // NORC-F
  | { type: 'answer'; exchange: ExchangeId; status: number; message: NorcMessage | null }
  | { type: 'dial'; link: LinkId; server: string; host: string; port: number; alpn: string[] }
  | {
      type: 'request';
      link: LinkId;
      exchange: ExchangeId;
      path: TrustPath;
      proof: string | null;
      message: NorcMessage;
    }
  /** A request without a body; it ends like any other. */
  | { type: 'get'; link: LinkId; exchange: ExchangeId; path: ListPath; proof: string }
  | { type: 'hang-up'; link: LinkId; reason: string }
  // the world
  | { type: 'set-timer'; timer: string; at: Micros }
  | { type: 'cancel-timer'; timer: string }
  /** `vantage`: which of the configured resolvers is asked, from 0, counted round (L-T03). */
  | { type: 'look-up'; lookup: string; name: string; record: 'TXT' | 'SRV'; vantage: number }
  | {
      type: 'fetch';
      /** Carries its layer's name as prefix, like timers and look-ups. */
      fetch: string;
      /** http only: what is fetched carries a signature of its own. */
      url: string;
      method: 'GET' | 'POST';
      body: Uint8Array | null;
      contentType: string | null;
      /** An answer of more is a failure. */
      maxBytes: number;
    }
  | { type: 'publish-txt'; name: string; value: string }
  | { type: 'withdraw-txt'; name: string; value: string }
  // what must survive a restart
  | { type: 'persist'; table: Table; key: string; value: Json }
  // records
  | { type: 'audit'; event: AuditEvent }
  | { type: 'log'; entry: LogEntry };

/** Durable tables. A value of null deletes the row. */
export type Table =
  | 'device'
  | 'user'
  | 'conversation'
  | 'message' // accepted and not yet delivered to each device
  | 'message-id' // for idempotent repeats
  | 'relay-cache'
  | 'relay-queue'
  | 'link-sequence'
  | 'trust-certificate'
  | 'trust-run'
  | 'revocation'
  | 'banned-key'
  | 'recommendation'
  | 'monitoring'
  | 'last-version'
  | 'audit'
  | 'chain'; // a device's own sequence and chain state

export interface Row {
  readonly table: Table;
  readonly key: string;
  readonly value: Json;
}

/** A security event for the hash-chained log (X-AUD-05). Never content, never a private key. */
export interface AuditEvent {
  /** One of the eight types of profile T19 or a name that maps to one (L-T29). */
  readonly event: string;
  readonly target: string;
  readonly actor: string;
  readonly action: string;
  readonly parameters: JsonObject;
  readonly result: 'success' | 'failure' | 'partial' | 'pending';
  readonly risk: 'low' | 'medium' | 'high' | 'critical';
}

/** Local diagnostics. A refusal names the requirement that was broken; peers never see this. */
export type LogEntry =
  | {
      event: 'refused';
      requirement: RequirementId;
      /** Wire code, or null where the profile says silence. */
      code: number | null;
      detail: string;
      peer: string;
    }
  | { event: 'compatibility-mode'; detail: string; peer: string }
  | { event: 'noted'; detail: string; peer: string };
