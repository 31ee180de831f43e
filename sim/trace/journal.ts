/**
 * What has happened, as somebody outside the servers can see it: what crosses links, what servers
 * write into their logs, what operators and faults do. Monitors read this and nothing else.
 */
import type { AuditEvent, Command, Input, LogEntry } from '../../reference/core.ts';
import type { DeviceEffect } from '../../reference/node/device.ts';
import type { Tick } from '../kernel/kernel.ts';
import type { Parcel } from '../network/parcel.ts';

export type Happening =
  /** A message, or the end of a connection, leaves for a peer. */
  | { readonly event: 'sent'; readonly peer: string; readonly parcel: Parcel }
  | { readonly event: 'received'; readonly peer: string; readonly parcel: Parcel }
  /** Any other input of a node: a timer, a look-up, a broken link. */
  | { readonly event: 'noticed'; readonly peer: string; readonly input: Input }
  | { readonly event: 'started' }
  | { readonly event: 'crashed' }
  | { readonly event: 'commanded'; readonly command: Command }
  | { readonly event: 'logged'; readonly entry: LogEntry }
  | { readonly event: 'audited'; readonly entry: Audited }
  /** What a device shows its user, or tells it of a message. */
  | { readonly event: 'shown'; readonly user: string; readonly effect: DeviceEffect }
  /** A user has said something. */
  | {
      readonly event: 'said';
      readonly user: string;
      readonly to: string;
      readonly messageId: string;
    }
  | { readonly event: 'plan'; readonly item: string; readonly phase: 'begun' | 'ended' }
  /** A node has thrown: a defect of ours. */
  | { readonly event: 'threw'; readonly during: string; readonly error: string };

/** An entry of a server's audit log, as the log has it. */
export type Audited = Pick<AuditEvent, 'action' | 'target' | 'result' | 'parameters'> & {
  readonly type: string;
};

export interface Entry {
  readonly at: Tick;
  /** Number of the kernel event during which it happened, and of the one that caused that. */
  readonly sequence: number;
  readonly cause: number;
  /** Empty where no server is concerned. */
  readonly server: string;
  readonly happening: Happening;
}

export type Journal = (entry: Entry) => void;
