/** A device's connection over real sockets (profile C1): WebSocket on TLS, seen from the client. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { SecureContext } from 'node:tls';
import { type ClientOptions, type RawData, WebSocket } from 'ws';
import type { Closed, UpgradeRefused } from '../actors/device.ts';
import { type DeviceChannel, type RunningSubject, SubjectUnreachable } from '../ground.ts';
import type { Endpoints } from '../targets/target.ts';
import type { RealTime } from './real-time.ts';
import { contextFor } from './secure-contexts.ts';
import { unreachableBecause } from './unreachable.ts';

type UpgradeRequest = Parameters<RunningSubject['upgrade']>[0];
type Arrived = { readonly closed: false; readonly text: string; readonly at: number };

const HANDSHAKE_MS = 10_000;
/** More than any honest frame, so that ours is never the limit that is met. */
const FRAME_BYTES = 64 * 1024 * 1024;
const NORMAL = 1000;
/** RFC 6455 7.4.1: the connection went without a close frame. */
const ABNORMAL = 1006;
/** Time in which the end of a process becomes known after the end of its connections. */
const GRACE_MS = 100;
/** A subject that does not answer our close is left. */
const CLOSE_MS = 1000;

export async function openDeviceChannel(
  { clientUrl, clientRoots }: Endpoints,
  request: UpgradeRequest,
  time: RealTime,
): Promise<DeviceChannel | UpgradeRefused> {
  const { maxTls = '1.3', subprotocols } = request;
  const options: ClientOptions & { secureContext: SecureContext } = {
    headers: request.headers ?? {},
    secureContext: contextFor({ roots: clientRoots, maxTls, identity: null }),
    perMessageDeflate: request.offerDeflate === true,
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: FRAME_BYTES,
  };
  const socket = new WebSocket(urlOf(clientUrl, request), [...subprotocols], options);
  // Before the answer is there: frames may follow it at once.
  const inbox = fill(socket, time);
  const outcome = await settled(socket);
  if (outcome instanceof SubjectUnreachable) throw outcome;
  if ('refused' in outcome) return outcome;
  return channelOf(socket, outcome.headers, inbox, time);
}

interface Inbox {
  readonly arrived: Arrived[];
  end: Closed | null;
}

function fill(socket: WebSocket, time: RealTime): Inbox {
  const inbox: Inbox = { arrived: [], end: null };
  socket.on('message', (payload: RawData) => {
    inbox.arrived.push({ closed: false, text: payload.toString(), at: time.now() });
    time.stir();
  });
  socket.on('close', (code) => {
    const tell = (): void => {
      inbox.end = { closed: true, code };
      time.stir();
    };
    if (code === ABNORMAL) setTimeout(tell, GRACE_MS);
    else tell();
  });
  return inbox;
}

type Outcome = { readonly headers: IncomingHttpHeaders } | UpgradeRefused | SubjectUnreachable;

function settled(socket: WebSocket): Promise<Outcome> {
  return new Promise((resolve) => {
    let answered: IncomingMessage | null = null;
    socket.once('upgrade', (response) => {
      answered = response;
    });
    socket.once('open', () => resolve({ headers: answered?.headers ?? {} }));
    socket.once('unexpected-response', (request, response) => {
      const { statusCode: status = null, statusMessage: reason = '' } = response;
      resolve({ refused: true, status, reason });
      response.resume();
      request.destroy();
    });
    socket.on('error', (error) => {
      const status = answered?.statusCode ?? null;
      resolve(unreachableBecause(error) ?? { refused: true, status, reason: error.message });
    });
  });
}

function channelOf(
  socket: WebSocket,
  headers: IncomingHttpHeaders,
  inbox: Inbox,
  time: RealTime,
): DeviceChannel {
  const found = () => inbox.arrived.shift() ?? inbox.end ?? undefined;
  return {
    refused: false,
    subprotocol: socket.protocol,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value?.toString()]),
    ),
    async send(frame) {
      time.assertAlive();
      // To a connection that is gone nothing can be sent; the case learns of it when it reads.
      if (socket.readyState !== WebSocket.OPEN) return;
      await new Promise<void>((resolve) => socket.send(frame, () => resolve()));
    },
    next: async (withinMs) => (await time.until(found, withinMs)) ?? null,
    async close() {
      if (socket.readyState === WebSocket.CLOSED) return;
      const gone = new Promise((resolve) => socket.once('close', resolve));
      const impatience = setTimeout(() => socket.terminate(), CLOSE_MS);
      socket.close(NORMAL);
      await gone;
      clearTimeout(impatience);
    },
  };
}

function urlOf(clientUrl: URL, { path, queryVersion }: UpgradeRequest): URL {
  const url = new URL(path, clientUrl);
  if (queryVersion !== undefined) url.searchParams.set('version', queryVersion);
  return url;
}
