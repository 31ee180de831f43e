/** The federation port and the side that dials, against each other and against bare HTTP/2. */
import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { createServer, type Server, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Effect, Input } from '../../../reference/core.ts';
import { createDialler, type Dialler } from '../../../reference/transport/dial.ts';
import { createFederationPort, type FederationPort } from '../../../reference/transport/http2.ts';
import { listen } from '../../../reference/transport/listen.ts';
import type { Resolver } from '../../../reference/transport/resolver.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { acme, bravo, pemOf } from './certificates.ts';
import { createInbox, type Inbox } from './inbox.ts';

const message = { type: 'pong', timestamp: 1 } as NorcMessage;
const text = '{"timestamp":1,"type":"pong"}';
const offer = ['norc-f/2.0', 'norc-f/1.1', 'norc-f/1.0'];
const resolver: Resolver = {
  lookUp: async () => ({ found: 'failure' }),
  addressOf: async (host) => (host === 'acme.example' ? '127.0.0.1' : null),
  close() {},
};

let port: FederationPort;
let portNumber: number;
let dialler: Dialler;
/** What acme, which listens, and bravo, which dials, come to know. */
let inbox: Inbox;
let dialled: Inbox;

beforeEach(async () => {
  inbox = createInbox();
  dialled = createInbox();
  const where = { host: '127.0.0.1', port: 0, versions: ['1.0', '1.1', '2.0'] };
  port = createFederationPort({ ...where, ...pemOf(acme), deliver: inbox.deliver });
  portNumber = await port.listen();
  dialler = createDialler({ ...pemOf(bravo), resolver, deliver: dialled.deliver });
});
afterEach(async () => {
  await dialler.close();
  await port.close();
});

function dial(changes: Partial<Effect & { type: 'dial' }> = {}): void {
  const to = { server: 'acme.example', host: 'acme.example', port: portNumber };
  dialler.hands.dial({ type: 'dial', link: 'out', ...to, alpn: offer, ...changes });
}

async function link() {
  dial();
  const [{ peer }, accepted] = [
    await dialled.next('link-dialled'),
    await inbox.next('link-accepted'),
  ];
  return { seenByUs: peer, seenByPeer: accepted.peer, accepted: accepted.link };
}

const request = (exchange: string, proof: string | null = 'ts=1;sig=x'): void =>
  dialler.hands.request({
    type: 'request',
    link: 'out',
    exchange,
    path: '/norc-f',
    proof,
    message,
  });

