/**
 * Draws plans until one makes the subject do what it may never do, and shrinks that one. Nothing is
 * printed here.
 */
import fc from 'fast-check';
import { SubjectUnreachable } from '../conformance/ground.ts';
import { arbitraryPlan } from './arbitrary-plan.ts';
import type { Arena, Played } from './arena.ts';
import { ROUNDS } from './hoard.ts';
import type { Plan } from './mutation.ts';
import type { Finding } from './oracle.ts';
import type { Script, ScriptName } from './script.ts';
import type { Crossing } from './tampering.ts';

export interface FuzzOptions {
  readonly arena: Arena;
  readonly script: Script;
  /** int32 */
  readonly seed: number;
  readonly runs: number;
  /** No plan is begun after that time; what was found is shrunk all the same. */
  readonly timeMs: number;
  readonly onRun?: (runs: number) => void;
  readonly signal: AbortSignal;
}

export interface Counterexample {
  readonly script: ScriptName;
  readonly at: string;
  readonly seed: number;
  readonly plan: Plan;
  readonly finding: Finding;
  readonly crossings: readonly Crossing[];
}

export interface FuzzOutcome {
  /** Attempts made, those of shrinking included. */
  readonly runs: number;
  /** After how many the first one failed. */
  readonly foundAfter: number | null;
  readonly durationMs: number;
  /** Time of the processors that this process took: on a busy machine less than has passed. */
  readonly cpuMs: number;
  readonly counterexample: Counterexample | null;
}

/** Attempts that shrinking may take: the shortest plan is there soon, the smallest values never. */
const SHRINKING_RUNS = 200;

/** fast-check cannot be told to stop: it is given no more at once. */
const SHARE = 1000;

interface Hunt {
  readonly options: FuzzOptions;
  readonly startedMs: number;
  /** Begun, those of shrinking included. */
  runs: number;
  foundAfter: number | null;
  best: Counterexample | null;
  error: unknown;
}

export async function fuzz(options: FuzzOptions): Promise<FuzzOutcome> {
  const { script, arena, seed, runs } = options;
  const startedMs = performance.now();
  const startedCpu = process.cpuUsage();
  const none = { foundAfter: null, best: null, error: undefined };
  const hunt: Hunt = { options, startedMs, runs: 0, ...none };
  const plans = arbitraryPlan(script, arena);
  const property = fc.asyncProperty(plans, (plan) => holds(hunt, plan));
  for (let begun = 0; begun < runs && !isAtEnd(hunt); begun += SHARE) {
    await fc.check(property, { seed: (seed + begun) | 0, numRuns: Math.min(SHARE, runs - begun) });
  }
  await leaveOut(hunt);
  if (hunt.error !== undefined) throw hunt.error;
  const durationMs = performance.now() - startedMs;
  const { foundAfter, best } = hunt;
  const cpuMs = cpuMsSince(startedCpu);
  return { runs: hunt.runs, foundAfter, durationMs, cpuMs, counterexample: best };
}

function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** fast-check shortens a list from its head only: whatever else is not needed goes here. */
async function leaveOut(hunt: Hunt): Promise<void> {
  for (const mutation of hunt.best?.plan ?? []) {
    const rest = (hunt.best?.plan ?? []).filter((each) => each !== mutation);
    if (rest.length > 0) await fails(hunt, rest);
  }
}

/** Whether the subject stood it. What is not tried any more counts as stood. */
async function holds(hunt: Hunt, plan: Plan): Promise<boolean> {
  if (hunt.options.signal.aborted || hunt.error !== undefined || isOver(hunt)) return true;
  return !(await fails(hunt, plan));
}

async function fails(hunt: Hunt, plan: Plan): Promise<boolean> {
  const { options, best } = hunt;
  hunt.runs += 1;
  options.onRun?.(hunt.runs);
  const tried = await tryOn(hunt, plan);
  // Shrunk, it is to be the same fault.
  if (!tried || (best && tried.finding.oracle !== best.finding.oracle)) return false;
  hunt.foundAfter ??= hunt.runs;
  hunt.best = tried;
  return true;
}

const isAtEnd = (hunt: Hunt): boolean =>
  hunt.best !== null || hunt.options.signal.aborted || hunt.error !== undefined || isOver(hunt);

function isOver({ foundAfter, best, runs, options, startedMs }: Hunt): boolean {
  if (foundAfter !== null) {
    const cost = best?.finding.oracle === 'memory-bounded' ? ROUNDS : 1;
    return (runs - foundAfter) * cost >= SHRINKING_RUNS;
  }
  return performance.now() - startedMs > options.timeMs;
}

/** Counting what is kept costs several attempts and days of virtual time: one plan of these many. */
const HOARD_EVERY = 256;
/** The first of them: short hunts have no time for it. */
const FIRST_HOARD = 100;

/** What was found by counting is shrunk by counting. */
async function standsIn({ options, best, runs }: Hunt, plan: Plan): Promise<Played> {
  const { arena, script } = options;
  if (best?.finding.oracle === 'memory-bounded' && arena.hoard) return arena.hoard(script, plan);
  const played = await arena.play(script, plan);
  const isCounted = best === null && played.finding === null && runs % HOARD_EVERY === FIRST_HOARD;
  return isCounted && arena.hoard ? arena.hoard(script, plan) : played;
}

/** A defect of ours ends the hunt; a subject that cannot be started again ends the shrinking. */
async function tryOn(hunt: Hunt, plan: Plan): Promise<Counterexample | null> {
  const { arena, script, seed } = hunt.options;
  try {
    const { finding, crossings } = await standsIn(hunt, plan);
    return finding && { script: script.name, at: arena.at, seed, plan, finding, crossings };
  } catch (error) {
    const isLost = error instanceof SubjectUnreachable && hunt.best !== null;
    if (!isLost) hunt.error = error;
    return null;
  }
}
