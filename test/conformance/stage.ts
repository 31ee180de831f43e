/**
 * What a case has in its hands: the subject's facts, devices and peer servers of ours, the DNS that
 * the subject asks, time, and `check`. The actors are written on reference/wire and reference/crypto
 * alone, so they share no protocol logic with the reference's layers.
 */

import type { Command } from '../../reference/core.ts';
import type { Crypto, JsonObject, SigningKey } from '../../reference/crypto/crypto.ts';
import type { Micros } from '../../reference/time.ts';
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { RequirementId } from '../../spec/emitted/requirement-ids.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import type {
  Device,
  DeviceConnection,
  DeviceOptions,
  UpgradeOptions,
  UpgradeRefused,
} from './actors/device.ts';
import type { Peer, PeerOptions } from './actors/peer.ts';
import type { Evidence } from './authority/evidence.ts';
import type { ProtocolVersion } from './case.ts';
import type { Web } from './web.ts';

export interface SubjectFacts {
  readonly serverId: string;
  /** The Ed25519 server key: base64url of 32 bytes, from its federation certificate. */
  readonly publicKey: string;
  readonly enrolmentToken: string;
  readonly capabilities: readonly string[];
  readonly versions: readonly string[];
}

export interface Stage {
  readonly subject: SubjectFacts;
  /** The version that our actors negotiate unless told otherwise. */
  readonly at: ProtocolVersion;
  readonly crypto: Crypto;
  /** Options of the ledger that this run judges by instead of ours (`--reading L-V02=a`). */
  readonly readings: ReadonlyMap<ReadingId, string>;
  /**
   * Whether this run judges by the alternative `key` of a ledger entry, which the case names in its
   * `readings`. A case that does not ask is judged by our reading whatever was chosen.
   */
  takes(id: ReadingId, key: string): boolean;

  /**
   * Judges: records the check and, when it does not hold, ends the case as failed. `detail` says
   * what a conforming subject does and what this one did.
   */
  check(
    id: RequirementId,
    holds: boolean,
    detail: { expected: unknown; got: unknown; what?: string },
  ): void;

  /** Upgrade only; the handshake is up to the case. */
  connect(options?: UpgradeOptions): Promise<DeviceConnection | UpgradeRefused>;
  /** A connected, registered, authenticated device of a fresh user (or of `options.userId`). */
  device(options?: DeviceOptions): Promise<Device>;
  /** A server of ours: own domain, certificate, DNS records, listening. */
  peer(options?: PeerOptions): Promise<Peer>;

  readonly dns: Zone;
  /** The pages that certificates of the suite point to. */
  readonly web: Web;
  /** What speaks for the chains of our servers. */
  readonly evidence: Evidence;
  /** The suite's time, as the subject should see it. */
  now(): Micros;
  /** Lets time pass: virtual in process, real (at most 2 s) on sockets. */
  pass(durationMs: number): Promise<void>;
  /** Stops the subject without warning and starts it with the same data directory. */
  restartSubject(): Promise<void>;
  /** Gives the subject an operator command. */
  command(command: Command): Promise<void>;

  /** The subject's own server key, as a thief has it. */
  stolenKey(): SigningKey;

  /** Unpredictable to the subject, repeatable from the run's seed. */
  entropy(lengthBytes: number): Uint8Array;
  /** Fresh lowercase UUID version 4. */
  uuid(): string;
  /** A fresh domain name under the suite's zone. */
  domain(hint: string): string;
}

export interface ZoneQuery {
  readonly name: string;
  readonly type: string;
  /** Which of the resolvers that the subject was given was asked, from 0. */
  readonly vantage: number;
}

/** The DNS zone that the subject asks. */
export interface Zone {
  addTxt(name: string, value: string): void;
  removeTxt(name: string): void;
  /** What stands there now, published by the suite or by the subject. */
  txtOf(name: string): readonly string[];
  /** Look-ups the subject made so far, oldest first. */
  readonly queries: readonly ZoneQuery[];
  /** Answers SERVFAIL for this name from now on. `vantage`: only where this resolver is asked. */
  fail(name: string, vantage?: number): void;
  /** What this resolver alone answers for the name, whatever stands in the zone. */
  pretendTxt(name: string, vantage: number, values: readonly string[]): void;
}

/** A message as received, with its exact bytes. */
export interface Received<T = NorcMessage> {
  readonly message: T;
  readonly text: string;
  readonly at: Micros;
}

/** How a case bends a message of ours before it leaves. */
export type Bend<T> = (message: T) => JsonObject;
