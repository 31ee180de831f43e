/** What a world is made of: everything that a run follows from, with the code. */
import type { MustOptions } from '../../reference/assert.ts';
import type { Policy } from '../../reference/config.ts';
import type { Program } from '../adversary/program.ts';
import type { Tick, TiePolicy } from '../kernel/kernel.ts';
import type { PathShape } from '../network/path.ts';
import type { ClockChange } from './server-clock.ts';

export interface WorldSpec {
  readonly seed: number;
  /** True time at tick 0, in Unix seconds. */
  readonly startSeconds: number;
  readonly ties: TiePolicy;
  readonly crypto: CryptoTier;
  readonly servers: readonly ServerSpec[];
  readonly paths: PathShape;
  readonly lookupTicks: Tick;
  /** Between two syncs of every disk. */
  readonly syncTicks: Tick;
  /** Guards that are switched off in every server: a mutant. */
  readonly off: NonNullable<MustOptions['off']>;
}

/**
 * `memo`: as real, but what was computed once is remembered. `symbolic`: public-key cryptography as
 * names (symbolic-primitives.ts).
 */
export const cryptoTiers = ['real', 'memo', 'symbolic'] as const;
export type CryptoTier = (typeof cryptoTiers)[number];

export interface ServerSpec {
  /** Its domain name, which is its identity: draws follow from it, not from its place. */
  readonly id: string;
  readonly versions: readonly string[];
  readonly clock: ClockChange;
  readonly policy: Policy;
  /** Users, each with one device, `user<n>@<id>`. */
  readonly users: number;
  /** When its certificate ends, in seconds from the start; null: long after the run. */
  readonly certificateUntilSeconds: number | null;
  /** What it does that the protocol forbids (sim/adversary). */
  readonly program: Program | null;
}

/** When every simulated run begins: an instant of no meaning, long enough after 1970. */
export const START_SECONDS = 1_800_000_000;