describe('dialling', () => {
  test('both sides know the other by its chain, the ordered offer and the choice', async () => {
    const { seenByUs, seenByPeer } = await link();
    const common = { tlsProtocol: 'TLSv1.3', alpn: 'norc-f/2.0', alpnOffer: offer };
    expect(seenByUs).toEqual({ ...common, certificates: acme.chain });
    expect(seenByPeer).toEqual({ ...common, certificates: bravo.chain });
  });

  test('a request is answered with status and body', async () => {
    await link();
    request('1');
    const received = await inbox.next('request-received');
    expect(received).toMatchObject({ path: '/norc-f', proof: 'ts=1;sig=x' });
    expect(received.body).toMatchObject({ kind: 'text', bytes: Buffer.from(text) });
    port.hands.answer({ type: 'answer', exchange: received.exchange, status: 403, message });
    const answer = await dialled.next('answer-received');
    expect(answer).toMatchObject({ link: 'out', exchange: '1', status: 403 });
    expect(answer.body).toMatchObject({ kind: 'text', bytes: Buffer.from(text) });
  });

  test('an answer may have no body, and a request no proof', async () => {
    await link();
    request('1', null);
    const { exchange, proof } = await inbox.next('request-received');
    expect(proof).toBe(null);
    port.hands.answer({ type: 'answer', exchange, status: 204, message: null });
    expect(await dialled.next('answer-received')).toMatchObject({ status: 204, body: null });
  });

  test('many requests may wait at once, and are answered in any order', async () => {
    await link();
    for (let count = 0; count < 50; count += 1) request(String(count));
    const held: string[] = [];
    for (let count = 0; count < 50; count += 1) {
      held.push((await inbox.next('request-received')).exchange);
    }
    for (const exchange of held.reverse()) {
      port.hands.answer({ type: 'answer', exchange, status: 204, message: null });
    }
    const answered = new Set<string>();
    for (let count = 0; count < 50; count += 1) {
      answered.add((await dialled.next('answer-received')).exchange);
    }
    expect(answered.size).toBe(50);
  });

  test('what was answered still arrives when the answering side hangs up', async () => {
    const { accepted } = await link();
    request('1');
    request('2');
    const { exchange } = await inbox.next('request-received');
    await inbox.next('request-received');
    port.hands.answer({ type: 'answer', exchange, status: 400, message });
    port.hands['hang-up']({ type: 'hang-up', link: accepted, reason: '' });
    expect(await dialled.next('answer-received')).toMatchObject({ exchange: '1', status: 400 });
    expect(await dialled.next('exchange-failed')).toMatchObject({ exchange: '2' });
    await dialled.next('link-closed');
    await inbox.next('link-closed');
  });

  test('a request on a link that is gone fails', async () => {
    await link();
    dialler.hands['hang-up']({ type: 'hang-up', link: 'out', reason: '' });
    await dialled.next('link-closed');
    request('1');
    expect(await dialled.next('exchange-failed')).toMatchObject({ link: 'out', exchange: '1' });
  });

  test('no common version is told apart from other failures', async () => {
    dial({ alpn: ['norc-f/9.0'] });
    expect((await dialled.next('dial-failed')).reason).toBe('alpn');
  });

  test('a name without address and a port without listener are unreachable', async () => {
    dial({ host: 'nowhere.example' });
    expect((await dialled.next('dial-failed')).reason).toBe('unreachable');
    const closed = createServer();
    const number = await listen(closed, { host: '127.0.0.1', port: 0 });
    closed.close();
    await once(closed, 'close');
    dial({ port: number });
    expect((await dialled.next('dial-failed')).reason).toBe('unreachable');
    dial({ port: 70_000 });
    expect((await dialled.next('dial-failed')).reason).toBe('unreachable');
  });

  describe('something that is no NORC server', () => {
    let other: Server;
    const sockets = new Set<Socket>();
    const answering = (reply: (socket: Socket) => void) => {
      other = createServer((socket) => {
        sockets.add(socket.on('error', () => {}));
        reply(socket);
      });
      return listen(other, { host: '127.0.0.1', port: 0 });
    };
    afterEach(async () => {
      for (const socket of sockets) socket.destroy();
      other.close();
      await once(other, 'close');
    });

    test('speaks no TLS', async () => {
      dial({ port: await answering((socket) => socket.end('220 mail.example\r\n')) });
      expect((await dialled.next('dial-failed')).reason).toBe('tls');
    });

    test('says nothing, and we hang up while we wait', async () => {
      const number = await answering((socket) => {
        sockets.add(socket);
        socket.once('data', () => {
          dialler.hands['hang-up']({ type: 'hang-up', link: 'out', reason: '' });
        });
      });
      dial({ port: number });
      expect((await dialled.next('link-closed')).link).toBe('out');
    });
  });
});

