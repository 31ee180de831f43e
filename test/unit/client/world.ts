/**
 * A server and its devices in memory: frames travel as bytes in the order they were sent, time passes
 * when the test says so, rows survive restarts. Everything a party emits can be looked at afterwards.
 */
import { createMust, type Exercised } from '../../../reference/assert.ts';
import {
  type DeviceConfig,
  type DevicePolicy,
  defaultDevicePolicy,
} from '../../../reference/client/device/config.ts';
import { createDevice } from '../../../reference/client/device/create-device.ts';
import type {
  Device,
  DeviceCommand,
  DeviceEffect,
  Displayed,
} from '../../../reference/client/device/device.ts';
import { createClientLayer } from '../../../reference/client/server/layer.ts';
import { defaultPolicy, type Policy, type ServerConfig } from '../../../reference/config.ts';
import type { Context, Effect, Row, UpgradeOffer } from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { Crypto, JsonObject } from '../../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import type { OutgoingRelay } from '../../../reference/ports.ts';
import { type Micros, seconds } from '../../../reference/time.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { NorcMessage } from '../../../spec/messages.ts';

const noBytes = { to: 'device', bytes: new Uint8Array() } as const;
const primitives = await createNodePrimitives();

export const START: Micros = seconds(1_800_000_000);
export const TOKEN = 'enrol-me';

export interface WorldOptions {
  readonly off?: readonly RequirementId[];
  readonly policy?: Partial<Policy>;
  readonly versions?: readonly string[];
  readonly suites?: readonly string[];
}

export interface Party {
  readonly name: string;
  readonly rows: Map<string, Row>;
  readonly timers: Map<string, Micros>;
}

export interface Actor extends Party {
  readonly config: DeviceConfig;
  device: Device;
  readonly effects: DeviceEffect[];
  /** What the server has sent to it. */
  readonly received: NorcMessage[];
  command(command: DeviceCommand): void;
  displayed(): readonly Displayed[];
  of<T extends DeviceEffect['type']>(type: T): readonly Extract<DeviceEffect, { type: T }>[];
}

export interface RawConnection {
  readonly id: string;
  readonly received: NorcMessage[];
  /** Close code, once it is closed. */
  closed: number | null;
  readonly refusedStatus: number | null;
  readonly headers: { [name: string]: string };
  readonly subprotocol: string;
  send(frame: JsonObject | string | Uint8Array): void;
  last<T extends NorcMessage['type']>(type: T): Extract<NorcMessage, { type: T }>;
  close(): void;
}

export type World = ReturnType<typeof createWorld>;

export interface Parcel {
  readonly to: 'server' | 'device';
  readonly connection: string;
  readonly bytes: Uint8Array;
  /** A close in its place among the frames. */
  readonly close?: number;
}

