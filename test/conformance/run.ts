/**
 * Runs cases on a ground. Cases that need the same policy share a subject; where time is virtual every
 * case has a subject of its own. Nothing is printed here: events tell what happens.
 */
import type { Crypto } from '../../reference/crypto/crypto.ts';
import type { CaseResult, CheckResult, ExchangeEntry } from '../../reports/results.ts';
import { createStage, type RunningStage } from './actors/create-stage.ts';
import type { Authority } from './authority.ts';
import type { Case, ProtocolVersion } from './case.ts';
import { type Ground, type RunningSubject, SubjectUnreachable } from './ground.ts';
import type { SubjectFacts } from './stage.ts';
import { type Ending, endingByThrow, endingOf, type LevelOf } from './verdict.ts';

export interface RunOptions {
  readonly ground: Ground;
  readonly cases: readonly Case[];
  readonly at: ProtocolVersion;
  readonly seed: string;
  /** Cases beside each other on one subject. */
  readonly jobs: number;
  /** A case that has not ended by then is an error of ours. */
  readonly caseLimitMs: number;
  readonly authority: Authority;
  readonly crypto: Crypto;
  readonly levelOf: LevelOf;
  readonly rerun: (theCase: Case) => string;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}

export type RunEvent =
  | { type: 'subject-started'; facts: SubjectFacts }
  | { type: 'case-started'; case: Case }
  | { type: 'case-ended'; case: Case; result: CaseResult };

export interface RunOutcome {
  readonly cases: readonly CaseResult[];
  readonly facts: SubjectFacts | null;
  /** Set when the subject could not be started or reached, or died: the run ended there. */
  readonly unreachable: SubjectUnreachable | null;
  readonly interrupted: boolean;
}

export async function runCases(options: RunOptions): Promise<RunOutcome> {
  const state: RunState = { options, results: new Map(), facts: null };
  let unreachable: SubjectUnreachable | null = null;
  try {
    for (const group of groupByPolicy(options.cases)) {
      if (options.signal.aborted) break;
      await runGroup(state, group);
    }
  } catch (thrown) {
    if (!(thrown instanceof SubjectUnreachable)) throw thrown;
    unreachable = thrown;
  }
  const cases = options.cases.flatMap((theCase) => state.results.get(theCase.id) ?? []);
  const interrupted = options.signal.aborted;
  return { cases, facts: state.facts, unreachable, interrupted };
}

interface RunState {
  readonly options: RunOptions;
  readonly results: Map<string, CaseResult>;
  facts: SubjectFacts | null;
}

function groupByPolicy(cases: readonly Case[]): readonly (readonly Case[])[] {
  const groups = new Map<string, Case[]>();
  for (const theCase of cases) {
    const { policy = {}, versions = null } = theCase.needs;
    const key = JSON.stringify([policy, versions]);
    groups.set(key, [...(groups.get(key) ?? []), theCase]);
  }
  return [...groups.values()];
}

async function runGroup(state: RunState, group: readonly Case[]): Promise<void> {
  if (state.options.ground.virtualTime) {
    for (const theCase of group) {
      if (state.options.signal.aborted) return;
      await withSubject(state, theCase, (subject) => runOne(state, theCase, subject));
    }
    return;
  }
  const [first] = group;
  if (first) await withSubject(state, first, (subject) => runBeside(state, group, subject));
}

async function withSubject(
  state: RunState,
  theCase: Case,
  use: (subject: RunningSubject) => Promise<void>,
): Promise<void> {
  const { policy = {}, versions = null } = theCase.needs;
  const subject = await state.options.ground.start({ policy, versions });
  try {
    if (!state.facts) state.options.onEvent({ type: 'subject-started', facts: subject.facts });
    state.facts ??= subject.facts;
    await use(subject);
  } finally {
    await subject.close();
  }
}

