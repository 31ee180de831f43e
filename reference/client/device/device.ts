/**
 * What goes into a device and what comes out of it, sans-I/O like the server (reference/core.ts):
 * inputs with the time, effects in the order they must be done.
 */

import type { NorcMessage } from '../../../spec/messages.ts';
import type { Json } from '../../../spec/schema.ts';
import type { Context, Frame, Row, Table } from '../../core.ts';
import type { Micros } from '../../time.ts';
import type { DeviceBinding } from '../signed-objects.ts';

export type DeviceInput =
  /** The upgrade succeeded. Header names are lowercase. */
  | {
      type: 'connected';
      connection: string;
      subprotocol: string;
      headers: { readonly [name: string]: string | undefined };
    }
  | { type: 'frame-received'; connection: string; frame: Frame }
  /** Also when the upgrade was refused or never came about. */
  | { type: 'connection-closed'; connection: string }
  | { type: 'timer-fired'; timer: string }
  | { type: 'command-given'; command: DeviceCommand };

export type DeviceCommand =
  | { command: 'connect' }
  | { command: 'disconnect' }
  /** Enrols this device as soon as there is a connection. */
  | { command: 'register'; enrolmentToken?: string; authorization?: DeviceAuthorization }
  /** Opens a session now and whenever the connection is back. */
  | { command: 'authenticate' }
  | {
      command: 'create-conversation';
      conversationId: string;
      kind: 'direct' | 'group' | 'channel' | 'broadcast';
      name: string;
      members: readonly string[];
    }
  | ({ command: 'send' } & OutgoingText)
  | { command: 'request-keys'; users: readonly string[] }
  /** Where the configuration leaves confirming to the user. */
  | { command: 'acknowledge'; messageId: string }
  | { command: 'read'; messageId: string; conversationId: string }
  | {
      command: 'revoke-device';
      deviceId: string;
      reason: 'compromised' | 'lost' | 'retired';
      effectiveSeconds?: number;
    }
  /** Vouches for another device of the same user (L-C01); what it yields goes there out of band. */
  | { command: 'authorize-device'; binding: DeviceBinding }
  /** Keys compared or carried over out of band, of users whose server cannot be asked. */
  | { command: 'import-keys'; devices: readonly DeviceBinding[] };

export interface DeviceAuthorization {
  readonly authorizer: string;
  readonly signature: string;
}

export interface OutgoingText {
  readonly messageId: string;
  readonly conversationId: string;
  readonly recipients: readonly string[];
  readonly text: string;
  readonly classification?: string;
  readonly expiresAtSeconds?: number;
  readonly replyTo?: string;
  readonly editOf?: string;
}

export type DeviceEffect =
  /** Dial and upgrade. `headers` are those of the request. */
  | {
      type: 'connect';
      connection: string;
      path: string;
      queryVersion: string;
      subprotocols: readonly string[];
      headers: { readonly [name: string]: string };
    }
  | { type: 'send'; connection: string; message: NorcMessage }
  | { type: 'close'; connection: string; code: number; reason: string }
  | { type: 'set-timer'; timer: string; at: Micros }
  | { type: 'cancel-timer'; timer: string }
  | { type: 'persist'; table: Table; key: string; value: Json }
  | { type: 'state-changed'; state: DevicePhase }
  | { type: 'registered'; deviceId: string }
  | { type: 'conversation-created'; conversationId: string }
  | ({ type: 'display' } & Displayed)
  /** What became of a message of ours. */
  | {
      type: 'progressed';
      messageId: string;
      status: 'sent' | 'delivered' | 'read' | 'failed';
      errorCode: number | null;
    }
  /** The server refused something else. */
  | { type: 'refused'; what: string; errorCode: number }
  | { type: 'keys-known'; userId: string; deviceIds: readonly string[] }
  /** Something a user should look at: a device nobody vouched for, a changed key (L-C19). */
  | { type: 'warned'; warning: Warning; userId: string; deviceId: string }
  | { type: 'authorized'; deviceId: string; authorization: DeviceAuthorization }
  | {
      type: 'log';
      event: 'dropped' | 'compatibility-mode' | 'noted';
      requirement: string | null;
      detail: string;
    };

export type Warning = 'unvouched-device' | 'changed-key' | 'integrity' | 'revoked-device';
export type DevicePhase = 'closed' | 'connecting' | 'authenticating' | 'authenticated';

export interface Displayed {
  readonly conversation: string;
  readonly sender: string;
  readonly device: string;
  readonly messageId: string;
  readonly messageType: string;
  readonly classification: string;
  readonly content: string;
  readonly sentAt: Micros;
  /** True when messages before it in its chain are missing (L-E18). */
  readonly gap: boolean;
}

/** As in the server, but for what is emitted. */
export interface DeviceContext extends Omit<Context, 'emit' | 'x509'> {
  emit(effect: DeviceEffect): void;
}

export interface Device {
  readonly phase: DevicePhase;
  /** Called once, before any input, with the durable rows. */
  restore(rows: readonly Row[]): void;
  handle(input: DeviceInput, context: DeviceContext): void;
}
