/**
 * Runs cases on a ground. Cases that need the same of a subject share it; where time is virtual every
 * case has a subject of its own. Nothing is printed here: events tell what happens.
 */
import { setMaxListeners } from 'node:events';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import type { CaseResult, CheckResult, ExchangeEntry } from '../../reports/results.ts';
import type { ReadingId } from '../../spec/emitted/reading-ids.ts';
import { createStage, type RunningStage } from './actors/create-stage.ts';
import type { Authority } from './authority.ts';
import type { Case, ProtocolVersion } from './case.ts';
import { type Ground, type RunningSubject, SubjectUnreachable } from './ground.ts';
import { createIdentityPool, type IdentityPool } from './identity-pool.ts';
import {
  apart,
  groupByNeeds,
  isSolitary,
  lengthOf,
  type Share,
  scattered,
  startNeedsOf,
  taken,
  wholeRun,
} from './schedule.ts';
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
  /** Where each case has a subject of its own. Default: one of this run. */
  readonly identities?: IdentityPool;
  readonly crypto: Crypto;
  readonly levelOf: LevelOf;
  /** Options of the ledger to judge by instead of ours. */
  readonly readings?: ReadonlyMap<ReadingId, string>;
  readonly rerun: (theCase: Case) => string;
  readonly onEvent: (event: RunEvent) => void;
  /** Ends the run at once; what has not ended by then has no verdict. */
  readonly signal: AbortSignal;
  /** Where several threads run the same cases. Default: this one does them all. */
  readonly share?: Share;
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
  /** Ledger entries that cases have asked about. */
  readonly consulted: ReadonlySet<ReadingId>;
}

export async function runCases(options: RunOptions): Promise<RunOutcome> {
  const identities = options.identities ?? createIdentityPool(options.authority);
  const found = { results: new Map(), consulted: new Set<ReadingId>(), facts: null };
  const halt = new AbortController();
  const signal = AbortSignal.any([options.signal, halt.signal]);
  // Every case that runs listens to it.
  setMaxListeners(0, signal);
  const state: RunState = { options, identities, halt, signal, ...found };
  let unreachable: SubjectUnreachable | null = null;
  try {
    await (options.ground.several ? runLanes(state) : runLane(state, groupsOf(state).values()));
  } catch (thrown) {
    if (thrown instanceof SubjectUnreachable) unreachable = thrown;
    else if (!(thrown instanceof Interrupted)) throw thrown;
  }
  const cases = options.cases.flatMap((theCase) => state.results.get(theCase.id) ?? []);
  const interrupted = options.signal.aborted;
  const { facts, consulted } = state;
  return { cases, facts, unreachable, interrupted, consulted };
}

interface RunState {
  readonly options: RunOptions;
  /** Ends the run from inside: the subject is lost. */
  readonly halt: AbortController;
  /** Ended from outside or from inside. */
  readonly signal: AbortSignal;
  readonly identities: IdentityPool;
  readonly results: Map<string, CaseResult>;
  readonly consulted: Set<ReadingId>;
  facts: SubjectFacts | null;
}

/** Whoever runs the suite has stopped it. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Subjects beside the one that most cases share. */
const OTHER_LANES = 2;

/**
 * Most cases share one subject (of each thread); beside it, others serve those that need something
 * special or would disturb. The shared one comes first: what it says of itself is what the run says of
 * the subject.
 */
async function runLanes(state: RunState): Promise<void> {
  const { place, of, next } = state.options.share ?? wholeRun();
  const [first = [], ...rest] = groupsOf(state).flatMap(apart);
  const own = scattered(first.filter((_, at) => at % of === place));
  const [sample] = own;
  const groups = rest.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  const others = () =>
    Array.from({ length: OTHER_LANES }, () => runLane(state, taken(groups, next)));
  if (!sample) return allOrNone(state, others());
  await withSubject(state, sample, (subject) =>
    allOrNone(state, [runBeside(state, own, subject), ...others()]),
  );
}

const groupsOf = ({ options }: RunState): (readonly Case[])[] => [...groupByNeeds(options.cases)];

/** When one of them fails, the others stop, and it is known why. */
async function allOrNone(state: RunState, running: readonly Promise<void>[]): Promise<void> {
  let failure: { thrown: unknown } | null = null;
  const stopping = running.map((each) =>
    each.catch((thrown) => {
      if (failure) return;
      failure = { thrown };
      state.halt.abort();
    }),
  );
  await Promise.all(stopping);
  if (failure) throw (failure as { thrown: unknown }).thrown;
}

async function runLane(state: RunState, groups: Iterable<readonly Case[]>): Promise<void> {
  for (const group of groups) {
    if (state.signal.aborted) return;
    await runGroup(state, group);
  }
}

async function runGroup(state: RunState, group: readonly Case[]): Promise<void> {
  if (state.options.ground.virtualTime) {
    for (const theCase of group) {
      if (state.signal.aborted) return;
      await withSubject(state, theCase, (subject) => runOne(state, theCase, subject));
    }
    return;
  }
  const sample = group.find((theCase) => beyond(theCase, state.options) === null);
  if (sample) return withSubject(state, sample, (subject) => runBeside(state, group, subject));
  // No server is started for what it could not be asked.
  for (const theCase of group) {
    const ending = beyond(theCase, state.options);
    if (ending) await tell(state, theCase, async () => unplayed(ending));
  }
}