describe('a bare HTTP/2 client', () => {
  let session: ClientHttp2Session;
  const tls = (options: ConnectionOptions = {}): TLSSocket =>
    connectTls({
      port: portNumber,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ALPNProtocols: ['norc-f/1.1'],
      ...options,
    });

  async function open(options: ConnectionOptions = {}) {
    const socket = tls(options);
    await once(socket, 'secureConnect');
    session = connectHttp2('https://acme.example', { createConnection: () => socket });
    session.on('error', () => {});
    return inbox.next('link-accepted');
  }

  async function post(headers: { [name: string]: string }, body: Buffer = Buffer.from('{}')) {
    const stream = session.request({ ':method': 'POST', ':path': '/norc-f', ...headers });
    stream.on('error', () => {});
    if (body.length > 0) stream.end(body);
    const [answer] = await once(stream, 'response');
    return Number(answer[':status']);
  }

  afterEach(() => session?.destroy());

  test('is known to have shown no certificate, and the best version is chosen', async () => {
    const { peer } = await open({ ALPNProtocols: ['h2', 'norc-f/1.0', 'norc-f/1.1'] });
    expect(peer).toMatchObject({ certificates: [], alpn: 'norc-f/1.1' });
    expect(peer.alpnOffer).toEqual(['h2', 'norc-f/1.0', 'norc-f/1.1']);
  });

  test('that offers no ALPN is let to the core, which sees it', async () => {
    const socket = connectTls({ port: portNumber, rejectUnauthorized: false });
    const { peer } = await inbox.next('link-accepted');
    expect(peer).toMatchObject({ alpn: null, alpnOffer: [] });
    socket.destroy();
    await inbox.next('link-closed');
  });

  test('of TLS 1.2 is refused (F-CONN-01)', async () => {
    const [error] = await once(tls({ maxVersion: 'TLSv1.2' }), 'error');
    expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  });

  test('cannot resume a session, which would hide its certificate', async () => {
    const { certificatesPem: cert, keyPem: key } = bravo;
    const first = tls({ cert, key });
    // What the server says first in HTTP/2 comes after all that TLS has to say about resumption.
    await once(first, 'data');
    const session = first.getSession();
    first.destroy();
    await inbox.next('link-accepted');
    const second = tls({ cert, key, ...(session && { session }) });
    await once(second, 'secureConnect');
    expect(second.isSessionReused()).toBe(false);
    expect((await inbox.next('link-accepted')).peer.certificates).toEqual(bravo.chain);
    second.destroy();
  });

  test('may not encode bodies, use other methods or announce too much', async () => {
    await open();
    expect(await post({ 'content-encoding': 'gzip' })).toBe(415);
    expect(await post({ ':method': 'GET' }, Buffer.alloc(0))).toBe(405);
    const large = { 'content-length': String(20 * limits.federationBodyBytes) };
    expect(await post(large)).toBe(413);
    expect(inbox.rest()).toEqual([]);
  });

  test('may fetch the revocation list', async () => {
    await open();
    const stream = session.request({ ':method': 'GET', ':path': '/norc-t/crl' });
    stream.on('error', () => {});
    const { path, body } = await inbox.next('request-received');
    expect([path, body.kind === 'text' && body.bytes.length]).toEqual(['/norc-t/crl', 0]);
  });

  test('slightly above the limit reaches the core, far above it gets 413', async () => {
    await open();
    const above = Buffer.alloc(limits.federationBodyBytes + 1, 0x20);
    const stream = session.request({ ':method': 'POST', ':path': '/norc-f' });
    stream.end(above);
    const { body } = await inbox.next('request-received');
    expect(body.kind === 'text' && body.bytes.length).toBe(above.length);
    stream.close();
    expect(await post({}, Buffer.alloc(limits.federationBodyBytes + 200_000))).toBe(413);
    expect(inbox.rest()).toEqual([]);
  });

  test('that breaks off leaves an exchange that nobody can answer', async () => {
    await open();
    const stream = session.request({ ':method': 'POST', ':path': '/norc-f' });
    stream.on('error', () => {});
    stream.end('{}');
    const { exchange } = await inbox.next('request-received');
    session.destroy();
    await inbox.next('link-closed');
    port.hands.answer({ type: 'answer', exchange, status: 204, message: null });
  });

  test('that speaks something else after TLS is cut off', async () => {
    const socket = tls();
    socket.on('error', () => {});
    await inbox.next('link-accepted');
    socket.write('GET / HTTP/1.1\r\nhost: acme.example\r\n\r\n');
    await inbox.next('link-closed');
  });
});

test('an answer that is encoded or too large is no answer', async () => {
  const replies: Input[] = [];
  const { createServer: createTls } = await import('node:tls');
  const { performServerHandshake } = await import('node:http2');
  const strange = createTls(
    { cert: acme.certificatesPem, key: acme.keyPem, ALPNProtocols: ['norc-f/2.0'] },
    (socket) => {
      performServerHandshake(socket).on('stream', (stream, headers) => {
        stream.on('error', () => {});
        if (headers[':path'] === '/norc-f') stream.respond({ 'content-encoding': 'gzip' });
        else stream.respond({});
        stream.end(Buffer.alloc(17 * 1024 * 1024));
      });
    },
  );
  dial({ port: await listen(strange, { host: '127.0.0.1', port: 0 }) });
  await dialled.next('link-dialled');
  request('1');
  replies.push(await dialled.next('exchange-failed'));
  const post = { type: 'request', link: 'out', exchange: '2', proof: null, message } as const;
  dialler.hands.request({ ...post, path: '/norc-t' });
  replies.push(await dialled.next('exchange-failed'));
  expect(replies).toMatchObject([{ exchange: '1' }, { exchange: '2' }]);
  await dialler.close();
  strange.close();
});
