/**
 * Our device: speaks NORC-C with the subject. Each step is honest by default and can be bent.
 */

import type {
  ExchangeKey,
  Hash,
  JsonObject,
  SessionKeys,
  SigningKey,
} from '../../../reference/crypto/crypto.ts';
import type { AuthChallenge } from '../../../spec/messages/client/auth-challenge.ts';
import type { AuthRequest } from '../../../spec/messages/client/auth-request.ts';
import type { AuthResponse } from '../../../spec/messages/client/auth-response.ts';
import type { AuthSuccess } from '../../../spec/messages/client/auth-success.ts';
import type { ConnectionAccepted } from '../../../spec/messages/client/connection-accepted.ts';
import type { ConnectionRequest } from '../../../spec/messages/client/connection-request.ts';
import type { DeviceRegister } from '../../../spec/messages/client/device-register.ts';
import type { MessageReceived } from '../../../spec/messages/client/message-received.ts';
import type { MessageSend } from '../../../spec/messages/client/message-send.ts';
import type { RegistrationChallenge } from '../../../spec/messages/client/registration-challenge.ts';
import type { RegistrationResponse } from '../../../spec/messages/client/registration-response.ts';
import type { RegistrationSuccess } from '../../../spec/messages/client/registration-success.ts';
import type { VersionConfirmation } from '../../../spec/messages/client/version-confirmation.ts';
import type { ErrorMessage } from '../../../spec/messages/common/error.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import type { Bend, Received } from '../stage.ts';

export interface UpgradeOptions {
  readonly path?: string;
  /** Whose subprotocols are offered. Default: only the stage's version. */
  readonly versions?: readonly string[];
  /** Sent as they are. Default: `norc-c-json-v…` of each version, and the alias of its major. */
  readonly subprotocols?: readonly string[];
  readonly headers?: { readonly [name: string]: string };
  readonly queryVersion?: string;
  /** Offer permessage-deflate. */
  readonly offerDeflate?: true;
  /** Highest TLS version offered. */
  readonly maxTls?: '1.2' | '1.3';
}

export interface UpgradeRefused {
  readonly refused: true;
  /** HTTP status, or null when TLS or TCP ended it. */
  readonly status: number | null;
  readonly reason: string;
}

export interface Closed {
  readonly closed: true;
  readonly code: number;
}

export interface DeviceConnection {
  readonly refused: false;
  /** Headers of the 101 answer, lowercase names. */
  readonly headers: { readonly [name: string]: string | undefined };
  readonly subprotocol: string;
  /** What the handshake agreed on; undefined before `negotiate`. */
  readonly session: Session | undefined;

  /** Sends a valid message. One that our own schema refuses is an error of the suite. */
  send(message: NorcMessage): Promise<void>;
  /** Sends whatever it is given: for hostile cases. */
  sendRaw(frame: string | Uint8Array | JsonObject): Promise<void>;
  /**
   * The next message, which must be of one of the types. Skipped are time_sync, ping (answered),
   * unsolicited key_response and `passing` types. Anything else, a close or nothing within the time
   * is a misbehaviour of the subject.
   */
  receive<T extends NorcMessage['type']>(
    type: T | readonly T[],
    options?: { withinMs?: number; passing?: readonly string[] },
  ): Promise<Received<Extract<NorcMessage, { type: T }>>>;
  /**
   * The next message or close, whatever it is; null when nothing comes within the time. Pings are
   * not answered; messages of unknown type are recorded and skipped.
   */
  next(options?: { withinMs?: number }): Promise<Received | Closed | null>;
  /** Waits for an `error`; returns it. A close right after it is awaited by `closed`. */
  receiveError(options?: { withinMs?: number }): Promise<Received<ErrorMessage>>;
  /** Waits for the close. */
  closed(options?: { withinMs?: number }): Promise<Closed>;
  /**
   * Proves that the subject stays silent and alive: pings, and returns what came before the pong
   * (time_sync excepted). An empty list is silence; a close is returned as it is.
   */
  silence(): Promise<readonly (Received | Closed)[]>;
  close(): Promise<void>;

  negotiate(options?: NegotiateOptions): Promise<Session>;
  register(
    identity: DeviceIdentity,
    options?: RegisterOptions,
  ): Promise<Received<RegistrationSuccess>>;
  authenticate(
    identity: DeviceIdentity,
    options?: AuthenticateOptions,
  ): Promise<Received<AuthSuccess>>;
}

export interface NegotiateOptions {
  /** Default: only the stage's version. */
  readonly versions?: readonly string[];
  readonly preferred?: string;
  /** Default: 0001. */
  readonly suites?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly request?: Bend<ConnectionRequest>;
}

export interface Session {
  readonly version: string;
  readonly suite: string;
  readonly transcript: Hash;
  readonly keys: SessionKeys;
  readonly request: ConnectionRequest;
  readonly accepted: ConnectionAccepted;
  readonly confirmation: VersionConfirmation;
}

export interface DeviceIdentity {
  readonly userId: string;
  readonly deviceId: string;
  readonly signingKey: SigningKey;
  readonly exchangeKey: ExchangeKey;
}

export interface RegisterOptions {
  /** Default: the subject's token. Null: none. */
  readonly enrolmentToken?: string | null;
  readonly register?: Bend<DeviceRegister>;
  readonly response?: Bend<RegistrationResponse>;
  /** Called between challenge and response. */
  readonly onChallenge?: (challenge: RegistrationChallenge) => Promise<void>;
}

export interface AuthenticateOptions {
  readonly request?: Bend<AuthRequest>;
  readonly response?: Bend<AuthResponse>;
  readonly onChallenge?: (challenge: AuthChallenge) => Promise<void>;
}

export interface DeviceOptions {
  readonly userId?: string;
  readonly identity?: DeviceIdentity;
  readonly negotiate?: NegotiateOptions;
}

export interface MessageOptions {
  readonly conversationId: string;
  /** User ids; the sender's own other devices are addressed as well. */
  readonly to: readonly string[];
  readonly text?: string;
  readonly classification?: string;
  readonly messageType?: string;
  readonly ttlSeconds?: number;
  /** Bends the finished message_send before it leaves. */
  readonly send?: Bend<MessageSend>;
}

/** A device of ours in an authenticated session. */
export interface Device {
  readonly identity: DeviceIdentity;
  readonly connection: DeviceConnection;
  readonly session: Session;
  readonly authenticated: AuthSuccess;

  /** Creates a conversation with these users (and ourselves as owner); returns its id. */
  createConversation(members: readonly string[], type?: 'direct' | 'group'): Promise<string>;
  /**
   * Fetches keys, seals for every recipient device and our others, sends. Returns what was sent;
   * receiving the ack is up to the case. Devices of users of peers of ours are known to the suite.
   */
  sendMessage(options: MessageOptions): Promise<MessageSend>;
  /** Builds the same without sending it. */
  composeMessage(options: MessageOptions): Promise<MessageSend>;
  /** Waits for a message, opens and verifies it; `opened` is null when it cannot be opened. */
  receiveMessage(options?: { withinMs?: number }): Promise<{
    readonly received: Received<MessageReceived>;
    readonly opened: string | null;
  }>;
  /** The same identity on a new connection, authenticated. The old connection is left as it is. */
  reconnect(): Promise<Device>;
}
