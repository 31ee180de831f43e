/**
 * What actors stand on: channels to a running subject. The sockets ground makes them of TLS, WebSocket,
 * HTTP/2 and DNS over UDP; the in-process ground of the reference's node on a virtual clock. Actors and
 * cases cannot tell which.
 */
import type { Command } from '../../reference/core.ts';
import type { Micros } from '../../reference/time.ts';
import type { Closed, UpgradeOptions, UpgradeRefused } from './actors/device.ts';
import type { LinkRefused } from './actors/peer.ts';
import type { PolicyChange } from './case.ts';
import type { SubjectFacts, Zone } from './stage.ts';
import type { Web } from './web.ts';

/** A private key and chain as files and TLS stacks want them. */
export interface TlsIdentity {
  /** Leaf first, without the root. */
  readonly certificatesPem: string;
  readonly keyPem: string;
  /** base64url DER, leaf first, without the root. */
  readonly chain: readonly string[];
}

export interface Ground {
  readonly name: 'sockets' | 'in-process';
  /** True when waiting costs no real time. */
  readonly virtualTime: boolean;
  /** True when every start gives a subject of its own, which disturbs no other. */
  readonly several?: boolean;
  /** Starts a subject (or reaches a running one) with this policy. Throws `SubjectUnreachable`. */
  start(options: {
    policy: PolicyChange;
    versions: readonly string[] | null;
  }): Promise<RunningSubject>;
  close(): Promise<void>;
}

export interface RunningSubject {
  readonly facts: SubjectFacts;
  /** 32 bytes of its server key, where the suite has made that key. */
  readonly keySeed?: Uint8Array;
  readonly can: {
    readonly restart: boolean;
    readonly command: boolean;
    readonly virtualTime: boolean;
  };

  upgrade(
    options: Required<Pick<UpgradeOptions, 'path' | 'subprotocols'>> & UpgradeOptions,
  ): Promise<DeviceChannel | UpgradeRefused>;
  dial(options: {
    alpn: readonly string[];
    identity: TlsIdentity | null;
    maxTls: '1.2' | '1.3';
  }): Promise<LinkChannel | LinkRefused>;
  /** Makes a server of ours reachable for the subject: DNS SRV and address, TLS with this identity. */
  listen(server: {
    serverId: string;
    identity: TlsIdentity;
    alpn: readonly string[];
    onRequest: (request: ChannelRequest) => void;
  }): Promise<{ close(): Promise<void> }>;

  readonly zone: Zone;
  readonly web: Web;
  now(): Micros;
  pass(durationMs: number): Promise<void>;
  /**
   * Waits until `found` yields something, or gives undefined when the time is over. It is asked again
   * whenever anything comes from the subject. For what actors gather from `onRequest`.
   */
  until<T>(found: () => T | undefined, withinMs: number): Promise<T | undefined>;
  /** Kills it and starts it again with the same data. All channels break. */
  restart(): Promise<void>;
  command(command: Command): Promise<void>;
  /** Last lines of the subject's output, for a report of its death. */
  output(): string;
  /** Requirement ids that the subject says its guards have checked; null when it does not tell. */
  exercised(): readonly string[] | null;
  close(): Promise<void>;
}

export interface DeviceChannel {
  readonly refused: false;
  readonly subprotocol: string;
  readonly headers: { readonly [name: string]: string | undefined };
  send(frame: string | Uint8Array): Promise<void>;
  /** Null when nothing comes within the time. */
  next(withinMs: number): Promise<{ closed: false; text: string; at: Micros } | Closed | null>;
  close(): Promise<void>;
}

export interface LinkChannel {
  readonly refused: false;
  readonly alpn: string | null;
  /** Rejects with `LinkBroken` when the connection dies before an answer. */
  request(
    path: string,
    /** Null: a GET, which has none. */
    body: string | Uint8Array | null,
    headers: { readonly [name: string]: string },
    withinMs: number,
  ): Promise<{ status: number; text: string }>;
  closed(withinMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** A request of the subject to a server of ours. */
export interface ChannelRequest {
  readonly path: string;
  readonly text: string;
  readonly proof: string | null;
  readonly alpn: string | null;
  readonly alpnOffer: readonly string[];
  /** base64url DER of the subject's chain, leaf first. */
  readonly certificates: readonly string[];
  readonly at: Micros;
  answer(status: number, body: string): void;
}

/** The subject could not be started or reached, died, or spoke nonsense (exit code 3). */
export class SubjectUnreachable extends Error {
  override readonly name = 'SubjectUnreachable';
  /** What it said last. */
  readonly output: string;
  constructor(what: string, output: string) {
    super(what);
    this.output = output;
  }
}

export class LinkBroken extends Error {
  override readonly name = 'LinkBroken';
}
