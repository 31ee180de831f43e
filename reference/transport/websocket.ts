/**
 * The client port: WebSocket over TLS 1.3 (C-CONN-01). The upgrade is offered to the core, which
 * accepts or refuses it; frames go in as bytes and come out as canonical JSON. Compression is never
 * accepted (C-CONN-12, L-W04).
 */
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type ServerOptions, WebSocketServer } from 'ws';
import { fixed, limits } from '../../spec/limits.ts';
import type { ConnectionId, Effect, Input, UpgradeOffer } from '../core.ts';
import type { Hands } from '../node/run-node.ts';
import { bounds } from './bounds.ts';
import { DeviceConnection } from './device-connection.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { listen } from './listen.ts';

export interface ClientPortOptions {
  readonly host: string;
  /** 0: any. */
  readonly port: number;
  readonly certificatesPem: string;
  readonly keyPem: string;
  readonly deliver: (input: Input) => void;
}

export interface ClientPort {
  readonly hands: Pick<Hands, 'accept-upgrade' | 'refuse-upgrade' | 'send' | 'close'>;
  /** Resolves to the port taken. Before this nobody can connect. */
  listen(): Promise<number>;
  /**
   * Refuses new connections, tells every device that we go (1001), waits for them, a second at
   * most.
   */
  close(): Promise<void>;
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}
type AcceptUpgrade = Effect & { type: 'accept-upgrade' };

const CONNECTIONS_CHECK_MS = 1000;

export function createClientPort(options: ClientPortOptions): ClientPort {
  return new ClientListener(options);
}

class ClientListener implements ClientPort {
  readonly hands: ClientPort['hands'] = {
    'accept-upgrade': (effect) => this.#accept(effect),
    'refuse-upgrade': ({ connection, status, reason }) => this.#refuse(connection, status, reason),
    send: ({ connection, message }) => this.#open.get(connection)?.send(message),
    close: ({ connection, code, reason }) => this.#open.get(connection)?.close(code, reason),
  };
  readonly #options: ClientPortOptions;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #answers = new WeakMap<IncomingMessage, AcceptUpgrade>();
  /** Upgrades that wait for the core's word, and connections that have it. */
  readonly #upgrades = new Map<ConnectionId, Upgrade>();
  readonly #open = new Map<ConnectionId, DeviceConnection>();
  readonly #doorkeeper = createDoorkeeper({
    total: bounds.deviceConnections,
    perAddress: bounds.connectionsPerAddress,
  });
  #count = 0;

  constructor(options: ClientPortOptions) {
    this.#options = options;
    this.#webSockets = createWebSockets(this.#answers);
    this.#server = createServer(serverOptions(options), answerPlainRequest);
    this.#server.on('connection', (socket) => this.#doorkeeper.admit(socket as Socket));
    this.#server.on('upgrade', (...upgrade) => this.#offer(...upgrade));
  }

  listen(): Promise<number> {
    return listen(this.#server, this.#options);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.all([...this.#open.values()].map((one) => one.leave()));
    this.#doorkeeper.destroyAll();
    await closed;
  }

  #offer(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#count += 1;
    const connection = `device:${this.#count}`;
    this.#upgrades.set(connection, { request, socket, head });
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      if (this.#upgrades.delete(connection)) this.#gone(connection);
    });
    this.#options.deliver({ type: 'upgrade-requested', connection, offer: offerOf(request) });
  }

  #accept(effect: AcceptUpgrade): void {
    const { connection } = effect;
    const upgrade = this.#upgrades.get(connection);
    if (!upgrade) return;
    this.#upgrades.delete(connection);
    const { request, socket, head } = upgrade;
    this.#answers.set(request, effect);
    const gone = () => this.#open.delete(connection);
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const opened = new DeviceConnection(connection, webSocket, this.#options.deliver, gone);
      this.#open.set(connection, opened);
    });
    // What is no WebSocket handshake after all has been answered so by the library.
    if (!this.#open.has(connection)) this.#gone(connection);
  }

  #refuse(connection: ConnectionId, status: number, reason: string): void {
    const upgrade = this.#upgrades.get(connection);
    this.#upgrades.delete(connection);
    if (upgrade) refuse(upgrade.socket, status, reason);
  }

  #gone(connection: ConnectionId): void {
    this.#options.deliver({ type: 'connection-closed', connection });
  }
}

/** Not an upgrade. A device that asks the right path is told what is missing (RFC 9110 15.5.22). */
function answerPlainRequest(request: IncomingMessage, response: ServerResponse): void {
  const status = pathOf(request) === fixed.clientPath ? 426 : 404;
  response.writeHead(status, { connection: 'close', upgrade: 'websocket' }).end();
}

function serverOptions({ certificatesPem, keyPem }: ClientPortOptions) {
  return {
    cert: certificatesPem,
    key: keyPem,
    minVersion: fixed.tlsVersion,
    ALPNProtocols: ['http/1.1'],
    // Whoever sends its request a byte at a time holds a connection this long, and no longer.
    handshakeTimeout: bounds.handshakeMs,
    headersTimeout: bounds.handshakeMs,
    requestTimeout: bounds.handshakeMs,
    connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    maxHeaderSize: bounds.headerBytes,
  };
}

function createWebSockets(answers: WeakMap<IncomingMessage, AcceptUpgrade>): WebSocketServer {
  // The typings lag behind the library by one option.
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.clientFrameBytes + bounds.slackBytes,
    // The core judges UTF-8 itself (X-CAN-07) and answers; a bare 1007 would tell nobody anything.
    skipUTF8Validation: true,
    // Pongs are sent by DeviceConnection, within its bounds.
    autoPong: false,
    closeTimeout: bounds.lingerMs,
    handleProtocols: (_, request) => answers.get(request)?.subprotocol ?? false,
  };
  const webSockets = new WebSocketServer(options);
  webSockets.on('headers', (headers, request) => {
    for (const [name, value] of Object.entries(answers.get(request)?.headers ?? {})) {
      headers.push(`${name}: ${value}`);
    }
  });
  return webSockets;
}

/**
 * Header names are lowercase already; one that came twice is joined, and so agrees with nothing.
 */
function offerOf(request: IncomingMessage): UpgradeOffer {
  const headers: { [name: string]: string | undefined } = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const query = new URLSearchParams((request.url ?? '').split('?').slice(1).join('?'));
  const versions = query.getAll('version');
  return {
    path: pathOf(request),
    subprotocols: (headers['sec-websocket-protocol'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    headers,
    queryVersion: versions.length > 0 ? versions.join(',') : undefined,
    tlsProtocol: request.socket instanceof TLSSocket ? (request.socket.getProtocol() ?? '') : '',
  };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?', 1)[0] ?? '';
}

function refuse(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // Read on, so that the answer arrives whole; but not for long.
  socket.resume();
  const impatience = setTimeout(() => socket.destroy(), bounds.lingerMs);
  socket.once('close', () => clearTimeout(impatience));
}