export function createWorld(options: WorldOptions = {}) {
  const exercised: Exercised = new Map();
  const must = createMust({ off: new Set(options.off), exercised });
  const crypto: Crypto = createCrypto(primitives, must);
  let now = START;
  const entropy = createEntropy(7);
  const config = serverConfig(crypto, options);
  const relays: OutgoingRelay[] = [];
  const route = { onRelay: (_: OutgoingRelay): void => undefined };
  const ports = {
    route: {
      relay(outgoing: OutgoingRelay) {
        relays.push(outgoing);
        route.onRelay(outgoing);
      },
    },
  };
  const server: Party = { name: 'server', rows: new Map(), timers: new Map() };
  let layer = createClientLayer(config, ports);
  const actors: Actor[] = [];
  const connections = new Map<string, Actor | RawConnection>();
  const effects: Effect[] = [];
  const parcels: Parcel[] = [];
  /** Changes frames on their way; null: swallowed. */
  const wire = { tamper: (parcel: Parcel): Parcel[] => [parcel] };

  const context: Context = {
    get now() {
      return now;
    },
    must,
    crypto,
    x509: {} as Context['x509'],
    entropy,
    emit: serverEmits,
  };

  function serverEmits(effect: Effect): void {
    effects.push(effect);
    switch (effect.type) {
      case 'send':
        parcels.push(parcelFor('device', effect.connection, effect.message));
        return;
      case 'close':
        parcels.push({ ...noBytes, connection: effect.connection, close: effect.code });
        return;
      case 'persist':
        return persist(server, effect);
      case 'set-timer':
        server.timers.set(effect.timer, effect.at);
        return;
      case 'cancel-timer':
        server.timers.delete(effect.timer);
        return;
      default:
        return;
    }
  }

  function closeAtDevice(connection: string, code: number): void {
    const end = connections.get(connection);
    if (!end) return;
    connections.delete(connection);
    if ('closed' in end) end.closed = code;
    else input(end, { type: 'connection-closed', connection });
  }

  function input(actor: Actor, given: Parameters<Device['handle']>[0]): void {
    actor.device.handle(given, {
      now,
      must,
      crypto,
      entropy,
      emit: (effect) => deviceEmits(actor, effect),
    });
  }

  function deviceEmits(actor: Actor, effect: DeviceEffect): void {
    actor.effects.push(effect);
    switch (effect.type) {
      case 'connect':
        return dial(actor, effect);
      case 'send':
        parcels.push(parcelFor('server', effect.connection, effect.message));
        return;
      case 'close':
        if (connections.delete(effect.connection)) {
          layer.connectionClosed(effect.connection, context);
        }
        return;
      case 'persist':
        return persist(actor, effect);
      case 'set-timer':
        actor.timers.set(effect.timer, effect.at);
        return;
      case 'cancel-timer':
        actor.timers.delete(effect.timer);
        return;
      default:
        return;
    }
  }

  /** Connections that were asked for while another input was handled. */
  const dials: (() => void)[] = [];

  function dial(actor: Actor, effect: DeviceEffect & { type: 'connect' }): void {
    const { connection } = effect;
    dials.push(() => {
      connections.set(connection, actor);
      const accepted = upgrade(connection, {
        path: effect.path,
        subprotocols: effect.subprotocols,
        headers: lowercase(effect.headers),
        queryVersion: effect.queryVersion,
        tlsProtocol: 'TLSv1.3',
      });
      if (accepted?.type !== 'accept-upgrade') {
        connections.delete(connection);
        return input(actor, { type: 'connection-closed', connection });
      }
      const headers = lowercase(accepted.headers);
      input(actor, { type: 'connected', connection, subprotocol: accepted.subprotocol, headers });
    });
  }

  function upgrade(connection: string, offer: UpgradeOffer) {
    const from = effects.length;
    layer.upgradeRequested(connection, offer, context);
    return effects
      .slice(from)
      .find((effect) => effect.type === 'accept-upgrade' || effect.type === 'refuse-upgrade');
  }

  function step(): boolean {
    const dialled = dials.shift();
    if (dialled) {
      dialled();
      return true;
    }
    const parcel = parcels.shift();
    if (!parcel) return false;
    if (parcel.close !== undefined) closeAtDevice(parcel.connection, parcel.close);
    else for (const changed of wire.tamper(parcel)) arrive(changed);
    return true;
  }

  let isRunning = false;
  /** Until nothing is on its way. */
  function run(): void {
    if (isRunning) return;
    isRunning = true;
    while (step());
    isRunning = false;
  }

  function arrive({ to, connection, bytes }: Parcel): void {
    const end = connections.get(connection);
    if (!end) return;
    const frame = { kind: 'text', bytes } as const;
    if (to === 'server') return layer.frameReceived(connection, frame, context);
    const message = JSON.parse(new TextDecoder().decode(bytes)) as NorcMessage;
    end.received.push(message);
    if (!('closed' in end)) input(end, { type: 'frame-received', connection, frame });
  }

  function parcelFor(to: Parcel['to'], connection: string, message: NorcMessage): Parcel {
    return { to, connection, bytes: canonicalBytes(message as unknown as JsonObject) };
  }

  /** Lets time pass, firing every timer at its instant. */
  function pass(durationSeconds: number): void {
    const end = now + seconds(durationSeconds);
    for (;;) {
      run();
      const due = nextTimer(end);
      if (!due) break;
      now = Math.max(now, due.at);
      due.party.timers.delete(due.timer);
      if (due.party === server) layer.timerFired(due.timer, context);
      else input(due.party as Actor, { type: 'timer-fired', timer: due.timer });
    }
    now = end;
  }

  function nextTimer(end: Micros): { party: Party; timer: string; at: Micros } | null {
    let next: { party: Party; timer: string; at: Micros } | null = null;
    for (const party of [server, ...actors]) {
      for (const [timer, at] of party.timers) {
        if (at <= end && (next === null || at < next.at)) next = { party, timer, at };
      }
    }
    return next;
  }

  /** Without warning: connections break, only rows survive. */
  function restartServer(): void {
    const cut = [...connections];
    connections.clear();
    server.timers.clear();
    parcels.length = 0;
    layer = createClientLayer(config, ports);
    layer.restore([...server.rows.values()]);
    layer.started(context);
    for (const [connection, end] of cut) {
      if ('closed' in end) end.closed = 1006;
      else input(end, { type: 'connection-closed', connection });
    }
    run();
  }

  function actor(
    userId: string,
    over: Partial<DeviceConfig> & { policy?: DevicePolicy } = {},
  ): Actor {
    const made = createActor(actorConfig(crypto, entropy, userId, config, over), { input, run });
    actors.push(made);
    return made;
  }

  function restartDevice(restarted: Actor): void {
    for (const [id, end] of [...connections]) {
      if (end !== restarted) continue;
      connections.delete(id);
      layer.connectionClosed(id, context);
    }
    restarted.timers.clear();
    restarted.device = createDevice({ ...restarted.config, deviceId: restarted.config.deviceId });
    restarted.device.restore([...restarted.rows.values()]);
  }

  let raws = 0;
  function connectRaw(offer: Partial<UpgradeOffer> = {}): RawConnection {
    raws += 1;
    const id = `raw/${raws}`;
    const accepted = upgrade(id, {
      path: '/norc-c',
      subprotocols: config.versions.client.map((version) => `norc-c-json-v${version}`),
      headers: {},
      queryVersion: undefined,
      tlsProtocol: 'TLSv1.3',
      ...offer,
    });
    const isOpen = accepted?.type === 'accept-upgrade';
    const raw = createRaw(id, isOpen ? accepted : null, {
      status: accepted?.type === 'refuse-upgrade' ? accepted.status : null,
      send(bytes) {
        parcels.push({ to: 'server', connection: id, bytes });
        run();
      },
      close() {
        if (connections.delete(id)) layer.connectionClosed(id, context);
        run();
      },
    });
    if (isOpen) connections.set(id, raw);
    return raw;
  }

  return {
    config,
    crypto,
    must,
    context,
    server,
    actors,
    effects,
    relays,
    exercised,
    wire,
    route,
    entropy,
    actor,
    run,
    pass,
    restartServer,
    restartDevice,
    connectRaw,
    now: () => now,
    /** A frame that was held back. */
    deliver(to: Actor, { connection, bytes }: Parcel) {
      input(to, { type: 'frame-received', connection, frame: { kind: 'text', bytes } });
      run();
    },
    layer: () => layer,
    cut(cutActor: Actor) {
      for (const [id, end] of [...connections]) {
        if (end !== cutActor) continue;
        connections.delete(id);
        layer.connectionClosed(id, context);
        input(cutActor, { type: 'connection-closed', connection: id });
      }
      run();
    },
    /** Connected, enrolled and in a session. */
    enrolled(userId: string, over: Parameters<typeof actor>[1] = {}, voucher?: Actor): Actor {
      const made = actor(userId, over);
      const authorization = voucher && authorize(voucher, made, run);
      made.command({ command: 'connect' });
      made.command({
        command: 'register',
        enrolmentToken: TOKEN,
        ...(authorization && { authorization }),
      });
      made.command({ command: 'authenticate' });
      return made;
    },
  };
}

