/**
 * The numbers of a run, counted once for every report: requirements by layer and level, cases by
 * verdict, and the one sentence that says how the run ended (architecture §5).
 */
import {
  type CaseResult,
  type RequirementResult,
  type Results,
  type Verdict,
  verdicts,
} from './results.ts';

export type Layer = RequirementResult['layer'];
export type Level = RequirementResult['level'];

export const layers = ['cross-cutting', 'client', 'federation', 'trust'] as const;
export const levels = ['MUST', 'MUST NOT', 'SHOULD', 'MAY'] as const;

export const layerTitles: { readonly [layer in Layer]: string } = {
  'cross-cutting': 'Cross-cutting',
  client: 'NORC-C, client',
  federation: 'NORC-F, federation',
  trust: 'NORC-T, trust',
};

export type Counts = { readonly [verdict in Verdict]: number };

export interface Row {
  readonly layer: Layer;
  readonly level: Level;
  /** How many of them have a level that the audit assigned. */
  readonly assigned: number;
  readonly total: number;
  readonly counts: Counts;
}

interface Judged {
  readonly verdict: Verdict;
}

export function countsOf(items: readonly Judged[]): Counts {
  const counts = Object.fromEntries(verdicts.map((verdict) => [verdict, 0])) as {
    [verdict in Verdict]: number;
  };
  for (const { verdict } of items) counts[verdict] += 1;
  return counts;
}

/** One row for each layer and level that has requirements, in the order of the register. */
export function rowsOf(requirements: readonly RequirementResult[]): readonly Row[] {
  return layers
    .flatMap((layer) => levels.map((level) => ({ layer, level })))
    .map(({ layer, level }) => {
      const of = requirements.filter((row) => row.layer === layer && row.level === level);
      const assigned = of.filter((row) => row.assigned).length;
      return { layer, level, assigned, total: of.length, counts: countsOf(of) };
    })
    .filter(({ total }) => total > 0);
}

/** Requirements on which a verdict fell: an untestable one never counts as passed. */
export function judgedOf(counts: Counts): number {
  return counts.pass + counts.fail + counts.warn;
}

export type Tone = 'pass' | 'fail' | 'warn' | 'error' | 'nothing';

/** The run in a word, in the order of the exit codes. */
export function toneOf(results: Results): Tone {
  const cases = countsOf(unlisted(results));
  if (cases.error > 0) return 'error';
  if (cases.fail > 0) return 'fail';
  if ((results.baseline?.stale.length ?? 0) > 0) return 'fail';
  if (judgedOf(countsOf(results.cases)) === 0) return 'nothing';
  return countsOf(results.cases).warn > 0 ? 'warn' : 'pass';
}

/** Cases that the baseline does not list as known to fail. */
export function unlisted({ cases, baseline }: Results): readonly CaseResult[] {
  const known = new Set(baseline?.known ?? []);
  return cases.filter(({ id }) => !known.has(id));
}

/** `1 case`, `2 cases`, `3,210 cases`. */
export function amount(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Thousands apart, the same on every machine whatever its locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
