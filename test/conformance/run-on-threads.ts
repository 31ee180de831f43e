/**
 * The cases of an in-process run on several threads. Every case has a subject of its own and draws
 * on nothing but the seed, so a verdict does not depend on which thread it fell on.
 */
import type { CaseResult } from '../../reports/results.ts';
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { Case, ProtocolVersion } from './case.ts';
import { shareWork } from './crew.ts';
import { SubjectUnreachable } from './ground.ts';
import { createIdentityPool } from './identity-pool.ts';
import { type RunOptions, type RunOutcome, runCases } from './run.ts';
import { groupByNeeds } from './schedule.ts';
import type { SubjectFacts } from './stage.ts';

/** What a worker is told (case-worker.ts). */
export interface Terms {
  readonly ids: readonly string[];
  readonly at: ProtocolVersion;
  readonly seed: string;
  readonly caseLimitMs: number;
  readonly readings: ReadonlyMap<ReadingId, string>;
}

/** How one case ended, in a form that can be passed between threads. */
export interface Ended {
  /** Null when the run was interrupted, or the subject lost. */
  readonly result: CaseResult | null;
  readonly facts: SubjectFacts | null;
  readonly unreachable: { readonly message: string; readonly output: string } | null;
  readonly consulted: readonly ReadingId[];
}

const entry = 'test/conformance/case-worker.ts';
/** To start a worker costs as much as so many cases. */
const LEAST_SHARE = 20;

/** `threads`: this one and how many more may be used. */
export async function runOnThreads(options: RunOptions, threads: number): Promise<RunOutcome> {
  const { at, seed, caseLimitMs, readings = new Map(), signal } = options;
  const cases = groupByNeeds(options.cases).flat();
  const gathered = gather(options);
  const lost = new AbortController();
  const terms: Terms = { ids: cases.map(({ id }) => id), at, seed, caseLimitMs, readings };
  await shareWork({
    tasks: cases.length,
    workers: Math.max(0, Math.min(threads, Math.floor(cases.length / LEAST_SHARE)) - 1),
    ...{ entry, terms },
    work: caseRunner(options, cases),
    done(task, ended: Ended) {
      const [theCase] = cases.slice(task, task + 1);
      if (theCase) gathered.add(theCase, ended);
      if (ended.unreachable) lost.abort();
    },
    signal: AbortSignal.any([signal, lost.signal]),
  });
  return gathered.outcome();
}

/** Runs the case of a number; the same here and in a worker. */
export function caseRunner(
  options: RunOptions,
  cases: readonly Case[],
): (task: number) => Promise<Ended> {
  const identities = createIdentityPool(options.authority);
  return async (task) => {
    const own = { cases: cases.slice(task, task + 1), identities, onEvent: () => {} };
    const {
      cases: results,
      facts,
      unreachable,
      consulted,
    } = await runCases({ ...options, ...own });
    return {
      ...{ result: results[0] ?? null, facts, consulted: [...consulted] },
      unreachable: unreachable && { message: unreachable.message, output: unreachable.output },
    };
  };
}

/** Puts the endings together as one run, and tells of them as a run does. */
function gather({ cases, onEvent, rerun, signal }: RunOptions) {
  const results = new Map<string, CaseResult>();
  const consulted = new Set<ReadingId>();
  let facts: SubjectFacts | null = null;
  let unreachable: SubjectUnreachable | null = null;
  return {
    add(theCase: Case, ended: Ended): void {
      if (!facts && ended.facts) onEvent({ type: 'subject-started', facts: ended.facts });
      facts ??= ended.facts;
      for (const id of ended.consulted) consulted.add(id);
      if (ended.unreachable) {
        const { message, output } = ended.unreachable;
        unreachable ??= new SubjectUnreachable(message, output);
      }
      if (!ended.result) return;
      const result = { ...ended.result, rerun: rerun(theCase) };
      results.set(theCase.id, result);
      onEvent({ type: 'case-started', case: theCase });
      onEvent({ type: 'case-ended', case: theCase, result });
    },
    outcome: (): RunOutcome => ({
      cases: cases.flatMap(({ id }) => results.get(id) ?? []),
      ...{ facts, unreachable, consulted, interrupted: signal.aborted },
    }),
  };
}
