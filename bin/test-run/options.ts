/** Reads what `norc test` was given into a plan, or says in one line what is wrong and how to mend it. */
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { ProtocolVersion } from '../../test/conformance/case.ts';
import { type CaseLayer, everything, type Selection } from '../../test/conformance/select.ts';
import { UsageError } from '../usage-error.ts';
import { type Subject, type SubjectFlags, subjectOf } from './subject.ts';

/** As commander gives them. */
export interface TestFlags extends SubjectFlags {
  readonly ground: string;
  readonly only?: readonly string[];
  readonly layer?: readonly string[];
  readonly level: string;
  readonly at: string;
  readonly shard?: string;
  readonly baseline?: string;
  readonly reading?: readonly string[];
  readonly seed?: string;
  readonly jobs: string;
  readonly out: string;
  readonly list?: true;
  readonly dryRun?: true;
  readonly json?: true;
  readonly verbose?: true;
}

/** Options of the ledger that the run judges by instead of ours. */
export type ChosenReadings = ReadonlyMap<ReadingId, string>;

export interface TestPlan {
  readonly subject: Subject;
  readonly selection: Selection;
  readonly ground: 'sockets' | 'in-process';
  readonly at: ProtocolVersion;
  readonly seed: string;
  readonly jobs: number;
  readonly out: string;
  /** Case ids that are known to fail. */
  readonly baseline: readonly string[];
  readonly readings: ChosenReadings;
  readonly mode: 'run' | 'list' | 'dry-run';
  readonly json: boolean;
  readonly verbose: boolean;
}

/** What needs a parser is loaded only where it is asked for. */
export async function planOf(
  flags: TestFlags,
  target: string | undefined,
  freshSeed: () => string,
): Promise<TestPlan> {
  const plan = {
    subject: subjectOf(flags, target),
    selection: {
      only: flags.only ?? everything.only,
      layers: (flags.layer ?? []).flatMap((word) => word.split(',')).map(layerOf),
      level: oneOf('--level', flags.level, ['must', 'should', 'may']),
      shard: shardOf(flags.shard),
    },
    ground: oneOf('--ground', flags.ground, ['sockets', 'in-process']),
    at: oneOf('--at', flags.at, ['1.0', '1.1', '2.0']),
    seed: flags.seed ?? freshSeed(),
    jobs: wholeNumber('--jobs', flags.jobs, 1, 32),
    out: flags.out,
    mode: modeOf(flags),
    json: flags.json === true,
    verbose: flags.verbose === true,
  } satisfies Partial<TestPlan>;
  if (plan.ground === 'in-process' && plan.subject.kind !== 'reference') {
    throw new UsageError('--ground in-process judges the reference: leave the target out');
  }
  const baseline = flags.baseline && (await import('./baseline.ts')).readBaseline(flags.baseline);
  const readings = flags.reading && (await import('./chosen-readings.ts')).chosen(flags.reading);
  return { ...plan, baseline: baseline || [], readings: readings ?? new Map() };
}

function modeOf(flags: TestFlags): TestPlan['mode'] {
  if (flags.list) return 'list';
  return flags.dryRun ? 'dry-run' : 'run';
}

export function oneOf<T extends string>(flag: string, word: string, allowed: readonly T[]): T {
  const found = allowed.find((value) => value === word.toLowerCase());
  if (!found) throw new UsageError(`${flag} ${word}: say one of ${allowed.join(', ')}`);
  return found;
}

const layerWords: { readonly [word: string]: CaseLayer } = {
  x: 'wire',
  w: 'wire',
  wire: 'wire',
  c: 'client',
  client: 'client',
  f: 'federation',
  federation: 'federation',
  t: 'trust',
  trust: 'trust',
};

function layerOf(word: string): CaseLayer {
  const layer = layerWords[word.toLowerCase()];
  if (!layer) throw new UsageError(`--layer ${word}: say x, c, f or t`);
  return layer;
}

function shardOf(text: string | undefined): Selection['shard'] {
  if (text === undefined) return everything.shard;
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || of === undefined || index < 1 || index > of) {
    throw new UsageError(`--shard ${text}: say for example 2/5, the second of five shares`);
  }
  return { index, of };
}

export function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`${flag} ${text}: say a whole number from ${least} to ${most}`);
  }
  return value;
}
