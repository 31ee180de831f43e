/**
 * Trials on several threads. A trial is a server and a case of its own, so it ends alike on
 * whichever thread; what comes of it is told in the order of the cases.
 */
import { availableParallelism } from 'node:os';
import type { Case } from '../conformance/case.ts';
import { shareWork } from '../conformance/crew.ts';
import type { Laboratory } from './mutant.ts';
import { tampers } from './tampers/all.ts';
import { type Claim, type ClaimResult, claimsOf, healthyRun, judgeClaim } from './trials.ts';

/** What a worker is told (worker.ts). */
export interface Terms {
  readonly what: 'health' | 'claims';
  readonly ids: readonly string[];
  readonly guards: readonly string[];
}

interface Health {
  readonly passes: boolean;
  readonly guards: readonly string[];
}
type Judged = Pick<ClaimResult, 'foundOut' | 'provenBy' | 'ending'>;

const entry = 'test/mutant/worker.ts';
/** To start a worker costs as much as so many trials. */
const LEAST_SHARE = 20;

export async function healthOf(
  lab: Laboratory,
  cases: readonly Case[],
): Promise<{ passed: readonly Case[]; guards: ReadonlySet<string> }> {
  const passed: Case[] = [];
  const guards = new Set<string>();
  await shared<Health>(
    { what: 'health', ids: idsOf(cases), guards: [] },
    cases.length,
    healthRunner(lab, cases),
    (task, health) => {
      for (const id of health.guards) guards.add(id);
      if (health.passes) passed.push(...cases.slice(task, task + 1));
    },
  );
  return { passed, guards };
}

export async function judgeClaims(
  lab: Laboratory,
  { passed, guards }: { passed: readonly Case[]; guards: ReadonlySet<string> },
  tell: (result: ClaimResult) => void,
): Promise<readonly ClaimResult[]> {
  const claims = claimsOf(passed, guards, tampers);
  const results: ClaimResult[] = [];
  await shared<Judged>(
    { what: 'claims', ids: idsOf(passed), guards: [...guards] },
    claims.length,
    claimRunner(lab, claims),
    (task, judged) => {
      for (const claim of claims.slice(task, task + 1)) {
        results.push({ ...claim, ...judged });
        tell({ ...claim, ...judged });
      }
    },
  );
  return results;
}

/** The same here and in a worker, which makes the claims anew: mutants are no plain values. */
export function runnerOf(
  lab: Laboratory,
  { what, guards }: Terms,
  cases: readonly Case[],
): (task: number) => Promise<Health | Judged> {
  if (what === 'health') return healthRunner(lab, cases);
  return claimRunner(lab, claimsOf(cases, new Set(guards), tampers));
}

function healthRunner(lab: Laboratory, cases: readonly Case[]) {
  return async (task: number): Promise<Health> => {
    const { passed, guards } = await healthyRun(lab, cases.slice(task, task + 1));
    return { passes: passed.length > 0, guards: [...guards] };
  };
}

function claimRunner(lab: Laboratory, claims: readonly Claim[]) {
  return async (task: number): Promise<Judged> => {
    const claim = claims[task];
    if (!claim) throw new Error(`there is no claim ${task}`);
    const { foundOut, provenBy, ending } = await judgeClaim(lab, claim);
    return { foundOut, provenBy, ending };
  };
}

const idsOf = (cases: readonly Case[]): readonly string[] => cases.map(({ id }) => id);

async function shared<R>(
  terms: Terms,
  tasks: number,
  work: (task: number) => Promise<R>,
  done: (task: number, result: R) => void,
): Promise<void> {
  const threads = Math.min(availableParallelism(), Math.floor(tasks / LEAST_SHARE));
  const { signal } = new AbortController();
  await shareWork({ tasks, workers: Math.max(0, threads - 1), entry, terms, work, done, signal });
}
