/** Options that every question about a graph takes, and what they mean. */
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { checkRule, literalRule, type Rule } from '../rule.ts';
import type { LoadOptions } from './load.ts';

export interface Given {
  readonly format?: string;
  readonly columns?: string;
  readonly scale: number;
  readonly topology?: true;
  readonly defaultWeight: number;
  readonly at?: number;
  readonly path: Rule['path'];
  readonly tie: Rule['tie'];
  readonly strength: Rule['strength'];
  readonly firstHop: Rule['firstHop'];
  readonly decay: number;
  readonly hops: number;
  readonly thresholds: readonly number[];
  readonly seed: number;
  readonly threads: number;
  readonly memory?: number;
  readonly json?: true;
  readonly csv?: true;
  readonly out?: string;
  readonly parquet?: true;
  readonly emitOracle?: string;
}

export function numberArgument(value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new InvalidArgumentError('a number');
  return parsed;
}

export function wholeArgument(value: string): number {
  const parsed = numberArgument(value);
  if (!Number.isSafeInteger(parsed) || parsed < 0) throw new InvalidArgumentError('a whole number');
  return parsed;
}

/** Seconds since 1970, or an ISO date, which is a time of UTC. */
export function timeArgument(value: string): number {
  const seconds = /^\d+$/.test(value) ? Number(value) : Date.parse(value) / 1000;
  const isDate = /^\d+$|^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/.test(value);
  if (isDate && Number.isSafeInteger(seconds)) return seconds;
  throw new InvalidArgumentError('seconds since 1970, 2026-01-31 or 2026-01-31T12:00:00Z');
}

export const listArgument = (value: string): readonly number[] =>
  value.split(',').map(numberArgument);

export function addGraphOptions(command: Command): Command {
  return command
    .option('--format <name>', 'edge-list, metis, graphml, gexf, dot, certificates (by the name)')
    .option(
      '--columns <list>',
      'source=0,target=1,weight=2,time=3: numbers, or names of the header',
    )
    .option('--scale <weight>', 'the weight that means full trust', numberArgument, 1)
    .option('--topology', 'every row is an edge of full trust, whatever its weight')
    .option('--default-weight <weight>', 'of edges in a file without weights', numberArgument, 1)
    .option('--at <time>', 'certificates that are live then; seconds or a date', timeArgument);
}

export function addRuleOptions(command: Command): Command {
  const choice = (flags: string, what: string, choices: readonly string[], standard: string) =>
    new Option(flags, what).choices(choices).default(standard);
  return command
    .addOption(
      choice('--path <rule>', 'which paths count', ['shortest', 'within-hops'], literalRule.path),
    )
    .addOption(
      choice('--tie <rule>', 'among shortest', ['best', 'worst', 'first'], literalRule.tie),
    )
    .addOption(
      choice(
        '--strength <rule>',
        'what a path is worth',
        ['product', 'minimum', 'weakest'],
        literalRule.strength,
      ),
    )
    .addOption(
      choice('--first-hop <rule>', 'decays or not', ['decayed', 'whole'], literalRule.firstHop),
    )
    .option('--decay <factor>', 'of each hop', numberArgument, literalRule.decay)
    .option('--hops <n>', 'longest path', wholeArgument, literalRule.hops)
    .option(
      '--thresholds <list>',
      'least scores of basic, verified, classified, nato',
      listArgument,
      literalRule.thresholds,
    );
}

export function addRunOptions(command: Command): Command {
  return command
    .option('--seed <n>', 'of everything drawn at random', wholeArgument, 1)
    .option('--threads <n>', 'workers', wholeArgument, Math.min(2, availableParallelism()))
    .option('--memory <MiB>', 'most that may be used (what is free)', wholeArgument)
    .option('--json', 'print one JSON document')
    .option('--csv', 'print the first table as CSV')
    .option('--out <folder>', 'write JSON, CSV and SVG there; a stopped run goes on from there')
    .option('--parquet', 'with --out: tables as Parquet too')
    .option('--emit-oracle <folder>', 'write a Python script that recomputes the figures');
}

export const ruleOf = (given: Given): Rule =>
  checkRule({
    path: given.path,
    tie: given.tie,
    strength: given.strength,
    firstHop: given.firstHop,
    decay: given.decay,
    hops: given.hops,
    thresholds: given.thresholds,
  });

export const loadOptionsOf = (given: Given, progress?: (text: string) => void): LoadOptions => ({
  ...(given.format ? { format: given.format } : {}),
  ...(given.columns ? { columns: given.columns } : {}),
  scale: given.scale,
  take: given.topology ? 'topology' : 'weights',
  defaultWeight: given.defaultWeight,
  ...(given.at === undefined ? {} : { at: given.at }),
  ...(progress ? { progress } : {}),
});

export const namesArgument = (value: string): readonly string[] =>
  value.split(',').map((name) => name.trim());
