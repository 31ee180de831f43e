/** A device of the reference that connects to a server over WebSocket and TLS. */
import { createMust } from '../../../reference/assert.ts';
import type { DeviceEffect } from '../../../reference/client/device/device.ts';
import { createCrypto } from '../../../reference/crypto/create-crypto.ts';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { SUITES } from '../../../reference/node/built.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import type { Authority } from '../authority.ts';
import type { DeviceChannel } from '../ground.ts';
import { createRealTime } from '../grounds/real-time.ts';
import { openDeviceChannel } from '../grounds/websocket-channel.ts';
import { commonBelief, nothing } from './beliefs.ts';
import { deviceBelief, deviceOf } from './device.ts';
import type { Outcome } from './negotiations.ts';
import type { ServerProcess } from './processes.ts';

const ANSWER_MS = 5000;

export async function connectOverSockets(
  server: ServerProcess,
  versions: readonly string[],
  { rootPem }: Authority,
): Promise<Outcome> {
  const time = createRealTime();
  const must = createMust();
  const crypto = createCrypto(await createNodePrimitives(), must);
  const entropy = (lengthBytes: number) =>
    globalThis.crypto.getRandomValues(new Uint8Array(lengthBytes));
  const { serverId, clientUrl, seed } = server;
  const serverKey = crypto.signingKey(seed).publicKey;
  const device = deviceOf(crypto, { serverId, serverKey, suites: SUITES }, versions);
  const effects: DeviceEffect[] = [];
  const handle = (input: Parameters<typeof device.handle>[0]): readonly DeviceEffect[] => {
    const from = effects.length;
    const emit = (effect: DeviceEffect): void => void effects.push(effect);
    device.handle(input, { now: time.now(), must, crypto, entropy, emit });
    return effects.slice(from);
  };
  const [wish] = handle({ type: 'command-given', command: { command: 'connect' } }).flatMap(
    (one) => (one.type === 'connect' ? [one] : []),
  );
  if (!wish) throw new Error('the device does not connect');
  const { connection } = wish;
  const endpoints = { clientUrl, clientRoots: rootPem, federation: null };
  const channel = await openDeviceChannel(endpoints, wish, time);
  if (channel.refused) {
    handle({ type: 'connection-closed', connection });
    return { got: commonBelief([nothing()]), refusal: `upgrade: ${channel.status}` };
  }
  const { subprotocol, headers } = channel;
  const first = handle({ type: 'connected', connection, subprotocol, headers });
  await converse({ channel, connection, handle }, first);
  await channel.close();
  return { got: commonBelief([deviceBelief(effects)]), refusal: refusalIn(effects) };
}

interface Conversation {
  readonly channel: DeviceChannel;
  readonly connection: string;
  handle(input: {
    type: 'frame-received';
    connection: string;
    frame: Frame;
  }): readonly DeviceEffect[];
}
type Frame = { readonly kind: 'text'; readonly bytes: Uint8Array };

/** Until the device has what it needs, gives up, or nothing comes. */
async function converse(
  { channel, connection, handle }: Conversation,
  first: readonly DeviceEffect[],
): Promise<void> {
  let latest = first;
  for (;;) {
    for (const effect of latest) {
      if (effect.type !== 'send') continue;
      await channel.send(canonicalText(effect.message as unknown as JsonObject));
    }
    if (latest.some(({ type }) => type === 'persist' || type === 'close')) return;
    const next = await channel.next(ANSWER_MS);
    if (!next || next.closed) return;
    const bytes = new TextEncoder().encode(next.text);
    latest = handle({ type: 'frame-received', connection, frame: { kind: 'text', bytes } });
  }
}

function refusalIn(effects: readonly DeviceEffect[]): string | null {
  const dropped = effects.findLast((effect) => effect.type === 'log' && effect.event === 'dropped');
  return dropped?.type === 'log' ? `${dropped.requirement}: ${dropped.detail}` : null;
}