async function withSubject(
  state: RunState,
  theCase: Case,
  use: (subject: RunningSubject) => Promise<void>,
): Promise<void> {
  const { signal } = state;
  const { ground, onEvent } = state.options;
  const starting = ground.start(startNeedsOf(theCase));
  const interruption = interruptionBy(signal);
  let subject: RunningSubject;
  try {
    subject = await Promise.race([starting, interruption.reached]);
  } catch (thrown) {
    // Nobody waits for it any more; whatever comes up is put down.
    void starting.then((late) => late.close()).catch(() => undefined);
    throw thrown;
  } finally {
    interruption.cancel();
  }
  try {
    if (!state.facts) onEvent({ type: 'subject-started', facts: subject.facts });
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
  const together = group.filter((theCase) => !isSolitary(theCase));
  const alone = group.filter(isSolitary);
  const queue = together.values();
  const worker = async () => {
    for (const theCase of queue) {
      if (state.signal.aborted) return;
      await runOne(state, theCase, subject);
    }
  };
  await Promise.all(Array.from({ length: state.options.jobs }, worker));
  for (const theCase of alone) {
    if (state.signal.aborted) return;
    await runOne(state, theCase, subject);
  }
}

function runOne(state: RunState, theCase: Case, subject: RunningSubject): Promise<void> {
  const missing = beyond(theCase, state.options) ?? whatIsMissing(theCase, subject);
  return tell(state, theCase, async () =>
    missing ? unplayed(missing) : play(state, theCase, subject),
  );
}

const unplayed = (ending: Ending): Played => ({ ending, checks: [], exchange: [] });

/** What comes of a case, told when it begins and when it has ended. */
async function tell(
  { options, results }: RunState,
  theCase: Case,
  playing: () => Promise<Played | null>,
): Promise<void> {
  options.onEvent({ type: 'case-started', case: theCase });
  const startedMs = performance.now();
  const outcome = await playing();
  if (outcome === null) return;
  const result: CaseResult = {
    id: theCase.id,
    title: theCase.title,
    verdict: outcome.ending.verdict,
    verifies: theCase.verifies,
    readings: theCase.readings,
    reason: outcome.ending.reason,
    durationMs: Math.round((performance.now() - startedMs) * 10) / 10,
    ...(theCase.needs.waitsSeconds ? { waitsSeconds: theCase.needs.waitsSeconds } : {}),
    checks: outcome.checks,
    exchange: outcome.exchange,
    rerun: options.rerun(theCase),
  };
  results.set(theCase.id, result);
  options.onEvent({ type: 'case-ended', case: theCase, result });
}

/** Why the case cannot be run in such a run against any subject, or null. */
function beyond({ at: versions, needs }: Case, { at, ground }: RunOptions): Ending | null {
  if (versions && !versions.includes(at)) {
    return { verdict: 'not-applicable', reason: `judged at ${versions.join(', ')} only` };
  }
  if ((needs.waitsSeconds ?? 0) > 2 && !ground.virtualTime) {
    const reason = `needs ${needs.waitsSeconds} s of waiting: run it with --ground in-process`;
    return { verdict: 'untestable', reason };
  }
  return null;
}

/** Why the case cannot be run against this subject, or null. */
function whatIsMissing({ needs }: Case, subject: RunningSubject): Ending | null {
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
  return null;
}

interface Played {
  readonly ending: Ending;
  readonly checks: readonly CheckResult[];
  readonly exchange: readonly ExchangeEntry[];
}

/** Null when the run was interrupted before the case had ended. */
async function play(
  state: RunState,
  theCase: Case,
  subject: RunningSubject,
): Promise<Played | null> {
  const { at, seed, ground, crypto, readings = new Map() } = state.options;
  // A subject that is the case's own has seen nothing yet: names and keys need not be new to it,
  // and what all cases begin with is then the same to the byte, and computed once.
  const stage = createStage({
    ...{ subject, at, seed, crypto, readings },
    caseId: ground.virtualTime ? 'any' : theCase.id,
    authority: ground.virtualTime ? state.identities.forCase() : state.options.authority,
  });
  const ending = await endOf(theCase, stage, state);
  await stage.close();
  for (const id of stage.consulted) state.consulted.add(id);
  if (ending === null) return null;
  const exchange = stage.exchange.map(({ valid: _, ...entry }) => entry);
  return { ending, checks: stage.checks, exchange };
}

async function endOf(
  theCase: Case,
  stage: RunningStage,
  { signal, options: { caseLimitMs, levelOf } }: RunState,
): Promise<Ending | null> {
  const limit = timeLimit(caseLimitMs);
  const interruption = interruptionBy(signal);
  try {
    await Promise.race([theCase.run(stage), limit.reached, interruption.reached]);
    stage.settle();
    return endingOf(theCase, stage);
  } catch (thrown) {
    if (thrown instanceof SubjectUnreachable) throw thrown;
    return thrown instanceof Interrupted ? null : endingByThrow(theCase, thrown, levelOf);
  } finally {
    limit.cancel();
    interruption.cancel();
  }
}

interface Bound {
  /** Rejects when it is reached. */
  readonly reached: Promise<never>;
  cancel(): void;
}

function timeLimit(limitMs: number): Bound {
  let timer: NodeJS.Timeout | undefined;
  const reached = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ended within ${limitMs} ms`)), limitMs);
  });
  return { reached, cancel: () => clearTimeout(timer) };
}

function interruptionBy(signal: AbortSignal): Bound {
  let stop = (): void => {};
  const reached = new Promise<never>((_, reject) => {
    stop = () => reject(new Interrupted('the run was stopped'));
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  // It may be reached when nobody races any more.
  reached.catch(() => undefined);
  return { reached, cancel: () => signal.removeEventListener('abort', stop) };
}
