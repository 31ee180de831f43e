/**
 * One server of a world: the reference's node, unchanged, run by the runner of a real process. It
 * can be killed at any tick and started again with what its disk has kept.
 */
import { createMust, type Must } from '../../reference/assert.ts';
import type { ServerConfig } from '../../reference/config.ts';
import type { Effect, Input, Row } from '../../reference/core.ts';
import type { Crypto, SigningKey } from '../../reference/crypto/crypto.ts';
import type { X509 } from '../../reference/crypto/x509.ts';
import { type Hands, type RunningNode, runNode } from '../../reference/node/run-node.ts';
import type { createServerNode, ServerNode } from '../../reference/node/server.ts';
import { seconds } from '../../reference/time.ts';
import { withProgram } from '../adversary/program.ts';
import type { Kernel, Tick } from '../kernel/kernel.ts';
import type { Endpoint, Origin } from '../network/connection.ts';
import type { Network } from '../network/network.ts';
import type { Carriage } from '../network/parcel.ts';
import type { Zone } from '../network/zone.ts';
import { entityOf, purposes } from '../purposes.ts';
import type { Audited, Happening } from '../trace/journal.ts';
import { createDurableStore, type DurableStore, type Survival } from './durable-store.ts';
import { createEntropy } from './entropy.ts';
import { type ClockChange, createServerClock, type ServerClock } from './server-clock.ts';
import { createVirtualTimers, type VirtualTimers } from './timers.ts';
import type { ServerSpec, WorldSpec } from './world-spec.ts';

/** What all servers of a world share. */
export interface Surroundings {
  readonly spec: WorldSpec;
  readonly kernel: Kernel;
  readonly network: Network;
  readonly carriage: Carriage;
  readonly zone: Zone;
  readonly must: Must;
  readonly crypto: Crypto;
  readonly x509: X509;
  readonly createNode: typeof createServerNode;
  configOf(spec: ServerSpec): ServerConfig;
  record(server: string, happening: Happening): void;
}

export type ClientHands = Pick<Hands, 'accept-upgrade' | 'refuse-upgrade' | 'send' | 'close'>;

export interface ServerProcess extends Endpoint {
  readonly clock: ServerClock;
  /** As it came. */
  readonly ownClock: ClockChange;
  /** What whoever steals it has. */
  readonly key: SigningKey;
  start(): void;
  /** Without a word to anybody. */
  crash(survival: Survival): void;
  /** Stands still; what comes meanwhile waits for `goOn`. */
  pause(): void;
  goOn(): void;
  /** From now on so long for each thing that comes, one after the other. */
  takeTime(by: Tick): void;
  /** From its next start. */
  upgrade(versions: readonly string[]): void;
  changeClock(change: ClockChange): void;
  /** Until told otherwise nothing can be written. */
  fillDisk(isFull: boolean): void;
  /** Between two events: what may be forgotten is. */
  tidy(): void;
  /** Looks and answers of the world that are for it. */
  happen(kind: number, payload: unknown): void;
}

/** Kinds of kernel events of this room. */
export const serverKinds = { timer: 16, lookedUp: 17, fetched: 18, turn: 19 } as const;

interface State {
  readonly store: DurableStore;
  spec: ServerSpec;
  config: ServerConfig;
  running: RunningNode | null;
  timers: VirtualTimers | null;
  incarnation: number;
  /** While it stands still: what has come, in order. */
  waiting: (() => void)[] | null;
  readonly backlog: Backlog;
}

/** What has come to a server that takes its time. */
interface Backlog {
  /** For each thing; 0: none. */
  by: Tick;
  /** When the last of the queue has had its turn. */
  freeAt: Tick;
  queue: (() => void)[];
}

export function createServerProcess(
  spec: ServerSpec,
  index: number,
  around: Surroundings,
  clientHands: ClientHands,
): ServerProcess {
  const { kernel } = around;
  const clock = createServerClock(seconds(around.spec.startSeconds), spec.clock);
  const store = createDurableStore(() => kernel.now, around.spec.syncTicks);
  const config = configOf(around, spec);
  const state: State = {
    ...{ store, spec, config, running: null, timers: null, incarnation: 0, waiting: null },
    backlog: { by: 0, freeAt: 0, queue: [] },
  };
  const record = (happening: Happening) => around.record(spec.id, happening);
  const self: ServerProcess = {
    id: spec.id,
    index,
    clock,
    ownClock: spec.clock,
    key: config.identity,
    certificates: config.certificateChain,
    get federationVersions() {
      return state.config.versions.federation;
    },
    isUp: () => state.running !== null,
    incarnation: () => state.incarnation,
    deliver(input, from) {
      if (!state.running) return;
      inTurn(self, state, kernel, () => {
        record(received(input, from));
        state.running?.deliver(input);
      });
    },
    start() {
      state.incarnation += 1;
      state.running = run(self, state, around, { record, clientHands });
      record({ event: 'started' });
      state.running.deliver({ type: 'started' });
    },
    crash(survival) {
      if (!state.running) return;
      state.running.close();
      state.running = null;
      state.timers = null;
      state.waiting = null;
      Object.assign(state.backlog, { freeAt: 0, queue: [] });
      store.fail(survival);
      record({ event: 'crashed' });
      around.network.lose(self);
    },
    pause() {
      if (state.running) state.waiting ??= [];
    },
    goOn() {
      const { waiting } = state;
      state.waiting = null;
      for (const happen of waiting ?? []) if (state.running) happen();
    },
    takeTime(by) {
      state.backlog.by = by;
    },
    upgrade(versions) {
      state.spec = { ...state.spec, versions };
      state.config = configOf(around, state.spec);
    },
    changeClock(change) {
      clock.change(change, kernel.now);
      state.timers?.rearm();
    },
    fillDisk(isFull) {
      store.isFull = isFull;
    },
    tidy: () => store.sync(),
    happen(kind, payload) {
      if (kind === serverKinds.turn) {
        const [next] = payload === state.incarnation ? state.backlog.queue.splice(0, 1) : [];
        if (next) unlessPaused(state, next);
        return;
      }
      const answer = payload as { input: Input; incarnation: number };
      if (answer.incarnation !== state.incarnation) return;
      self.deliver(answer.input, { peer: '', parcel: null });
    },
  };
  return self;
}

