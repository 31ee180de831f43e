/** Reads what `norc fuzz` was given into a plan, or says in one line what is wrong. */
import { randomInt } from 'node:crypto';
import type { ProtocolVersion } from '../../test/conformance/case.ts';
import { type CryptoTier, cryptoTiers } from '../../test/fuzz/crypto-tier.ts';
import { oneOf, wholeNumber } from '../test-run/options.ts';
import { type Subject, type SubjectFlags, subjectOf } from '../test-run/subject.ts';
import { UsageError } from '../usage-error.ts';

/** As commander gives them. */
export interface FuzzFlags extends SubjectFlags {
  readonly layer?: readonly string[];
  readonly runs?: string;
  readonly time?: string;
  readonly seed?: string;
  readonly at: string;
  readonly ground?: string;
  readonly crypto?: string;
  readonly replay?: string;
  readonly out: string;
  readonly json?: true;
}

export type FuzzLayer = 'c' | 'f' | 't';

export interface FuzzPlan {
  readonly subject: Subject;
  readonly ground: 'sockets' | 'in-process';
  /** In process; on sockets it is real. */
  readonly crypto: CryptoTier;
  readonly layers: readonly FuzzLayer[];
  /** Attempts of each handshake; infinite where only time ends them. */
  readonly runs: number;
  readonly timeMs: number;
  /** int32 */
  readonly seed: number;
  readonly at: ProtocolVersion;
  readonly replay: string | null;
  readonly out: string;
  readonly json: boolean;
}

const DEFAULT_RUNS = 1000;
const MOST_RUNS = 1_000_000_000;
const INT32 = 2 ** 31 - 1;

export function fuzzPlanOf(flags: FuzzFlags, target: string | undefined): FuzzPlan {
  const subject = subjectOf(flags, target);
  const ours = subject.kind === 'reference';
  const ground = flags.ground ?? (ours ? 'in-process' : 'sockets');
  const plan: FuzzPlan = {
    subject,
    ground: oneOf('--ground', ground, ['sockets', 'in-process']),
    crypto: tierOf(flags, ground),
    layers: layersOf(flags.layer),
    runs: runsOf(flags),
    timeMs: flags.time === undefined ? Number.POSITIVE_INFINITY : durationMs(flags.time),
    seed: flags.seed === undefined ? randomInt(INT32) : wholeNumber('--seed', flags.seed, 0, INT32),
    at: oneOf('--at', flags.at, ['1.0', '1.1', '2.0']),
    replay: flags.replay ?? null,
    out: flags.out,
    json: flags.json === true,
  };
  if (plan.ground === 'in-process' && !ours) {
    throw new UsageError('--ground in-process attacks the reference: leave the target out');
  }
  return plan;
}

export const DEFAULT_TIER = 'memo';

function tierOf({ crypto }: FuzzFlags, ground: string): CryptoTier {
  if (ground === 'in-process') return oneOf('--crypto', crypto ?? DEFAULT_TIER, cryptoTiers);
  if (crypto === undefined || crypto === 'real') return 'real';
  throw new UsageError(`--crypto ${crypto}: on sockets it is real`);
}

function layersOf(words: readonly string[] = ['c', 'f', 't']): readonly FuzzLayer[] {
  const letters = words.flatMap((word) => word.split(','));
  return [...new Set(letters.map((word) => oneOf('--layer', word, ['c', 'f', 't'] as const)))];
}

function runsOf({ runs, time }: FuzzFlags): number {
  if (runs !== undefined) return wholeNumber('--runs', runs, 1, MOST_RUNS);
  return time === undefined ? DEFAULT_RUNS : MOST_RUNS;
}

const units: { readonly [unit: string]: number } = { s: 1000, m: 60_000, h: 3_600_000 };

function durationMs(text: string): number {
  const { count, unit = 's' } = /^(?<count>\d+)(?<unit>[smh])?$/.exec(text)?.groups ?? {};
  const ms = Number(count) * (units[unit] ?? Number.NaN);
  if (ms > 0) return ms;
  throw new UsageError(`--time ${text}: say for example 60s, 5m or 1h`);
}
