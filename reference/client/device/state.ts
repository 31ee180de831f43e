/** All that a device knows. */
import type { ConnectionAccepted } from '../../../spec/messages/client/connection-accepted.ts';
import type { ConnectionRequest } from '../../../spec/messages/client/connection-request.ts';
import type { ConversationCreate } from '../../../spec/messages/client/conversation-create.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { VersionConfirmation } from '../../../spec/messages/client/version-confirmation.ts';
import type { DeviceCertificate } from '../../../spec/messages/common/device-certificate.ts';
import type { ExchangeKey, Hash, KemKey, PublicKey, SessionKeys } from '../../crypto/crypto.ts';
import type { ReplayWindow } from '../../guard/replay-window.ts';
import type { Micros } from '../../time.ts';
import { createValidation, type Validation } from '../validation.ts';
import type { DeviceConfig } from './config.ts';
import type { DeviceAuthorization, DevicePhase, OutgoingText } from './device.ts';

export interface DeviceState {
  readonly config: DeviceConfig;
  readonly validation: Validation;
  phase: DevicePhase;
  link: Link | null;
  /** Failed connections in a row: the back-off (X-ERR-09). */
  setbacks: number;
  registration: WantedRegistration | null;
  wantsSession: boolean;
  /** Pinned (C-REG-08). */
  serverKey: PublicKey | null;
  certificate: DeviceCertificate | null;
  /** The version last agreed on with the server (L-V13). */
  lastVersion: string | null;
  /** Added to our clock for what the protocol says of time; the clock itself stays (X-TIME-05). */
  offset: Micros;
  readonly contacts: Map<string, Contact>;
  readonly requests: Request[];
  /** The one request that waits for its answer: an `error` does not say what it answers. */
  outstanding: Request | null;
  /** Not before this instant, because the server told us to wait (X-RATE-06). */
  pausedUntil: Micros;
  readonly outgoing: Map<string, OutgoingChain>;
  /** By conversation and sending device (L-E16). */
  readonly incoming: Map<string, IncomingChain>;
  /** Messages whose sender's keys have been asked for. */
  readonly parked: MessageReceived[];
  /** Of the messages last shown: who wrote them and where (C-MSG-10, X-SEQ-15). */
  readonly shown: Map<string, { readonly sender: string; readonly conversation: string }>;
  /** Highest status told of each of our last messages (C-MSG-06). */
  readonly progress: Map<string, number>;
}

export interface WantedRegistration {
  readonly enrolmentToken: string | null;
  readonly authorization: DeviceAuthorization | null;
}

export interface Link {
  readonly id: string;
  /** Null until the upgrade has succeeded. */
  opened: Opened | null;
  accepted: ConnectionAccepted | null;
  sessionKeys: SessionKeys | null;
  agreed: AgreedSession | null;
  /** What the device wants of the server while authenticating: it signs for nothing else. */
  asked: 'registration' | 'session' | null;
  /** First contact: the confirmation is verified when the server key is known (L-H04). */
  unverified: VersionConfirmation | null;
  unansweredPings: number;
}

export interface Opened {
  readonly subprotocol: string;
  readonly headers: { readonly [name: string]: string | undefined };
  readonly request: ConnectionRequest;
  readonly ephemeral: ExchangeKey;
  readonly kemKey: KemKey | null;
}

export interface AgreedSession {
  readonly version: string;
  readonly transcript: Hash;
  readonly sessionId: string;
  readonly serverCapabilities: readonly string[];
}

export interface Contact {
  readonly userId: string;
  readonly devices: Map<string, KnownDevice>;
  /** Null: never asked for, or to be asked for again. */
  fetchedAt: Micros | null;
}

export interface KnownDevice {
  readonly userId: string;
  readonly deviceId: string;
  readonly publicKey: PublicKey;
  readonly kexPublicKey: PublicKey;
  readonly expiresAtSeconds: number;
  readonly revokedAtSeconds: number | null;
  /** Whether the directory names it at present. */
  readonly listed: boolean;
  readonly trust: 'first-use' | 'vouched' | 'imported' | 'unvouched';
}

export type Request =
  | { readonly kind: 'keys'; readonly users: readonly string[]; readonly requestId: string }
  | { readonly kind: 'create'; readonly message: ConversationCreate }
  | { readonly kind: 'send'; readonly text: OutgoingText; readonly attempts: number };

/** Our own chain in one conversation. Durable before a message leaves (X-SEQ-16). */
export interface OutgoingChain {
  readonly conversationId: string;
  next: number;
  previousHash: Hash;
  depth: number;
  inFlight: InFlight | null;
}

export interface InFlight {
  readonly text: OutgoingText;
  /** As sealed; null when the server has refused that and it must be sealed anew. */
  readonly message: MessageSend | null;
  readonly contentHash: Hash;
  /** How often these bytes have left: more than once means that an answer was lost. */
  readonly sends: number;
  /** Hashes of the message as sealed before, of which the server may have accepted one. */
  readonly earlier: readonly Hash[];
}

export interface IncomingChain {
  readonly conversationId: string;
  readonly deviceId: string;
  readonly window: ReplayWindow;
  /** Number of the last message shown in order; 0 before the first. */
  position: number;
  hash: Hash;
  /** Number of predecessors of the next message, when the chain was seen from its start (X-SEQ-17). */
  depth: number | null;
  readonly held: Map<number, Held>;
  /** Ids last shown or held: what the server brings again is confirmed again, after a restart too. */
  recent: readonly string[];
}

/** Verified and out of order: waits for its predecessor (X-SEQ-13). */
export interface Held {
  readonly message: MessageReceived;
  readonly until: Micros;
}

export function createState(config: DeviceConfig): DeviceState {
  return {
    config,
    validation: createValidation(),
    phase: 'closed',
    link: null,
    setbacks: 0,
    registration: null,
    wantsSession: false,
    serverKey: config.serverKey,
    certificate: null,
    lastVersion: null,
    offset: 0,
    contacts: new Map([[config.userId, ownContact(config)]]),
    requests: [],
    outstanding: null,
    pausedUntil: 0,
    outgoing: new Map(),
    incoming: new Map(),
    parked: [],
    shown: new Map(),
    progress: new Map(),
  };
}

/** This device knows itself: what it vouches for, it recognises. */
function ownContact({ userId, deviceId, signingKey, exchangeKey }: DeviceConfig): Contact {
  const own: KnownDevice = {
    userId,
    deviceId,
    publicKey: signingKey.publicKey,
    kexPublicKey: exchangeKey.publicKey,
    expiresAtSeconds: Number.MAX_SAFE_INTEGER,
    revokedAtSeconds: null,
    listed: true,
    trust: 'vouched',
  };
  return { userId, devices: new Map([[deviceId, own]]), fetchedAt: null };
}
