/**
 * What the sockets ground needs of a subject: how to start it, where to reach it, what it can do.
 */
import type { Command } from '../../../reference/core.ts';
import type { PolicyChange } from '../case.ts';
import type { SubjectUnreachable } from '../ground.ts';
import type { SubjectFacts } from '../stage.ts';
import type { WebPages } from '../web.ts';
import type { ZoneRecords } from '../zone.ts';

export interface Target {
  /** In words, for messages to whoever runs the suite. */
  readonly name: string;
  readonly can: { readonly restart: boolean; readonly command: boolean };
  /** Every start gives a server of its own. */
  readonly several?: boolean;
  /**
   * Where the suite's DNS server must listen so that the subject asks it: `address:port` (of each
   * vantage point, comma-separated), `any`
   * when the subject is told, `nowhere` when it asks other servers.
   */
  readonly dns: string;
  /** Throws `SubjectUnreachable`. */
  start(options: TargetStart): Promise<RunningTarget>;
}

export interface TargetStart {
  readonly policy: PolicyChange;
  /** Null: all it speaks. */
  readonly versions: readonly string[] | null;
  /** `address:port` of the suite's DNS server; null when there is none. */
  readonly dns: string | null;
  /** Where certificates of the subject are to point to. */
  readonly web: WebPages;
  /** The subject's own records go here too. */
  readonly zone: ZoneRecords;
  /** The subject has ended without being told to. */
  readonly onDeath: (death: SubjectUnreachable) => void;
}

export interface RunningTarget {
  readonly facts: SubjectFacts;
  /** 32 bytes of its server key, where the suite has made that key. */
  readonly keySeed?: Uint8Array;
  /** Why nothing can be tested on it as it was asked for, in words; else null. */
  readonly obstacle: string | null;
  /** As of now: a restart may change ports. */
  endpoints(): Endpoints;
  restart(): Promise<void>;
  command(command: Command): Promise<void>;
  /** Last lines that it said. */
  output(): string;
  exercised(): readonly string[] | null;
  close(): Promise<void>;
}

export interface Endpoints {
  readonly clientUrl: URL;
  /** PEM; null: the roots of the system. */
  readonly clientRoots: string | null;
  /**
   * Null when the subject's federation port is unknown, or no identity of ours is accepted there.
   */
  readonly federation: {
    readonly host: string;
    readonly port: number;
    readonly serverId: string;
    readonly roots: string | null;
  } | null;
}