/** Whatever comes to a server that takes its time stands behind what has come before. */
function inTurn({ index }: ServerProcess, state: State, kernel: Kernel, happen: () => void): void {
  const { backlog, incarnation } = state;
  if (backlog.by === 0 && backlog.queue.length === 0) return unlessPaused(state, happen);
  backlog.freeAt = Math.max(kernel.now, backlog.freeAt) + backlog.by;
  backlog.queue.push(happen);
  kernel.push(backlog.freeAt, serverKinds.turn, index, incarnation);
}

function unlessPaused({ waiting }: State, happen: () => void): void {
  if (waiting) waiting.push(happen);
  else happen();
}

function configOf(around: Surroundings, spec: ServerSpec): ServerConfig {
  const config = around.configOf(spec);
  return spec.program?.configure?.(config) ?? config;
}

interface RunParts {
  record(happening: Happening): void;
  readonly clientHands: ClientHands;
}

function run(
  self: ServerProcess,
  state: State,
  around: Surroundings,
  { record, clientHands }: RunParts,
): RunningNode {
  const { crypto, x509, kernel, spec } = around;
  const { program } = state.spec;
  const must = program ? createMust({ off: new Set([...spec.off, ...program.off]) }) : around.must;
  const entity = entityOf(self.id);
  const { incarnation } = state;
  const entropy = createEntropy({
    ...{ seed: spec.seed, entity, incarnation, purpose: purposes.entropy },
  });
  const rows = state.store.load();
  const environment = { must, crypto, x509, entropy };
  const honest = around.createNode(state.config, environment, rows);
  const power = { serverId: self.id, key: state.config.identity, crypto };
  const node = program ? withProgram(honest, program, power) : honest;
  return runNode({
    node: watched(node, record),
    store: state.store,
    clock: () => self.clock.at(kernel.now),
    timers: (_clock, fired) => {
      const parts = { kernel, clock: self.clock, kind: serverKinds.timer, entity: self.index };
      state.timers = createVirtualTimers(parts, (timer) =>
        inTurn(self, state, kernel, () => {
          record({ event: 'noticed', peer: '', input: { type: 'timer-fired', timer } });
          fired(timer);
        }),
      );
      return state.timers;
    },
    hands: { ...clientHands, ...worldHands(self, state, around, record) },
    onFault: ({ during, error }) => record({ event: 'threw', during, error: textOf(error) }),
    onStoreFailed: () => self.crash('all'),
  });
}

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

export function received(input: Input, { peer, parcel }: Origin): Happening {
  return parcel ? { event: 'received', peer, parcel } : { event: 'noticed', peer, input };
}

/** The audit log is what a server writes down; the journal has what stands there. */
function watched(node: ServerNode, record: RunParts['record']): ServerNode {
  return {
    handle(input, now) {
      const effects = node.handle(input, now);
      for (const effect of effects) {
        const entry = auditedOf(effect);
        if (entry) record({ event: 'audited', entry });
      }
      return effects;
    },
  };
}

export function auditedOf(effect: Effect): Audited | null {
  if (effect.type !== 'persist' || effect.table !== 'audit') return null;
  const { key, value } = effect as Row;
  const isEntry = /^\d+$/.test(key) && typeof value === 'object' && value !== null;
  return isEntry ? audited(value as { readonly [name: string]: unknown }) : null;
}

function audited(entry: { readonly [name: string]: unknown }): Audited {
  const { event_type: type, target_server: target, action, result, parameters } = entry;
  return {
    type: String(type),
    target: String(target),
    action: String(action),
    result: result as Audited['result'],
    parameters: parameters as Audited['parameters'],
  };
}

function worldHands(
  self: ServerProcess,
  state: State,
  around: Surroundings,
  record: RunParts['record'],
): Omit<Hands, keyof ClientHands> {
  const { network, zone, kernel, spec } = around;
  const later = (kind: number, input: Input): void => {
    const { incarnation } = state;
    kernel.push(kernel.now + spec.lookupTicks, kind, self.index, { input, incarnation });
  };
  return {
    dial: (effect) => network.dial(self, effect),
    request: (effect) => network.request(self, effect),
    get: (effect) => network.request(self, effect),
    answer: (effect) => network.answer(self, effect),
    'hang-up': ({ link }) => network.hangUp(self, link),
    'look-up': ({ lookup, name, record: type, vantage }) => {
      const outcome = zone.ask({ server: self.id, name, record: type, vantage });
      later(serverKinds.lookedUp, { type: 'looked-up', lookup, outcome });
    },
    'publish-txt': ({ name, value }) => zone.addTxt(name, value),
    'withdraw-txt': ({ name, value }) => zone.withdrawTxt(name, value),
    // Nobody serves pages in this world.
    fetch: ({ fetch }) => {
      const outcome = { fetched: 'failure', reason: 'unreachable' } as const;
      later(serverKinds.fetched, { type: 'fetched', fetch, outcome });
    },
    log: ({ entry }) => record({ event: 'logged', entry }),
  };
}
