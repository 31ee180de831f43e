/**
 * A server of ours that the subject can dial over real sockets: HTTP/2 on mutual TLS, with our
 * ALPN.
 */
import { constants as tlsConstants } from 'node:crypto';
import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, createServer as createListener, type Socket } from 'node:net';
import { createServer, TLSSocket, type TlsOptions, type Server as TlsServer } from 'node:tls';
import type { TlsPeer } from '../../../reference/core.ts';
import { tlsPeerOf } from '../../../reference/transport/tls-peer.ts';
import { fixed } from '../../../spec/limits.ts';
import type { RunningSubject } from '../ground.ts';
import type { RealTime } from './real-time.ts';

type Listening = Parameters<RunningSubject['listen']>[0];

export interface ListeningServer {
  readonly port: number;
  close(): Promise<void>;
}

export async function listenAs(server: Listening, time: RealTime): Promise<ListeningServer> {
  const offers = new WeakMap<TLSSocket, readonly string[]>();
  const sockets = new Set<Socket>();
  // Ended before their sockets: a session must not read on when its socket has gone.
  const sessions = new Set<ServerHttp2Session>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const welcome = (socket: TLSSocket): void => {
    keep(socket);
    const peer = tlsPeerOf(socket, offers.get(socket) ?? []);
    const session = performServerHandshake(socket, { settings: { enablePush: false } });
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => {}); // the subject may go as it likes
    session.on('stream', (stream, headers) => receive(stream, headers, { server, peer, time }));
  };
  let tls: TlsServer | null = null;
  const listener = createListener((socket) => {
    // In the midst of its TLS handshake as well, or closing would wait for it for ever.
    keep(socket);
    // Most are never dialled, and to read its certificate takes longer than to listen.
    tls ??= createServer(tlsOptions(server, offers), welcome).on('tlsClientError', () => {});
    tls.emit('connection', socket);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    async close() {
      const closed = once(listener, 'close');
      listener.close();
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function tlsOptions(
  { identity, alpn }: Listening,
  offers: WeakMap<TLSSocket, readonly string[]>,
): TlsOptions {
  const options: TlsOptions = {
    cert: identity.certificatesPem,
    key: identity.keyPem,
    minVersion: fixed.tlsVersion,
    requestCert: true,
    // What the subject shows is for the case to judge; without authorities the chain stays as sent.
    rejectUnauthorized: false,
    ca: [],
    // A resumed session would not show the chain again.
    secureOptions: tlsConstants.SSL_OP_NO_TICKET,
  };
  if (alpn.length === 0) return options;
  return {
    ...options,
    ALPNCallback(this: unknown, { protocols }: { protocols: string[] }) {
      if (this instanceof TLSSocket) offers.set(this, protocols);
      return alpn.find((id) => protocols.includes(id));
    },
  };
}

interface Parts {
  readonly server: Listening;
  readonly peer: TlsPeer;
  readonly time: RealTime;
}

function receive(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  { server, peer, time }: Parts,
): void {
  const chunks: Buffer[] = [];
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    const proof = headers[fixed.proofHeader];
    try {
      server.onRequest({
        path: headers[':path'] ?? '',
        text: Buffer.concat(chunks).toString(),
        proof: typeof proof === 'string' ? proof : null,
        alpn: peer.alpn,
        alpnOffer: peer.alpnOffer,
        certificates: peer.certificates,
        at: time.now(),
        answer: (status, body) => respond(stream, status, body),
      });
    } catch (error) {
      time.blame(error);
    }
    time.stir();
  });
}

/** Once; a stream that has gone takes no answer. */
function respond(stream: ServerHttp2Stream, status: number, body: string): void {
  if (stream.destroyed || stream.headersSent) return;
  if (body === '') {
    stream.respond({ ':status': status }, { endStream: true });
    return;
  }
  stream.respond({ ':status': status, 'content-type': 'application/json' });
  stream.end(body);
}