export function authorize(voucher: Actor, other: Actor, run: () => void) {
  const { userId, deviceId, signingKey, exchangeKey } = other.config;
  const binding = {
    userId,
    deviceId,
    publicKey: signingKey.publicKey,
    kexPublicKey: exchangeKey.publicKey,
  };
  voucher.command({ command: 'authorize-device', binding });
  run();
  const authorized = voucher.of('authorized').at(-1);
  if (!authorized) throw new Error('nothing was authorized');
  return authorized.authorization;
}

function createActor(
  config: DeviceConfig,
  ports: { input(actor: Actor, given: Parameters<Device['handle']>[0]): void; run(): void },
): Actor {
  const actor: Actor = {
    name: config.userId,
    config,
    device: createDevice(config),
    rows: new Map(),
    timers: new Map(),
    effects: [],
    received: [],
    command(command) {
      ports.input(actor, { type: 'command-given', command });
      ports.run();
    },
    of: (type) => actor.effects.filter((effect): effect is never => effect.type === type) as never,
    displayed: () => actor.of('display'),
  };
  return actor;
}

function createRaw(
  id: string,
  accepted: (Effect & { type: 'accept-upgrade' }) | null,
  ports: { status: number | null; send(bytes: Uint8Array): void; close(): void },
): RawConnection {
  const raw: RawConnection = {
    id,
    received: [],
    closed: null,
    refusedStatus: ports.status,
    headers: accepted?.headers ?? {},
    subprotocol: accepted?.subprotocol ?? '',
    send: (frame) => ports.send(bytesOfFrame(frame)),
    last(type) {
      const found = raw.received.filter((message) => message.type === type).at(-1);
      if (!found) throw new Error(`no ${type} among ${raw.received.map((m) => m.type).join()}`);
      return found as never;
    },
    close: ports.close,
  };
  return raw;
}

