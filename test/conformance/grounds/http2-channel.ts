/**
 * A link that a server of ours dials over real sockets: HTTP/2 on mutual TLS with our ALPN offer
 * (F1).
 */
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { LinkRefused } from '../actors/peer.ts';
import {
  LinkBroken,
  type LinkChannel,
  type RunningSubject,
  type SubjectUnreachable,
} from '../ground.ts';
import type { Endpoints } from '../targets/target.ts';
import type { RealTime } from './real-time.ts';
import { contextFor } from './secure-contexts.ts';
import { unreachableBecause } from './unreachable.ts';

type DialOptions = Parameters<RunningSubject['dial']>[0];
type Federation = NonNullable<Endpoints['federation']>;

const DIAL_MS = 10_000;
/** Time in which the end of a process becomes known after the end of its connections. */
const GRACE_MS = 100;

export async function openLinkChannel(
  federation: Federation,
  options: DialOptions,
  time: RealTime,
): Promise<LinkChannel | LinkRefused> {
  const socket = await shakeHands(federation, options);
  if (!('authorized' in socket)) return refusedOrThrown(socket);
  const session = connectHttp2(`https://${federation.serverId}`, {
    createConnection: () => socket,
  });
  const ended = watch(session, time);
  const refusal = await opened(session);
  if (refusal !== null) return { refused: true, reason: refusal };
  const alpn = typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null;
  return {
    refused: false,
    alpn,
    request: (path, body, headers, withinMs) => {
      time.assertAlive();
      return request(session, { path, body, headers, withinMs }, time);
    },
    closed: async (withinMs) => (await time.until(() => ended() || undefined, withinMs)) ?? false,
    close: async () => session.destroy(),
  };
}

function refusedOrThrown(outcome: LinkRefused | SubjectUnreachable): LinkRefused {
  if (outcome instanceof Error) throw outcome;
  return outcome;
}

function shakeHands(
  { host, port, serverId, roots }: Federation,
  { alpn, identity, maxTls }: DialOptions,
): Promise<TLSSocket | LinkRefused | SubjectUnreachable> {
  return new Promise((resolve) => {
    const socket = connectTls({
      host,
      port,
      servername: serverId,
      secureContext: contextFor({ roots, maxTls, identity }),
      ...(alpn.length > 0 && { ALPNProtocols: [...alpn] }),
    });
    socket.setTimeout(DIAL_MS, () => socket.destroy(new Error('TLS takes too long')));
    socket.once('secureConnect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    socket.on('error', (error) => {
      resolve(unreachableBecause(error) ?? { refused: true, reason: error.message });
    });
  });
}

function watch(session: ClientHttp2Session, time: RealTime): () => boolean {
  let isGone = false;
  session.on('error', () => {}); // ends in `close` all the same
  session.once('close', () =>
    setTimeout(() => {
      isGone = true;
      time.stir();
    }, GRACE_MS),
  );
  return () => isGone;
}

/**
 * Null when the subject lets us in, else why not. TLS 1.3 is complete for us before the subject has
 * seen our certificate; only an answer to something that we sent later tells that it took us.
 */
function opened(session: ClientHttp2Session): Promise<string | null> {
  return new Promise((resolve) => {
    let reason = 'the subject closed the connection';
    session.setTimeout(DIAL_MS, () => session.destroy(new Error('HTTP/2 takes too long')));
    session.on('error', (error) => {
      reason = error.message;
    });
    session.once('close', () => resolve(reason));
    session.once('remoteSettings', () => {
      if (session.closed || session.destroyed) return;
      session.ping((error) => {
        if (error) return; // `close` follows
        session.setTimeout(0);
        resolve(session.closed ? reason : null);
      });
    });
  });
}

interface Request {
  readonly path: string;
  readonly body: string | Uint8Array | null;
  readonly headers: { readonly [name: string]: string };
  readonly withinMs: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function request(
  session: ClientHttp2Session,
  { path, body, headers, withinMs }: Request,
  time: RealTime,
): Promise<Answer> {
  if (session.closed || session.destroyed) throw new LinkBroken('the link is closed');
  let outcome: Answer | 'broken' | undefined;
  let status: number | null = null;
  const chunks: Buffer[] = [];
  const base =
    body === null
      ? { ':method': 'GET', ':path': path }
      : { ':method': 'POST', ':path': path, 'content-type': 'application/json' };
  const stream = session.request({ ...base, ...headers });
  stream.on('error', () => {}); // the `close` that follows is what counts
  stream.on('response', (answered) => {
    status = Number(answered[':status']);
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const complete = (): void => {
    if (status === null || outcome) return;
    outcome = { status, text: Buffer.concat(chunks).toString() };
    time.stir();
  };
  stream.on('end', complete);
  stream.on('close', () => {
    complete();
    if (outcome) return;
    setTimeout(() => {
      outcome = 'broken';
      time.stir();
    }, GRACE_MS);
  });
  // A GET has ended when it begins: to end it again would break its stream.
  if (body !== null) stream.end(typeof body === 'string' ? body : Buffer.from(body));
  const answer = await time.until(() => outcome, withinMs);
  if (answer === undefined) stream.close();
  if (answer === undefined) throw new LinkBroken(`no answer within ${withinMs} ms`);
  if (answer === 'broken') throw new LinkBroken('the link broke before an answer');
  return answer;
}
