/**
 * Users and their devices, each at its own server: the reference's device, unchanged, on a local way
 * without latency. A device shows the clock of its server.
 */
import type { ConnectionId, Effect, Input, UpgradeOffer } from '../../reference/core.ts';
import {
  createDeviceNode,
  type DeviceCommand,
  type DeviceConfig,
  type DeviceEffect,
  type DeviceInput,
  type DeviceNode,
  defaultDevicePolicy,
} from '../../reference/node/device.ts';
import { fixed } from '../../spec/limits.ts';
import type { NorcMessage } from '../../spec/messages.ts';
import { entityOf, purposes } from '../purposes.ts';
import { ENROLMENT_TOKEN } from './authority.ts';
import { createEntropy, type Entropy, uuidFrom } from './entropy.ts';
import { createPipe, type Pipe } from './pipe.ts';
import type { ClientHands, ServerProcess, Surroundings } from './server-process.ts';
import { createVirtualTimers, type VirtualTimers } from './timers.ts';

export interface UserDevice {
  readonly userId: string;
  readonly config: DeviceConfig;
  command(command: DeviceCommand): void;
  /** Bytes of its own for ids of messages and conversations. */
  readonly names: Entropy;
}

export interface Devices {
  readonly hands: ClientHands;
  readonly users: readonly UserDevice[];
  /** Connects and enrols everybody. */
  start(): void;
  /** The server process is gone. */
  breakAll(): void;
}

/** Kinds of kernel events of this room. */
export const deviceKinds = { toServer: 32, toDevice: 33, timer: 34 } as const;

interface Site {
  readonly around: Surroundings;
  readonly server: () => ServerProcess;
  readonly devices: Device[];
  /** Open or being opened. */
  readonly connections: Map<ConnectionId, Device>;
  readonly toServer: Pipe<Input>;
  readonly toDevice: Pipe<{ readonly device: Device; readonly input: DeviceInput }>;
}

interface Device extends UserDevice {
  readonly node: DeviceNode;
  readonly timers: VirtualTimers;
}

export function createDevices(
  { id, index, users }: { id: string; index: number; users: number },
  around: Surroundings,
  server: () => ServerProcess,
): Devices {
  const { kernel } = around;
  const at = { kernel, entity: index };
  const site: Site = {
    ...{ around, server, devices: [], connections: new Map() },
    toServer: createPipe({ ...at, kind: deviceKinds.toServer }, (input) =>
      server().deliver(input, { peer: '', parcel: null }),
    ),
    toDevice: createPipe({ ...at, kind: deviceKinds.toDevice }, ({ device, input }) =>
      give(site, device, input),
    ),
  };
  for (let user = 0; user < users; user += 1) {
    site.devices.push(createUserDevice(site, `user${user}@${id}`, index));
  }
  return {
    hands: handsOf(site),
    users: site.devices,
    start() {
      for (const device of site.devices) {
        device.command({ command: 'connect' });
        device.command({ command: 'register', enrolmentToken: ENROLMENT_TOKEN });
        device.command({ command: 'authenticate' });
      }
    },
    breakAll() {
      const cut = [...site.connections];
      site.connections.clear();
      for (const [connection, device] of cut) {
        site.toDevice.send({ device, input: { type: 'connection-closed', connection } });
      }
    },
  };
}

function createUserDevice(site: Site, userId: string, entity: number): Device {
  const { around, server } = site;
  const { seed } = around.spec;
  const owner = { seed, entity: entityOf(userId) };
  const keys = createEntropy({ ...owner, purpose: purposes.keys });
  const { crypto, must, kernel } = around;
  const config: DeviceConfig = {
    userId,
    deviceId: uuidFrom(keys),
    serverId: server().id,
    signingKey: crypto.signingKey(keys(32)),
    exchangeKey: crypto.exchangeKey(keys(32)),
    versions: server().federationVersions,
    suites: ['0001'],
    capabilities: ['messaging', 'e2ee'],
    name: userId,
    kind: 'desktop',
    ...{ serverKey: null, masterKey: null, policy: defaultDevicePolicy },
  };
  const entropy = createEntropy({ ...owner, purpose: purposes.entropy });
  const device: Device = {
    ...{ userId, config, node: createDeviceNode(config, { must, crypto, entropy }) },
    names: createEntropy({ ...owner, purpose: purposes.names }),
    command: (command) => give(site, device, { type: 'command-given', command }),
    timers: createVirtualTimers(
      { kernel, clock: server().clock, kind: deviceKinds.timer, entity },
      (timer) => give(site, device, { type: 'timer-fired', timer }),
    ),
  };
  return device;
}

function give(site: Site, device: Device, input: DeviceInput): void {
  const { around, server } = site;
  const effects = device.node.handle(input, server().clock.at(around.kernel.now));
  for (const effect of effects) perform(site, device, effect);
}

function perform(site: Site, device: Device, effect: DeviceEffect): void {
  switch (effect.type) {
    case 'connect':
      return connect(site, device, effect);
    case 'send': {
      const { connection, message } = effect;
      if (!site.connections.has(connection)) return;
      const frame = site.around.carriage(message);
      return site.toServer.send({ type: 'frame-received', connection, frame });
    }
    case 'close':
      if (!site.connections.delete(effect.connection)) return;
      return site.toServer.send({ type: 'connection-closed', connection: effect.connection });
    case 'set-timer':
      return device.timers.set(effect.timer, effect.at);
    case 'cancel-timer':
      return device.timers.cancel(effect.timer);
    case 'persist':
    case 'log':
      return;
    default:
      site.around.record(site.server().id, { event: 'shown', user: device.userId, effect });
  }
}

type Connect = Extract<DeviceEffect, { type: 'connect' }>;

function connect(site: Site, device: Device, effect: Connect): void {
  const { connection, path, subprotocols, queryVersion } = effect;
  if (!site.server().isUp()) {
    return site.toDevice.send({ device, input: { type: 'connection-closed', connection } });
  }
  site.connections.set(connection, device);
  const headers = lowercase(effect.headers);
  const offer: UpgradeOffer = {
    ...{ path, subprotocols, headers, queryVersion, tlsProtocol: fixed.tlsVersion },
  };
  site.toServer.send({ type: 'upgrade-requested', connection, offer });
}

function handsOf({ around, connections, toDevice, toServer }: Site): ClientHands {
  const tell = (connection: ConnectionId, input: DeviceInput): void => {
    const device = connections.get(connection);
    if (device) toDevice.send({ device, input });
  };
  const end = (connection: ConnectionId): void => {
    tell(connection, { type: 'connection-closed', connection });
    connections.delete(connection);
  };
  return {
    'accept-upgrade': ({ connection, subprotocol, headers }) => {
      tell(connection, { type: 'connected', connection, subprotocol, headers: lowercase(headers) });
    },
    'refuse-upgrade': ({ connection }) => end(connection),
    send: ({ connection, message }: Extract<Effect, { type: 'send' }>) => {
      tell(connection, {
        type: 'frame-received',
        connection,
        frame: around.carriage(message as NorcMessage),
      });
    },
    close({ connection }) {
      end(connection);
      toServer.send({ type: 'connection-closed', connection });
    },
  };
}

function lowercase(headers: { readonly [name: string]: string }): { [name: string]: string } {
  const entries = Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]);
  return Object.fromEntries(entries);
}
