/**
 * From a scenario file to all that a run follows from. Whatever cannot be meant is a fault with its
 * place; nothing is guessed, and nothing runs before everything is understood.
 */
import type { JsonObject } from '../../reference/crypto/crypto.ts';
import { readPolicy } from '../../reference/node/policy.ts';
import { type RequirementId, requirementIds } from '../../spec/emitted/requirement-ids.ts';
import { versionNames } from '../../spec/emitted/versions.ts';
import type { Json } from '../../spec/schema.ts';
import { type Program, programOf } from '../adversary/program.ts';
import { programs } from '../adversary/programs.ts';
import type { Tick, TiePolicy } from '../kernel/kernel.ts';
import type { Expectation } from '../monitors/monitor.ts';
import type { PlanItem } from '../plan/plan.ts';
import { ticksOf } from '../ticks.ts';
import {
  type CryptoTier,
  type ServerSpec,
  START_SECONDS,
  type WorldSpec,
} from '../world/world-spec.ts';
import { type ExpectationText, readExpectation } from './expectation.ts';
import { ScenarioError } from './fault.ts';
import { type PlanText, readPlan } from './plan-reading.ts';
import { createReading, type Reading } from './reading.ts';
import { scenarioSchema } from './schema.ts';
import type { GroupSize } from './selector.ts';
import { shapeFaults } from './shape.ts';
import { type Path, readSource } from './source.ts';
import { drawEdges, type Edge, type LinksText, pathShape } from './topology.ts';
import { bytesIn, microsIn, ppmIn, ticksBetween, ticksIn } from './units.ts';

export interface Scenario {
  readonly title: string;
  readonly verifies: readonly RequirementId[];
  /** Sets of guards; without all of a set it fails. */
  readonly failsWithout: readonly (readonly RequirementId[])[];
  /** With any of them in every server it fails. */
  readonly failsWith: readonly ProgramText[];
  /** As read: what the hash of the scenario is over. */
  readonly text: Json;
  readonly world: WorldSpec;
  readonly edges: readonly Edge[];
  readonly until: Tick;
  readonly mostEvents: number;
  readonly plan: readonly PlanItem[];
  readonly loads: readonly RelayLoad[];
  readonly expectations: readonly Expectation[];
}

/** Users of some servers write to users of others. */
export interface RelayLoad {
  readonly from: readonly string[];
  /** Whoever `from` may write to: the same for all, or by who writes. */
  readonly to: readonly string[] | ReadonlyMap<string, readonly string[]>;
  readonly at: Tick;
  readonly until: Tick;
  /** From one message to the next. */
  readonly every: Tick;
  readonly sizeBytes: number;
}

export interface CompileOptions {
  /** Instead of the scenario's own. */
  readonly seed?: number;
  readonly crypto?: CryptoTier;
  /** Guards that are switched off. */
  readonly off?: readonly RequirementId[];
  /** For every server that has none. */
  readonly program?: ProgramText;
  /** Text of a file that the scenario names, relative to it. */
  readonly readFile?: (path: string) => string;
}

/** What the schema has made sure of. */
export interface ScenarioText extends PlanText {
  readonly scenario: string;
  readonly verifies?: readonly string[];
  readonly 'fails-with'?: readonly ProgramText[];
  readonly 'fails-without'?: readonly (string | readonly string[])[];
  readonly seed: number;
  readonly for: string;
  readonly 'most-events'?: number;
  readonly crypto?: WorldSpec['crypto'];
  readonly ties?: 'fifo' | 'random' | { readonly pct: number };
  readonly 'sync-every'?: string;
  readonly servers: { readonly [name: string]: ServerText };
  readonly links: LinksText;
  readonly workload?: readonly { readonly relay: RelayText }[];
  readonly expect: readonly ExpectationText[];
}

type ProgramText = string | ({ readonly name: string } & JsonObject);

interface ServerText {
  readonly count?: number;
  /** Places of the group that are left empty; all others keep their names. */
  readonly absent?: readonly number[];
  readonly versions?: readonly string[];
  readonly region?: string;
  readonly users?: number;
  readonly 'certificate-until'?: string;
  readonly clock?: { readonly offset?: string; readonly drift?: string };
  readonly policy?: JsonObject;
  readonly program?: ProgramText;
}

interface RelayText {
  readonly from: string | readonly string[];
  readonly to: string | readonly string[];
  readonly rate: string;
  readonly size?: string;
  readonly at: string;
  readonly for: string;
}

const DEFAULT_SYNC = '1s';
const MOST_EVENTS = 100_000_000;
const MESSAGE_BYTES = 64;
const LOOKUP: Tick = ticksOf(5000);

