/** All that the server side of NORC-C knows. Owned by one layer; nobody else can reach it. */
import type { DeviceRegister } from '../../../spec/messages/client/device-register.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { DeviceCertificate } from '../../../spec/messages/common/device-certificate.ts';
import type { ServerConfig } from '../../config.ts';
import type { ConnectionId, UpgradeOffer } from '../../core.ts';
import type { Hash, PublicKey, Signature } from '../../crypto/crypto.ts';
import type { Bucket } from '../../guard/token-bucket.ts';
import type { RoutePort, Tables } from '../../ports.ts';
import type { Micros } from '../../time.ts';
import type { Subprotocol } from '../subprotocol.ts';
import type { Validation } from '../validation.ts';
import { bounds } from './bounds.ts';

export interface Server {
  readonly config: ServerConfig;
  readonly route: RoutePort;
  readonly validation: Validation;
  readonly connections: Map<ConnectionId, Connection>;
  /** Live sessions of each device, the newest last. */
  readonly sessions: Map<string, ConnectionId[]>;
  readonly users: Map<string, User>;
  /** By device id, which is bound to one user for ever (C-REG-06). */
  readonly devices: Map<string, Device>;
  /** Device id by public key (X-KEY-09). */
  readonly keyOwners: Map<PublicKey, string>;
  readonly conversations: Map<string, Conversation>;
  /** Ids of the conversations of each local user. */
  readonly memberships: Map<string, Set<string>>;
  readonly mailboxes: Map<string, Mailbox>;
  /** Accepted messages by id, for two days (C-MSG-05, X-SEQ-15). */
  readonly messages: Map<string, TrackedMessage>;
  /** Ids of tracked messages by sending device, or by server for relayed ones; oldest first. */
  readonly sentBy: Map<string, Set<string>>;
  readonly buckets: Map<string, Bucket>;
  bucketsBeforeSearch: number;
  /** Conversations that other servers have made known. */
  relayedConversations: number;
  /** Grows by one with every stored message: the order of delivery (C-MSG-12). */
  position: number;
  /** When the sweep of expired records is due, or null when nothing expires. */
  sweepAt: Micros | null;
}

/** Part 2.1, `error` and `closed` left out: such a connection is forgotten. */
export type Phase = 'connecting' | 'authenticating' | 'authenticated';

export interface Connection {
  readonly id: ConnectionId;
  readonly offer: UpgradeOffer;
  readonly subprotocol: Subprotocol;
  phase: Phase;
  /** What the handshake agreed on; null while connecting. */
  agreed: Agreed | null;
  registration: PendingRegistration | null;
  authentication: PendingAuthentication | null;
  /** Set by authentication and never changed (invariant of 2.1). */
  session: Session | null;
  failures: number;
  malformed: number;
  unansweredPings: number;
}

export interface Agreed {
  readonly version: string;
  readonly transcript: Hash;
  readonly sessionId: string;
  /** In both lists (C-CONN-08). */
  readonly capabilities: ReadonlySet<string>;
}

/** C-REG-04: at most one, consumed by its first use, right or wrong. */
export interface PendingRegistration extends Challenge {
  readonly offer: DeviceRegister;
}

/** C-AUTH-02: the same for authentication. */
export interface PendingAuthentication extends Challenge {
  readonly userId: string;
  readonly deviceId: string;
}

export interface Challenge {
  readonly challenge: string;
  readonly expiresAtSeconds: number;
  use: 'unused' | 'used';
}

export interface Session {
  readonly userId: string;
  readonly deviceId: string;
  readonly permissions: ReadonlySet<string>;
  readonly expiresAt: Micros;
}

export interface User {
  readonly id: string;
  /** Vouches for further devices and revokes them (L-C01, L-C07). */
  readonly masterKey: PublicKey | null;
  readonly devices: Set<string>;
  readonly permissions: readonly string[];
}

export interface Device {
  readonly id: string;
  readonly userId: string;
  readonly publicKey: PublicKey;
  readonly kexPublicKey: PublicKey;
  readonly kexSignature: Signature;
  readonly certificate: DeviceCertificate;
  readonly createdAtSeconds: number;
  readonly authorizer: string | null;
  readonly authorizerSignature: Signature | null;
  /** Second from which the revocation counts; null: not revoked. */
  readonly revokedAtSeconds: number | null;
  /** New devices of the user that this one has not been told of (C-REG-10). */
  readonly notices: readonly string[];
}

export interface Conversation {
  readonly id: string;
  readonly kind: string;
  readonly createdBy: string;
  /** Role by user id, local and remote. */
  readonly members: Map<string, string>;
  readonly messageTtlSeconds: number | null;
  /** `relayed`: another server has made it known. */
  readonly origin: 'local' | 'relayed';
  /** User id by device id, as learnt from relays: tells which server a payload is for (X-META-04). */
  readonly remoteDevices: Map<string, string>;
}

/** Undelivered messages of one device. */
export interface Mailbox {
  /** By message id, oldest first. */
  readonly messages: Map<string, StoredMessage>;
  sizeBytes: number;
}

export interface StoredMessage {
  readonly message: MessageReceived;
  readonly expiresAt: Micros;
  readonly position: number;
  /** The connection it was last sent on; null: not since the device went away. */
  sentOn: ConnectionId | null;
}

export type MessageStatus = 'sent' | 'delivered' | 'read' | 'failed';

/** A message from its acceptance until it is forgotten. */
export interface TrackedMessage {
  readonly id: string;
  /** Of the canonical message: a repeat must be the same (C-MSG-05). */
  readonly hash: Hash;
  readonly origin: 'local' | 'relayed';
  readonly conversationId: string;
  readonly senderUserId: string;
  readonly senderDeviceId: string;
  readonly acceptedAt: Micros;
  /** The connection it came on, as long as this server runs. */
  readonly via: ConnectionId | null;
  /** User id by local device addressed: these may tell that they received and read it. */
  readonly devices: Map<string, string>;
  /** Local devices that have not confirmed. */
  readonly waitingDevices: Set<string>;
  /** Users of other servers of whom nothing has been heard. */
  readonly waitingUsers: Set<string>;
  /** Users that received it on some device. */
  readonly reached: Set<string>;
  /** Recipients without a read receipt. */
  readonly unread: Set<string>;
  failedCode: number | null;
  status: MessageStatus;
  statusAt: Micros;
  /** What the sender has been told; null while the message is being accepted. */
  announced: MessageStatus | null;
}

export function createServer(
  config: ServerConfig,
  route: RoutePort,
  validation: Validation,
): Server {
  return {
    config,
    route,
    validation,
    connections: new Map(),
    sessions: new Map(),
    users: new Map(),
    devices: new Map(),
    keyOwners: new Map(),
    conversations: new Map(),
    memberships: new Map(),
    mailboxes: new Map(),
    messages: new Map(),
    sentBy: new Map(),
    buckets: new Map(),
    bucketsBeforeSearch: bounds.buckets,
    relayedConversations: 0,
    position: 0,
    sweepAt: null,
  };
}

export function tablesOf({ config: _, route: __, validation: ___, ...tables }: Server): Tables {
  return tables;
}
