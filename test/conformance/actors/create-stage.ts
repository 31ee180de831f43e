/**
 * The stage of one case: its actors, its entropy, its judge, and what it has to give back at the
 * end.
 */
import type { Crypto } from '../../../reference/crypto/crypto.ts';
import type { ReadingId } from '../../../spec/emitted/reading-ids.ts';
import type { Authority } from '../authority.ts';
import { type ProtocolVersion, Untestable } from '../case.ts';
import type { RunningSubject } from '../ground.ts';
import type { Stage } from '../stage.ts';
import { createEnvironment } from './create-environment.ts';
import { createDeviceActor } from './device-actor.ts';
import { createResources } from './environment.ts';
import type { Exchanged } from './exchange.ts';
import { createJudge, type Judge } from './judge.ts';
import { createPeer } from './peer-actor.ts';

export interface StageOptions {
  readonly subject: RunningSubject;
  readonly at: ProtocolVersion;
  /** With `caseId`, decides all entropy and all names of the case. */
  readonly seed: string;
  readonly caseId: string;
  readonly authority: Authority;
  readonly crypto: Crypto;
  /** Options of the ledger to judge by instead of ours. Default: none. */
  readonly readings?: ReadonlyMap<ReadingId, string>;
}

export interface RunningStage extends Stage {
  /** Ledger entries that the case has asked about. */
  readonly consulted: ReadonlySet<ReadingId>;
  readonly checks: Judge['checks'];
  readonly counts: Judge['counts'];
  readonly exchange: readonly Exchanged[];
  /**
   * To be called when the case has ended well: throws what our answering side has found wrong with
   * the subject and nobody has been told of yet.
   */
  settle(): void;
  /** Closes everything that the case has opened. Never fails. */
  close(): Promise<void>;
}

export function createStage(options: StageOptions): RunningStage {
  const { subject, at, crypto, readings = new Map<ReadingId, string>() } = options;
  const consulted = new Set<ReadingId>();
  const judge = createJudge();
  const resources = createResources();
  const environment = createEnvironment({ ...options, judge, opened: resources.opened });
  const devices = createDeviceActor(environment);
  return {
    subject: subject.facts,
    at,
    crypto,
    readings,
    takes(id, key) {
      consulted.add(id);
      return readings.get(id) === key;
    },
    consulted,
    check: judge.check,
    connect: devices.connect,
    device: devices.device,
    peer: (peerOptions) => createPeer(environment, peerOptions),
    dns: subject.zone,
    web: subject.web,
    evidence: options.authority.evidence,
    now: () => subject.now(),
    async pass(durationMs) {
      await subject.pass(durationMs);
      environment.surface();
    },
    async restartSubject() {
      if (!subject.can.restart) throw new Untestable('the suite cannot restart this subject');
      await subject.restart();
    },
    async command(command) {
      if (!subject.can.command) throw new Untestable('this subject takes no operator commands');
      await subject.command(command);
    },
    stolenKey() {
      const { keySeed } = subject;
      if (!keySeed) throw new Untestable('the suite has not made the key of this subject');
      return crypto.signingKey(keySeed);
    },
    entropy: environment.chance.entropy,
    uuid: environment.chance.uuid,
    domain: environment.chance.domain,
    checks: judge.checks,
    counts: judge.counts,
    exchange: environment.exchange.entries,
    settle: environment.surface,
    close: resources.closeAll,
  };
}
