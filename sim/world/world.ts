/**
 * A federation in virtual time: servers, their users, the network between them, and the loop that
 * takes one event after the other. Nothing in here reads a clock or waits for anything.
 */
import {
  createMust,
  type Exercised,
  InvariantError,
  invariant,
  type Must,
} from '../../reference/assert.ts';
import type { Command } from '../../reference/core.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import type { Crypto } from '../../reference/crypto/crypto.ts';
import { memoPrimitives } from '../../reference/crypto/memo-primitives.ts';
import type { Primitives } from '../../reference/crypto/primitives.ts';
import { createServerNode } from '../../reference/node/server.ts';
import { createKernel, type Kernel, type KernelEvent, type Tick } from '../kernel/kernel.ts';
import { createNetwork, type Network, networkKinds } from '../network/network.ts';
import { asBytes, asValue, type Carriage } from '../network/parcel.ts';
import { createPaths, type PathSource } from '../network/path.ts';
import { createZone, type Zone } from '../network/zone.ts';
import type { Happening, Journal } from '../trace/journal.ts';
import { createWorldAuthority } from './authority.ts';
import { createSimulatedX509 } from './certificates.ts';
import { createDevices, type Devices, deviceKinds, type UserDevice } from './devices.ts';
import type { Survival } from './durable-store.ts';
import type { Pipe } from './pipe.ts';
import {
  createServerProcess,
  type ServerProcess,
  type Surroundings,
  serverKinds,
} from './server-process.ts';
import { createSymbolicCrypto } from './symbolic-crypto.ts';
import { symbolicPrimitives } from './symbolic-primitives.ts';
import type { VirtualTimer } from './timers.ts';
import type { CryptoTier, WorldSpec } from './world-spec.ts';

export interface WorldParts {
  readonly primitives: Primitives;
  readonly journal: Journal;
  /** Default: the reference's server. */
  readonly createNode?: typeof createServerNode;
  /** Default: all servers are simulated. */
  readonly outside?: Outside;
}

/** Servers that are no part of the simulation, but processes that meet its network. */
export interface Outside {
  readonly createProcess: typeof createServerProcess;
  readonly carriage: Carriage;
}

export interface World {
  /** True time at tick 0, in Unix seconds. */
  readonly startSeconds: number;
  readonly kernel: Kernel;
  readonly network: Network;
  readonly paths: PathSource;
  readonly zone: Zone;
  readonly exercised: Exercised;
  /** For attackers: no guard of it is switched off, and none counts. */
  readonly crypto: Crypto;
  readonly servers: ReadonlyMap<string, Site>;
  /** Frames between devices and their servers that have arrived, at either. */
  readonly frames: number;
  /** Everybody comes up, in the order of the specification. */
  start(): void;
  command(server: string, command: Command): void;
  crash(server: string, survival: Survival): void;
  restart(server: string): void;
  /** For what is planned: calls back at the tick, as an event of the kernel. */
  at(tick: Tick, act: () => void): void;
  record(server: string, happening: Happening): void;
  /** One event, none after `until`. False when there is none. */
  step(until: Tick): boolean;
}

export interface Site {
  readonly process: ServerProcess;
  readonly devices: Devices;
  readonly users: readonly UserDevice[];
}

interface Tier {
  primitives(real: Primitives): Primitives;
  crypto(primitives: Primitives, must: Must): Crypto;
  readonly carriage: Carriage;
}

const tiers: { readonly [tier in CryptoTier]: Tier } = {
  real: { primitives: (real) => real, crypto: createCrypto, carriage: asBytes },
  memo: { primitives: memoPrimitives, crypto: createCrypto, carriage: asBytes },
  symbolic: { primitives: symbolicPrimitives, crypto: createSymbolicCrypto, carriage: asValue },
};

/** Of the kernel, in this room. */
const PLANNED = 64;
/** Every so many events the disks of servers that are idle are tidied as well. */
const TIDY_EVENTS = 8192;

