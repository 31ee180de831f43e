/** A device of the reference and a server of it, between them the frames of NORC-C as bytes. */
import { createMust } from '../../../reference/assert.ts';
import { defaultDevicePolicy } from '../../../reference/client/device/config.ts';
import { createDevice } from '../../../reference/client/device/create-device.ts';
import type { Device, DeviceEffect } from '../../../reference/client/device/device.ts';
import type { Effect, Input } from '../../../reference/core.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { Crypto, JsonObject, PublicKey } from '../../../reference/crypto/crypto.ts';
import { canonicalBytes } from '../../../reference/wire/canonical.ts';
import { fixed } from '../../../spec/limits.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { createEntropy } from '../grounds/entropy.ts';
import type { InProcessParts } from '../grounds/in-process.ts';
import { type Belief, nothing } from './beliefs.ts';
import type { Side } from './twin.ts';

export interface Talk {
  readonly effects: DeviceEffect[];
  /** Why one of them refused, the last time. */
  refusal: string | null;
}

/** A device that speaks `versions` connects and goes as far as the handshake goes. */
export function connectDevice(
  parts: InProcessParts,
  server: Side,
  versions: readonly string[],
): Talk {
  const must = createMust();
  const crypto = createCrypto(parts.primitives, must);
  const entropy = createEntropy(parts.primitives, 'device');
  const { serverId, identity, suites } = server.config;
  const home = { serverId, serverKey: identity.publicKey, suites };
  const device = deviceOf(crypto, home, versions);
  const talk: Talk = { effects: [], refusal: null };
  const steps: (() => void)[] = [];
  const toServer = (input: Input): void => {
    for (const effect of server.node.handle(input, parts.startsAt)) reply(effect);
  };
  const toDevice = (input: Parameters<Device['handle']>[0]): void => {
    const emit = (effect: DeviceEffect): void => {
      talk.effects.push(effect);
      act(effect);
    };
    device.handle(input, { now: parts.startsAt, must, crypto, entropy, emit });
  };
  const frameOf = (message: NorcMessage) =>
    ({ kind: 'text', bytes: canonicalBytes(message as unknown as JsonObject) }) as const;
  function act(effect: DeviceEffect): void {
    if (effect.type === 'connect') {
      steps.push(() => toServer({ type: 'upgrade-requested', ...offerOf(effect) }));
    } else if (effect.type === 'send') {
      const { connection } = effect;
      const frame = frameOf(effect.message);
      steps.push(() => toServer({ type: 'frame-received', connection, frame }));
    } else if (effect.type === 'log' && effect.event === 'dropped') {
      talk.refusal = `${effect.requirement}: ${effect.detail}`;
    }
  }
  function reply(effect: Effect): void {
    if (effect.type === 'persist') server.rows.set(`${effect.table}/${effect.key}`, effect.value);
    if (effect.type === 'log' && effect.entry.event === 'refused') {
      talk.refusal = `${effect.entry.requirement}: ${effect.entry.detail}`;
    }
    if (effect.type === 'accept-upgrade') {
      const { connection, subprotocol } = effect;
      const headers = lowercase(effect.headers);
      steps.push(() => toDevice({ type: 'connected', connection, subprotocol, headers }));
    } else if (effect.type === 'send') {
      const { connection } = effect;
      const frame = frameOf(effect.message);
      steps.push(() => toDevice({ type: 'frame-received', connection, frame }));
    } else if (effect.type === 'close' || effect.type === 'refuse-upgrade') {
      const { connection } = effect;
      steps.push(() => toDevice({ type: 'connection-closed', connection }));
    }
  }
  toDevice({ type: 'command-given', command: { command: 'connect' } });
  for (let step = steps.shift(); step; step = steps.shift()) step();
  return talk;
}

/** The server that a device is enrolled with. */
export interface Home {
  readonly serverId: string;
  readonly serverKey: PublicKey;
  readonly suites: readonly string[];
}

export function deviceOf(crypto: Crypto, home: Home, versions: readonly string[]): Device {
  return createDevice({
    ...home,
    userId: `alice@${home.serverId}`,
    deviceId: '6fa459ea-ee8a-4ca4-894e-db77e160355e',
    signingKey: crypto.signingKey(new Uint8Array(32).fill(1)),
    exchangeKey: crypto.exchangeKey(new Uint8Array(32).fill(2)),
    versions,
    capabilities: ['messaging', 'e2ee'],
    ...{ name: 'matrix', kind: 'desktop' },
    masterKey: null,
    policy: { ...defaultDevicePolicy, reconnect: 'manual' },
  });
}

/** X-AMC-11: a device that is in compatibility mode logs it. */
export function deviceBelief(effects: readonly DeviceEffect[]): Belief {
  const kept = effects.find(({ type }) => type === 'persist');
  if (kept?.type !== 'persist') return nothing();
  const compatibilityMode = effects.some(
    (effect) => effect.type === 'log' && effect.event === 'compatibility-mode',
  );
  return { version: String(kept.value), compatibilityMode };
}

function offerOf({ connection, headers, ...offer }: DeviceEffect & { type: 'connect' }) {
  const { path, subprotocols, queryVersion } = offer;
  const tls = { tlsProtocol: fixed.tlsVersion, headers: lowercase(headers) };
  return { connection, offer: { path, subprotocols, queryVersion, ...tls } };
}

function lowercase(headers: { readonly [name: string]: string }): {
  [name: string]: string;
} {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
