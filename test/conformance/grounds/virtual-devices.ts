/**
 * The client port of a node in this process (profile C1): upgrades and frames as the WebSocket
 * listener of reference/transport gives them to the core, and as a device of ours would see the
 * core's answers. Frames cross as bytes.
 */
import type { ConnectionId, Input, UpgradeOffer } from '../../../reference/core.ts';
import type { Hands } from '../../../reference/node/run-node.ts';
import { bounds } from '../../../reference/transport/bounds.ts';
import { canonicalText } from '../../../reference/wire/canonical.ts';
import { fixed, limits } from '../../../spec/limits.ts';
import type { Json } from '../../../spec/schema.ts';
import type { Closed, UpgradeRefused } from '../actors/device.ts';
import type { DeviceChannel, RunningSubject } from '../ground.ts';
import type { VirtualTime } from './virtual-time.ts';

type UpgradeRequest = Parameters<RunningSubject['upgrade']>[0];
type Arrived = { readonly closed: false; readonly text: string; readonly at: number };

export interface VirtualDevices {
  readonly hands: Pick<Hands, 'accept-upgrade' | 'refuse-upgrade' | 'send' | 'close'>;
  upgrade(request: UpgradeRequest): Promise<DeviceChannel | UpgradeRefused>;
  /** The process behind the channels is gone; nobody is told but the devices, with this code. */
  breakAll(code: number): void;
}

export interface World {
  readonly time: VirtualTime;
  deliver(input: Input): void;
}

interface Upgrade {
  readonly subprotocols: readonly string[];
  outcome: DeviceChannel | UpgradeRefused | undefined;
}

interface Socket {
  readonly arrived: Arrived[];
  end: Closed | null;
}

/** RFC 6455 7.4.1: a frame was too large. */
const TOO_LARGE = 1009;
const NORMAL = 1000;

export function createVirtualDevices({ time, deliver }: World): VirtualDevices {
  const upgrades = new Map<ConnectionId, Upgrade>();
  const sockets = new Map<ConnectionId, Socket>();
  let count = 0;

  function end(connection: ConnectionId, code: number): void {
    const socket = sockets.get(connection);
    if (!socket || socket.end) return;
    socket.end = { closed: true, code };
    sockets.delete(connection);
    deliver({ type: 'connection-closed', connection });
  }

  const hands: VirtualDevices['hands'] = {
    'accept-upgrade': ({ connection, subprotocol, headers }) => {
      const upgrade = upgrades.get(connection);
      if (!upgrade) return;
      if (!upgrade.subprotocols.includes(subprotocol)) {
        upgrade.outcome = misnamed(subprotocol);
        return deliver({ type: 'connection-closed', connection });
      }
      const socket: Socket = { arrived: [], end: null };
      sockets.set(connection, socket);
      const answered = { subprotocol, headers: answerHeaders(subprotocol, headers) };
      const channel = channelOf({ connection, socket, time, deliver, end });
      upgrade.outcome = { refused: false, ...answered, ...channel };
    },
    'refuse-upgrade': ({ connection, status, reason }) => {
      const upgrade = upgrades.get(connection);
      if (upgrade) upgrade.outcome = { refused: true, status, reason };
    },
    send: ({ connection, message }) => {
      const text = canonicalText(message as Json);
      sockets.get(connection)?.arrived.push({ closed: false, text, at: time.now() });
    },
    close: ({ connection, code }) => end(connection, code),
  };

  return {
    hands,
    async upgrade(request) {
      count += 1;
      const connection = `device:${count}`;
      const upgrade: Upgrade = { subprotocols: request.subprotocols, outcome: undefined };
      upgrades.set(connection, upgrade);
      deliver({ type: 'upgrade-requested', connection, offer: offerOf(request) });
      const outcome = await time.until(() => upgrade.outcome, bounds.handshakeMs);
      upgrades.delete(connection);
      return asSeen(request, outcome);
    },
    breakAll(code) {
      for (const socket of sockets.values()) socket.end = { closed: true, code };
      sockets.clear();
      for (const upgrade of upgrades.values()) upgrade.outcome ??= silent;
    },
  };
}

const silent: UpgradeRefused = { refused: true, status: null, reason: 'no answer' };

/** The WebSocket library of a device ends the handshake itself (RFC 6455 4.1). */
const misnamed = (subprotocol: string): UpgradeRefused => ({
  refused: true,
  status: 101,
  reason: `the answer names a subprotocol that was not offered: ${subprotocol}`,
});

/** Below TLS 1.3 it is TLS that refuses, so a device sees no status (C-CONN-01). */
function asSeen(
  { maxTls }: UpgradeRequest,
  outcome: DeviceChannel | UpgradeRefused = silent,
): DeviceChannel | UpgradeRefused {
  if (!outcome.refused || maxTls !== '1.2') return outcome;
  return { refused: true, status: null, reason: 'TLS: protocol version' };
}

function offerOf(request: UpgradeRequest): UpgradeOffer {
  const headers: { [name: string]: string } = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
  };
  const { subprotocols } = request;
  if (subprotocols.length > 0) headers['sec-websocket-protocol'] = subprotocols.join(',');
  if (request.offerDeflate) headers['sec-websocket-extensions'] = 'permessage-deflate';
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  return {
    path: request.path,
    subprotocols,
    headers,
    queryVersion: request.queryVersion,
    tlsProtocol: request.maxTls === '1.2' ? 'TLSv1.2' : fixed.tlsVersion,
  };
}

function answerHeaders(
  subprotocol: string,
  headers: { readonly [name: string]: string },
): DeviceChannel['headers'] {
  const lowercase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-protocol': subprotocol,
    ...Object.fromEntries(lowercase),
  };
}

interface ChannelParts extends World {
  readonly connection: ConnectionId;
  readonly socket: Socket;
  end(connection: ConnectionId, code: number): void;
}

function channelOf(parts: ChannelParts): Pick<DeviceChannel, 'send' | 'next' | 'close'> {
  const { connection, socket, time, deliver, end } = parts;
  return {
    async send(frame) {
      if (socket.end) return;
      const bytes = typeof frame === 'string' ? new TextEncoder().encode(frame) : frame.slice();
      // As the listener does: what is far too large never reaches the core.
      if (bytes.length > limits.clientFrameBytes + bounds.slackBytes) {
        return end(connection, TOO_LARGE);
      }
      const kind = typeof frame === 'string' ? 'text' : 'binary';
      deliver({ type: 'frame-received', connection, frame: { kind, bytes } });
    },
    async next(withinMs) {
      const found = () => socket.arrived.shift() ?? socket.end ?? undefined;
      return (await time.until(found, withinMs)) ?? null;
    },
    close: async () => end(connection, NORMAL),
  };
}
