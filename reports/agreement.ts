/**
 * Do the two grounds agree? The same cases over real sockets and in process must end alike. Whatever
 * differs is a defect of ours (architecture, idea 4): of a ground, of an actor, or of a case that
 * leans on time. Only waiting is excused: sockets cannot make an hour pass.
 */
import type { CaseResult, Results, Verdict } from './results.ts';

export interface Side {
  readonly verdict: Verdict | 'not run';
  readonly reason: string | null;
}

export interface Difference {
  readonly case: string;
  readonly sockets: Side;
  readonly inProcess: Side;
}

export interface Agreement {
  readonly agreeing: readonly string[];
  /** Cases whose time passes in process only. */
  readonly excused: readonly string[];
  readonly differences: readonly Difference[];
}

/** Why two results cannot be held beside each other, or null. */
export function incomparableBecause(sockets: Results, inProcess: Results): string | null {
  if (sockets.run.ground !== 'sockets') return `the first is of ${sockets.run.ground}`;
  if (inProcess.run.ground !== 'in-process') return `the second is of ${inProcess.run.ground}`;
  if (sockets.run.interrupted || inProcess.run.interrupted) return 'a run was stopped';
  for (const [what, of] of Object.entries(choices)) {
    const [left, right] = [of(sockets), of(inProcess)];
    if (left !== right) return `they differ in ${what}: ${left || 'none'}, ${right || 'none'}`;
  }
  return sockets.cases.length === 0 ? 'no case was run' : null;
}

const choices: { readonly [what: string]: (results: Results) => string } = {
  subject: ({ run }) => run.subject.name,
  version: ({ run }) => run.at,
  readings: ({ run }) => [...run.readings].sort().join(' '),
  'version of the suite': ({ run }) => run.suiteVersion,
};

export function agreementOf(sockets: Results, inProcess: Results): Agreement {
  const [left, right] = [byId(sockets.cases), byId(inProcess.cases)];
  const ids = [...new Set([...left.keys(), ...right.keys()])];
  const pairs = ids.map((id) => ({ id, left: left.get(id), right: right.get(id) }));
  const agrees = ({ left: a, right: b }: (typeof pairs)[number]) => a?.verdict === b?.verdict;
  const excused = pairs.filter((pair) => !agrees(pair) && isExcused(pair.left));
  return {
    agreeing: pairs.filter(agrees).map(({ id }) => id),
    excused: excused.map(({ id }) => id),
    differences: pairs
      .filter((pair) => !agrees(pair) && !excused.includes(pair))
      .map((pair) => ({ case: pair.id, sockets: side(pair.left), inProcess: side(pair.right) })),
  };
}

/** The runner leaves a case out on sockets where it waits longer than this. */
const SOCKETS_WAIT_SECONDS = 2;

function isExcused(onSockets: CaseResult | undefined): boolean {
  return (
    onSockets?.verdict === 'untestable' && (onSockets.waitsSeconds ?? 0) > SOCKETS_WAIT_SECONDS
  );
}

function side(result: CaseResult | undefined): Side {
  return { verdict: result?.verdict ?? 'not run', reason: result?.reason ?? null };
}

function byId(cases: readonly CaseResult[]): ReadonlyMap<string, CaseResult> {
  return new Map(cases.map((result) => [result.id, result]));
}
