/** Reads what `norc test` was given into a plan, or says in one line what is wrong and how to mend it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadReadings } from '../../spec/register.ts';
import type { ProtocolVersion } from '../../test/conformance/case.ts';
import { type CaseLayer, everything, type Selection } from '../../test/conformance/select.ts';
import { UsageError } from '../usage-error.ts';

/** As commander gives them. */
export interface TestFlags {
  readonly url?: string;
  readonly command?: string;
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

export interface TestPlan {
  readonly selection: Selection;
  readonly ground: 'sockets' | 'in-process';
  readonly at: ProtocolVersion;
  readonly seed: string;
  readonly jobs: number;
  readonly out: string;
  /** Case ids that are known to fail. */
  readonly baseline: readonly string[];
  readonly readings: readonly string[];
  readonly mode: 'run' | 'list' | 'dry-run';
  readonly json: boolean;
  readonly verbose: boolean;
}

export function planOf(flags: TestFlags, freshSeed: () => string): TestPlan {
  return {
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
    baseline: flags.baseline ? readBaseline(flags.baseline) : [],
    readings: (flags.reading ?? []).map(readingOf),
    mode: modeOf(flags),
    json: flags.json === true,
    verbose: flags.verbose === true,
  };
}

function modeOf(flags: TestFlags): TestPlan['mode'] {
  if (flags.list) return 'list';
  return flags.dryRun ? 'dry-run' : 'run';
}

function oneOf<T extends string>(flag: string, word: string, allowed: readonly T[]): T {
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

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`${flag} ${text}: say a whole number from ${least} to ${most}`);
  }
  return value;
}

function readingOf(text: string): string {
  const [, id, key] = /^(L-[A-Z]\d{2})=([a-z])$/.exec(text) ?? [];
  const reading = loadReadings().find((entry) => entry.id === id);
  if (!id || !key || !reading) {
    throw new UsageError(`--reading ${text}: say for example L-V02=a (norc explain L-V02)`);
  }
  if (reading.testable_alternative !== key && reading.option !== key) {
    const offered = reading.testable_alternative ?? 'none';
    throw new UsageError(`--reading ${text}: ${id} has no such alternative (testable: ${offered})`);
  }
  return text;
}

/** A YAML list of case ids, or `{ known: [...] }`. */
function readBaseline(file: string): readonly string[] {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new UsageError(`--baseline ${file}: ${(thrown as Error).message}`);
  }
  const known = Array.isArray(content) ? content : (content as { known?: unknown } | null)?.known;
  if (!Array.isArray(known) || known.some((id) => typeof id !== 'string')) {
    throw new UsageError(`--baseline ${file}: expected a list of case ids`);
  }
  return known as string[];
}
