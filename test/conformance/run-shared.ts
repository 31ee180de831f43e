/**
 * A run over sockets on several threads: each has subjects of its own, half of the cases that need
 * nothing special, and takes of the other groups the next when it has done one. What a case draws
 * depends on the seed and its id, so that it does not matter on which thread it falls.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { bundled } from '../../bin/launch/bundle.js';
import type { CaseResult } from '../../reports/results.ts';
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import type { Case, ProtocolVersion } from './case.ts';
import { SubjectUnreachable } from './ground.ts';
import { type RunOptions, type RunOutcome, runCases } from './run.ts';
import type { Share } from './schedule.ts';
import type { SubjectFacts } from './stage.ts';

/** What a worker is told; `subject` is what its entry knows how to start. */
export interface ShareTerms<Subject> {
  readonly subject: Subject;
  readonly ids: readonly string[];
  readonly at: ProtocolVersion;
  readonly seed: string;
  readonly jobs: number;
  readonly caseLimitMs: number;
  readonly readings: ReadonlyMap<ReadingId, string>;
  readonly place: number;
  readonly of: number;
  readonly counter: Int32Array;
}

/** What a worker tells. It is told to stop by any message. */
export type Told =
  | { readonly type: 'case-started'; readonly id: string }
  | { readonly type: 'case-ended'; readonly result: CaseResult }
  | {
      readonly type: 'outcome';
      readonly facts: SubjectFacts | null;
      readonly unreachable: { readonly message: string; readonly output: string } | null;
      readonly consulted: readonly ReadingId[];
    };

export interface Sharing<Subject> {
  /** Of the bundle: it answers with `Told`. */
  readonly entry: string;
  readonly subject: Subject;
  /** This one and those beside it. */
  readonly threads: number;
}

/** The next group of those that no thread has taken. */
export const takerOf = (counter: Int32Array): Share['next'] => {
  return () => Atomics.add(counter, 0, 1);
};

export async function runShared<Subject>(
  options: RunOptions,
  { entry, subject, threads }: Sharing<Subject>,
): Promise<RunOutcome> {
  const lost = new AbortController();
  const signal = AbortSignal.any([options.signal, lost.signal]);
  const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { at, seed, jobs, caseLimitMs, readings = new Map(), cases } = options;
  const ids = cases.map(({ id }) => id);
  const terms = { subject, ids, at, seed, jobs, caseLimitMs, readings, of: threads, counter };
  const file = await bundled(entry);
  const gathered = gather(options);
  const others = Array.from({ length: threads - 1 }, (_, other) => {
    const workerData: ShareTerms<Subject> = { ...terms, place: other + 1 };
    return follow(new Worker(file, { workerData }), gathered.take, signal);
  });
  const share = { place: 0, of: threads, next: takerOf(counter) };
  const own = runCases({ ...options, share, signal }).then(gathered.add);
  const running = [own, ...others].map((each) =>
    each
      .then((isWhole) => isWhole || lost.abort())
      .catch((thrown) => {
        lost.abort();
        throw thrown;
      }),
  );
  const failed = (await Promise.allSettled(running)).find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
  return gathered.outcome();
}

/** Until its thread has ended. True when its subjects have lasted. */
async function follow(
  worker: Worker,
  take: (told: Told) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  const stop = (): void => worker.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let isWhole = true;
  worker.on('message', (told: Told) => {
    isWhole = take(told) && isWhole;
  });
  await once(worker, 'exit');
  signal.removeEventListener('abort', stop);
  return isWhole;
}

/** Puts the shares together as one run, and tells of them as a run does. */
function gather({ cases, onEvent, rerun, signal }: RunOptions) {
  const byId = new Map(cases.map((theCase) => [theCase.id, theCase]));
  const results = new Map<string, CaseResult>();
  const consulted = new Set<ReadingId>();
  let facts: SubjectFacts | null = null;
  let unreachable: SubjectUnreachable | null = null;
  const end = (share: Pick<RunOutcome, 'facts' | 'unreachable' | 'consulted'>): boolean => {
    facts ??= share.facts;
    unreachable ??= share.unreachable;
    for (const id of share.consulted) consulted.add(id);
    return share.unreachable === null;
  };
  return {
    /** Of this thread, which has told of its cases itself. */
    add(share: RunOutcome): boolean {
      for (const result of share.cases) results.set(result.id, result);
      return end(share);
    },
    /** Of another thread. False when its subject is lost. */
    take(told: Told): boolean {
      if (told.type === 'outcome') {
        const { message, output } = told.unreachable ?? {};
        return end({
          facts: told.facts,
          unreachable: message === undefined ? null : new SubjectUnreachable(message, output ?? ''),
          consulted: new Set(told.consulted),
        });
      }
      const theCase = byId.get(told.type === 'case-started' ? told.id : told.result.id) as Case;
      if (told.type === 'case-started') onEvent({ type: 'case-started', case: theCase });
      else {
        const result = { ...told.result, rerun: rerun(theCase) };
        results.set(theCase.id, result);
        onEvent({ type: 'case-ended', case: theCase, result });
      }
      return true;
    },
    outcome: (): RunOutcome => ({
      cases: cases.flatMap(({ id }) => results.get(id) ?? []),
      ...{ facts, unreachable, consulted, interrupted: signal.aborted },
    }),
  };
}