/** Throws ScenarioError with every fault that was found. */
export function compileScenario(
  file: string,
  text: string,
  options: CompileOptions = {},
): Scenario {
  const source = readSource(file, text);
  const shape = shapeFaults(source, scenarioSchema, source.value, []);
  if (shape.length > 0) throw new ScenarioError(shape);
  const given = source.value as ScenarioText;
  const reading = createReading(source, sizesOf(given.servers));
  const seed = options.seed ?? given.seed;
  const edges = drawEdges(given.links, reading, { seed, readFile: options.readFile });
  const servers = readServers(given, reading, options.program);
  const scenario: Scenario = {
    title: given.scenario,
    verifies: idsIn(given.verifies ?? [], ['verifies'], reading),
    failsWithout: (given['fails-without'] ?? []).map((ids, place) =>
      idsIn([ids].flat(), ['fails-without', place], reading),
    ),
    failsWith: given['fails-with'] ?? [],
    text: source.value as Json,
    world: {
      ...{
        seed,
        servers,
        startSeconds: START_SECONDS,
        ties: tiesOf(given.ties),
        crypto: options.crypto ?? given.crypto ?? 'memo',
      },
      paths: pathShape(given.links, reading, regionsOf(given, reading)),
      lookupTicks: LOOKUP,
      syncTicks: ticksIn(given['sync-every'] ?? DEFAULT_SYNC),
      off: new Set(options.off),
    },
    edges,
    until: ticksIn(given.for),
    mostEvents: given['most-events'] ?? MOST_EVENTS,
    plan: readPlan(given, reading, { edges, seed }),
    loads: (given.workload ?? []).map(({ relay }, place) =>
      readLoad(relay, place, { reading, edges }),
    ),
    expectations: given.expect.map((one, place) => readExpectation(one, place, reading)),
  };
  if (reading.faults.length > 0) throw new ScenarioError(reading.faults);
  return scenario;
}

export function sizesOf(servers: ScenarioText['servers']): ReadonlyMap<string, GroupSize> {
  return new Map(
    Object.entries(servers).map(([name, { count = 1, absent = [] }]) => [name, { count, absent }]),
  );
}

function readServers(
  given: ScenarioText,
  reading: Reading,
  everywhere: ProgramText | undefined,
): readonly ServerSpec[] {
  return Object.entries(given.servers).flatMap(([name, server]) => {
    const policy = readPolicy((server.policy ?? {}) as Json);
    for (const fault of policy.faults) reading.fault(['servers', name, 'policy'], fault);
    const { offset, drift } = server.clock ?? {};
    const clock = {
      by: offset === undefined ? 0 : microsIn(offset),
      driftPpm: drift === undefined ? 0 : ppmIn(drift),
    };
    const program = readProgram(
      server.program ?? everywhere,
      ['servers', name, 'program'],
      reading,
    );
    const until = server['certificate-until'];
    const common = {
      ...{ clock, policy: policy.policy, users: server.users ?? 0, program },
      certificateUntilSeconds: until === undefined ? null : microsIn(until) / 1_000_000,
    };
    const versions = server.versions ?? [...versionNames];
    return (reading.groups.get(name) ?? []).map((id) => ({ id, versions, ...common }));
  });
}

function readProgram(given: ServerText['program'], path: Path, reading: Reading): Program | null {
  if (given === undefined) return null;
  const { name, ...rest } = typeof given === 'string' ? { name: given } : given;
  const kind = programs[name];
  if (kind) return programOf(name, kind, rest);
  reading.fault(path, `no program ${name}: there are ${Object.keys(programs).join(', ')}`);
  return null;
}

function regionsOf(given: ScenarioText, { groups }: Reading): ReadonlyMap<string, string> {
  const regions = new Map<string, string>();
  for (const [name, { region = 'default' }] of Object.entries(given.servers)) {
    for (const id of groups.get(name) ?? []) regions.set(id, region);
  }
  return regions;
}

function tiesOf(ties: ScenarioText['ties'] = 'fifo'): TiePolicy {
  return typeof ties === 'string' ? { kind: ties } : { kind: 'pct', depth: ties.pct };
}

const known: ReadonlySet<string> = new Set(requirementIds);

function idsIn(ids: readonly string[], path: Path, reading: Reading): readonly RequirementId[] {
  return ids.filter((id, place): id is RequirementId => {
    if (known.has(id)) return true;
    reading.fault([...path, place], `no requirement is called ${id}`);
    return false;
  });
}

/** Instead of a selector: those to which `from` has a link. */
const NEIGHBOURS = 'neighbours';

function readLoad(
  relay: RelayText,
  place: number,
  { reading, edges }: { reading: Reading; edges: readonly Edge[] },
): RelayLoad {
  const path = ['workload', place, 'relay'];
  const at = ticksIn(relay.at);
  const isAlongLinks = relay.to === NEIGHBOURS && !reading.groups.has(NEIGHBOURS);
  const load = {
    from: reading.servers(relay.from, [...path, 'from']),
    to: isAlongLinks ? neighboursIn(edges) : reading.servers(relay.to, [...path, 'to']),
    ...{ at, until: at + ticksIn(relay.for), every: ticksBetween(relay.rate) },
    sizeBytes: relay.size === undefined ? MESSAGE_BYTES : bytesIn(relay.size),
  };
  const users = userCounts(reading);
  for (const side of ['from', 'to'] as const) {
    const servers = isList(load[side]) ? load[side] : [...load[side].keys()];
    const mute = servers.find((id) => (users.get(id) ?? 0) === 0);
    if (mute === undefined) continue;
    reading.fault([...path, side], `${mute} has no users: give its group users: 1`);
  }
  return load;
}

const isList = (to: RelayLoad['to']): to is readonly string[] => Array.isArray(to);

function neighboursIn(edges: readonly Edge[]): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  for (const [one, other] of edges) {
    neighbours.set(one, [...(neighbours.get(one) ?? []), other]);
    neighbours.set(other, [...(neighbours.get(other) ?? []), one]);
  }
  return neighbours;
}

function userCounts({ source, groups }: Reading): ReadonlyMap<string, number> {
  const { servers } = source.value as ScenarioText;
  const entries = Object.entries(servers).flatMap(([name, { users = 0 }]) =>
    (groups.get(name) ?? []).map((id) => [id, users] as const),
  );
  return new Map(entries);
}