function bytesOfFrame(frame: JsonObject | string | Uint8Array): Uint8Array {
  if (frame instanceof Uint8Array) return frame;
  return typeof frame === 'string' ? new TextEncoder().encode(frame) : canonicalBytes(frame);
}

function persist(party: Party, { table, key, value }: Row): void {
  // What is durable is a copy: later changes of the value must not reach it.
  const row = { table, key, value: JSON.parse(JSON.stringify(value)) };
  if (value === null) party.rows.delete(`${table}/${key}`);
  else party.rows.set(`${table}/${key}`, row);
}

function lowercase(headers: { readonly [name: string]: string }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text]),
  );
}

export function createEntropy(seed: number): (lengthBytes: number) => Uint8Array {
  let state = BigInt(seed) + 0x9e3779b97f4a7c15n;
  const mask = 0xffffffffffffffffn;
  return (lengthBytes) =>
    Uint8Array.from({ length: lengthBytes }, () => {
      state = (state + 0x9e3779b97f4a7c15n) & mask;
      let mixed = state;
      mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
      mixed = ((mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn) & mask;
      return Number((mixed ^ (mixed >> 31n)) & 0xffn);
    });
}

export function uuid(entropy: (lengthBytes: number) => Uint8Array): string {
  const octets = entropy(16);
  octets[6] = ((octets[6] ?? 0) & 0x0f) | 0x40;
  octets[8] = ((octets[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function serverConfig(crypto: Crypto, options: WorldOptions): ServerConfig {
  return {
    serverId: 'acme.example',
    identity: crypto.signingKey(new Uint8Array(32).fill(1)),
    certificateChain: [],
    authorities: [],
    versions: {
      client: options.versions ?? ['1.0', '1.1', '2.0'],
      federation: ['1.0'],
      trust: ['1.0'],
    },
    suites: options.suites ?? ['0001', '0101'],
    capabilities: { client: ['messaging', 'e2ee', 'federation'], federation: [] },
    enrolmentTokens: [TOKEN],
    peers: [],
    policy: { ...defaultPolicy, ...options.policy },
    pseudonymKey: new Uint8Array(32).fill(9),
  };
}

function actorConfig(
  crypto: Crypto,
  entropy: (lengthBytes: number) => Uint8Array,
  userId: string,
  server: ServerConfig,
  over: Partial<DeviceConfig>,
): DeviceConfig {
  return {
    userId,
    deviceId: uuid(entropy),
    serverId: server.serverId,
    signingKey: crypto.signingKey(entropy(32)),
    exchangeKey: crypto.exchangeKey(entropy(32)),
    versions: server.versions.client,
    suites: ['0001'],
    capabilities: ['messaging', 'e2ee'],
    name: 'a device',
    kind: 'desktop',
    serverKey: null,
    masterKey: null,
    policy: defaultDevicePolicy,
    ...over,
  };
}
