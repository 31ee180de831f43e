/** Runs a scenario to its end, and says what came of it. */
import type { Primitives } from '../reference/crypto/primitives.ts';
import type { createServerNode } from '../reference/node/server.ts';
import { encodeBase64url } from '../reference/wire/base64url.ts';
import { canonicalBytes } from '../reference/wire/canonical.ts';
import type { RequirementId } from '../spec/emitted/requirement-ids.ts';
import type { Json } from '../spec/schema.ts';
import type { Tick } from './kernel/kernel.ts';
import { createWatch, type Expectation, type Verdict } from './monitors/monitor.ts';
import { occurrences } from './monitors/occurrences.ts';
import { schedulePlan } from './plan/perform.ts';
import type { Scenario } from './scenario/compile.ts';
import type { Entry } from './trace/journal.ts';
import { createTrace, type RunIdentity, TRACE_FORMAT, type TraceIndex } from './trace/trace.ts';
import { scheduleLoads } from './workload/relay.ts';
import { createWorld, type Outside, type World } from './world/world.ts';

export interface RunParts {
  readonly primitives: Primitives;
  /** Takes the blocks of the trace. */
  readonly sink?: (block: ArrayBuffer) => void;
  /** Default: the reference's server. */
  readonly createNode?: typeof createServerNode;
  /** Default: all servers are simulated. */
  readonly outside?: Outside;
}

/** `unfinished`: stopped before its end, which proves nothing about what was to come. */
export type RunStatus = 'passed' | 'failed' | 'erred' | 'unfinished';

export interface RunResult {
  readonly status: RunStatus;
  readonly verdicts: readonly Verdict[];
  /** What nodes have thrown. */
  readonly thrown: readonly string[];
  readonly trace: TraceIndex;
  readonly counts: RunCounts;
  /** Guards that ran, and those of them that refused something. */
  readonly exercised: readonly RequirementId[];
  readonly refusing: readonly RequirementId[];
}

export interface RunCounts {
  readonly endedAt: Tick;
  /** Events of the kernel. */
  readonly events: number;
  /** Messages between servers that arrived, and timers of servers that fired. */
  readonly delivered: number;
  readonly timers: number;
  /** Between devices and their servers, that arrived at either. */
  readonly frames: number;
}

export interface Run {
  /** So many events at most, none after the tick. False when the run is over. */
  advance(events: number, to?: Tick): boolean;
  readonly now: Tick;
  readonly until: Tick;
  /** So far. */
  counts(): RunCounts;
  /** Of what has happened so far. */
  result(): RunResult;
}

/** What no run may show, whatever its scenario expects. */
const always: readonly Expectation[] = ['message-displayed-twice'].map((name) => {
  const event = occurrences[name];
  if (!event) throw new Error(name);
  return { kind: 'never', name: `never ${name}`, event };
});

export function startRun(
  scenario: Scenario,
  { primitives, sink, createNode, outside }: RunParts,
): Run {
  const identity = identityOf(scenario, primitives);
  const trace = createTrace({ identity, blake3: primitives.blake3, ...(sink && { sink }) });
  const rogues = scenario.world.servers.filter(({ program }) => program !== null);
  const watch = createWatch([...scenario.expectations, ...always], {
    rogues: new Set(rogues.map(({ id }) => id)),
    startSeconds: scenario.world.startSeconds,
  });
  const tally = { events: 0, delivered: 0, timers: 0, thrown: [] as string[] };
  const world = createWorld(scenario.world, {
    primitives,
    journal(entry) {
      trace.write(entry);
      watch.observe(entry);
      tallyUp(tally, entry);
    },
    ...(createNode && { createNode }),
    ...(outside && { outside }),
  });
  world.start();
  schedulePlan(world, scenario.plan, scenario.world.seed);
  scheduleLoads(world, scenario.loads, scenario.world.seed);
  const { until, mostEvents } = scenario;
  let isOver = false;
  const counts = (): RunCounts => {
    const { events, delivered, timers } = tally;
    return { events, delivered, timers, frames: world.frames, endedAt: world.kernel.now };
  };
  return {
    until,
    get now() {
      return world.kernel.now;
    },
    advance(events, to = until) {
      const last = Math.min(to, until);
      for (let left = events; left > 0 && !isOver; left -= 1) {
        const hasHappened = tally.events < mostEvents && world.step(last);
        if (hasHappened) tally.events += 1;
        else if (tally.events < mostEvents && last < until) break;
        else isOver = true;
      }
      return !isOver;
    },
    counts,
    result() {
      const verdicts = watch.finish(world.kernel.now);
      const { thrown } = tally;
      const isFinished = isOver && tally.events < mostEvents;
      const status = statusOf({ verdicts, thrown, isFinished });
      const seen = { verdicts, thrown, trace: trace.finish(), ...guardsOf(world) };
      return { status, ...seen, counts: counts() };
    },
  };
}

/** Without pauses. */
export function runScenario(scenario: Scenario, parts: RunParts): RunResult {
  const run = startRun(scenario, parts);
  run.advance(Number.POSITIVE_INFINITY);
  return run.result();
}

function identityOf({ text, plan, world }: Scenario, { blake3 }: Primitives): RunIdentity {
  const hash = (value: Json): string => encodeBase64url(blake3(canonicalBytes(value)));
  return {
    format: TRACE_FORMAT,
    scenario: hash(text),
    plan: hash(plan as unknown as Json),
    seed: world.seed,
    ties: world.ties as unknown as Json,
    crypto: world.crypto,
    off: [...world.off].sort(),
  };
}

function tallyUp(
  tally: { delivered: number; timers: number; thrown: string[] },
  { server, happening }: Entry,
): void {
  if (happening.event === 'received') tally.delivered += 1;
  else if (happening.event === 'noticed') {
    if (happening.input.type === 'timer-fired') tally.timers += 1;
  } else if (happening.event === 'threw') {
    tally.thrown.push(`${server}, during ${happening.during}: ${happening.error}`);
  }
}

function statusOf(ended: {
  readonly verdicts: readonly Verdict[];
  readonly thrown: readonly string[];
  readonly isFinished: boolean;
}): RunStatus {
  if (ended.thrown.length > 0) return 'erred';
  if (ended.verdicts.some(({ status }) => status === 'broken')) return 'failed';
  if (!ended.isFinished) return 'unfinished';
  return ended.verdicts.every(({ status }) => status === 'held') ? 'passed' : 'failed';
}

function guardsOf({ exercised }: World) {
  const ids = [...exercised.keys()].sort();
  return {
    exercised: ids,
    refusing: ids.filter((id) => (exercised.get(id)?.broken ?? 0) > 0),
  };
}