export function createWorld(spec: WorldSpec, parts: WorldParts): World {
  const kernel = createKernel(spec);
  const paths = createPaths(spec.paths, spec.seed);
  const exercised: Exercised = new Map();
  const must = createMust({ off: spec.off, exercised });
  const tier = tiers[spec.crypto];
  const { createProcess = createServerProcess, carriage = tier.carriage } = parts.outside ?? {};
  const primitives = tier.primitives(parts.primitives);
  const plainCrypto = createCrypto(primitives, createMust());
  const authority = createWorldAuthority(plainCrypto, spec);
  const sites = new Map<string, Site>();
  const current = { sequence: 0, cause: 0 };
  let frames = 0;
  const record = (server: string, happening: Happening): void =>
    parts.journal({ at: kernel.now, ...current, server, happening });
  const network = createNetwork({
    ...{ kernel, paths, carriage },
    endpoint: (id) => sites.get(id)?.process,
    sent: (from, to, parcel) => record(from.id, { event: 'sent', peer: to.id, parcel }),
  });
  const zone = createZone();
  const around: Surroundings = {
    ...{ spec, kernel, network, carriage, zone, must, record, configOf: authority.configOf },
    crypto: tier.crypto(primitives, must),
    x509: createSimulatedX509(plainCrypto, primitives),
    createNode: parts.createNode ?? createServerNode,
  };
  const byIndex = populate(around, createProcess, sites);
  const siteOf = (id: string): Site => {
    const site = sites.get(id);
    invariant(site, `no server ${id}`);
    return site;
  };
  return {
    ...{ kernel, network, paths, zone, exercised, record, crypto: plainCrypto, servers: sites },
    startSeconds: spec.startSeconds,
    get frames() {
      return frames;
    },
    start() {
      for (const { process } of sites.values()) process.start();
      for (const { devices } of sites.values()) devices.start();
    },
    command(id, command) {
      record(id, { event: 'commanded', command });
      siteOf(id).process.deliver({ type: 'command-given', command }, { peer: '', parcel: null });
    },
    crash(id, survival) {
      const { process, devices } = siteOf(id);
      process.crash(survival);
      devices.breakAll();
    },
    restart(id) {
      const { process } = siteOf(id);
      if (!process.isUp()) process.start();
    },
    at: (tick, act) => void kernel.push(tick, PLANNED, 0, act),
    step(until) {
      const event = kernel.take(until);
      if (!event) return false;
      current.sequence = event.sequence;
      current.cause = event.cause;
      if (event.sequence % TIDY_EVENTS === 0) for (const { process } of byIndex) process.tidy();
      if (isFrame(event)) frames += 1;
      happen(event, network, byIndex);
      return true;
    },
  };
}

/** The opening and the end of a connection come the same way, and count as frames. */
function isFrame({ kind }: KernelEvent): boolean {
  return kind === deviceKinds.toServer || kind === deviceKinds.toDevice;
}

function populate(
  around: Surroundings,
  createProcess: typeof createServerProcess,
  sites: Map<string, Site>,
): readonly Site[] {
  for (const [index, server] of around.spec.servers.entries()) {
    around.zone.announce(server.id);
    const self = (): ServerProcess => process;
    const hands: Devices['hands'] = {
      'accept-upgrade': (effect) => devices.hands['accept-upgrade'](effect),
      'refuse-upgrade': (effect) => devices.hands['refuse-upgrade'](effect),
      send: (effect) => devices.hands.send(effect),
      close: (effect) => devices.hands.close(effect),
    };
    const process = createProcess(server, index, around, hands);
    const devices = createDevices({ ...server, index }, around, self);
    sites.set(server.id, { process, devices, users: devices.users });
  }
  return [...sites.values()];
}

function happen({ kind, entity, payload }: KernelEvent, network: Network, sites: readonly Site[]) {
  switch (kind) {
    case networkKinds.arrival:
    case networkKinds.late:
    case networkKinds.dial:
    case networkKinds.giveUp:
      return network.happen(kind, payload);
    case serverKinds.timer:
    case deviceKinds.timer:
      return (payload as VirtualTimer).fire();
    case serverKinds.lookedUp:
    case serverKinds.fetched:
    case serverKinds.turn:
      return sites[entity]?.process.happen(kind, payload);
    case deviceKinds.toServer:
    case deviceKinds.toDevice:
      return (payload as Pipe<unknown>).carry();
    case PLANNED:
      return (payload as () => void)();
    default:
      throw new InvariantError(`an event of kind ${kind}`);
  }
}