/** `jobs` at a time; those that must be alone come last, one by one. */
async function runBeside(
  state: RunState,
  group: readonly Case[],
  subject: RunningSubject,
): Promise<void> {
  const together = group.filter((theCase) => !theCase.needs.alone && !theCase.needs.restart);
  const alone = group.filter((theCase) => !together.includes(theCase));
  const queue = together.values();
  const worker = async () => {
    for (const theCase of queue) {
      if (state.options.signal.aborted) return;
      await runOne(state, theCase, subject);
    }
  };
  await Promise.all(Array.from({ length: state.options.jobs }, worker));
  for (const theCase of alone) {
    if (state.options.signal.aborted) return;
    await runOne(state, theCase, subject);
  }
}

async function runOne(state: RunState, theCase: Case, subject: RunningSubject): Promise<void> {
  const { options } = state;
  options.onEvent({ type: 'case-started', case: theCase });
  const startedMs = performance.now();
  const missing = whatIsMissing(theCase, subject, options.at);
  const outcome = missing
    ? { ending: missing, checks: [], exchange: [] }
    : await play(theCase, subject, options);
  const result: CaseResult = {
    id: theCase.id,
    title: theCase.title,
    verdict: outcome.ending.verdict,
    verifies: theCase.verifies,
    readings: theCase.readings,
    reason: outcome.ending.reason,
    durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
    checks: outcome.checks,
    exchange: outcome.exchange,
    rerun: options.rerun(theCase),
  };
  state.results.set(theCase.id, result);
  options.onEvent({ type: 'case-ended', case: theCase, result });
}

/** Why the case cannot be run against this subject on this ground, or null. */
function whatIsMissing(theCase: Case, subject: RunningSubject, at: ProtocolVersion): Ending | null {
  const { needs } = theCase;
  if (theCase.at && !theCase.at.includes(at)) {
    return { verdict: 'not-applicable', reason: `judged at ${theCase.at.join(', ')} only` };
  }
  if (needs.capability && !subject.facts.capabilities.includes(needs.capability)) {
    return { verdict: 'not-applicable', reason: `the subject does not offer ${needs.capability}` };
  }
  if (needs.restart && !subject.can.restart) {
    return { verdict: 'untestable', reason: 'the suite cannot restart this subject' };
  }
  if (needs.commands && !subject.can.command) {
    return { verdict: 'untestable', reason: 'this subject takes no operator commands' };
  }
  if (needs.versions && needs.versions.join() !== subject.facts.versions.join()) {
    const reason = `the suite cannot make this subject speak ${needs.versions.join(', ')}`;
    return { verdict: 'untestable', reason };
  }
  if ((needs.waitsSeconds ?? 0) > 2 && !subject.can.virtualTime) {
    const reason = `needs ${needs.waitsSeconds} s of waiting: run it with --ground in-process`;
    return { verdict: 'untestable', reason };
  }
  return null;
}

async function play(
  theCase: Case,
  subject: RunningSubject,
  options: RunOptions,
): Promise<{
  ending: Ending;
  checks: readonly CheckResult[];
  exchange: readonly ExchangeEntry[];
}> {
  const { at, seed, authority, crypto } = options;
  const stage = createStage({ subject, at, seed, caseId: theCase.id, authority, crypto });
  const ending = await endOf(theCase, stage, options);
  await stage.close();
  const exchange = stage.exchange.map(({ valid: _, ...entry }) => entry);
  return { ending, checks: stage.checks, exchange };
}

async function endOf(theCase: Case, stage: RunningStage, options: RunOptions): Promise<Ending> {
  const limit = timeLimit(options.caseLimitMs);
  try {
    await Promise.race([theCase.run(stage), limit.reached]);
    stage.settle();
    stage.settle();
    return endingOf(theCase, stage.checks);
  } catch (thrown) {
    if (thrown instanceof SubjectUnreachable) throw thrown;
    return endingByThrow(theCase, thrown, options.levelOf);
  } finally {
    limit.cancel();
  }
}

function timeLimit(limitMs: number): { reached: Promise<never>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const reached = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ended within ${limitMs} ms`)), limitMs);
  });
  return { reached, cancel: () => clearTimeout(timer) };
}
