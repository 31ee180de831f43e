/** The client port on real sockets: what reaches the core, and what the core's word does. */

import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Input } from '../../../reference/core.ts';
import { type ClientPort, createClientPort } from '../../../reference/transport/websocket.ts';
import { limits } from '../../../spec/limits.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { authority, pemOf, web } from './certificates.ts';
import { createInbox, type Inbox } from './inbox.ts';

const ca = authority.certificatePem;
const pong = { type: 'pong', timestamp: 1 } as NorcMessage;
let port: ClientPort;
let inbox: Inbox;
let url: string;

/** Accepts every upgrade, as the core does for a path and subprotocol it knows. */
const welcome = (input: Input): void => {
  if (input.type !== 'upgrade-requested') return;
  const { connection, offer } = input;
  const headers = { 'NORC-Negotiated-Version': '2.0' };
  if (offer.path !== '/norc-c') {
    port.hands['refuse-upgrade']({ type: 'refuse-upgrade', connection, status: 404, reason: 'no' });
  } else {
    const subprotocol = offer.subprotocols[0] ?? '';
    port.hands['accept-upgrade']({ type: 'accept-upgrade', connection, subprotocol, headers });
  }
};

beforeEach(async () => {
  inbox = createInbox(welcome);
  port = createClientPort({ host: '127.0.0.1', port: 0, ...pemOf(web), deliver: inbox.deliver });
  url = `wss://localhost:${await port.listen()}/norc-c`;
});
afterEach(() => port.close());

async function connected(protocols = ['norc-c-json-v2']): Promise<WebSocket> {
  const socket = new WebSocket(url, protocols, { ca });
  await once(socket, 'open');
  return socket;
}

test('an upgrade is offered as it came', async () => {
  const headers = { 'NORC-Client-Versions': '2.0,1.1' };
  const protocols = ['norc-c-json-v2.0', 'norc-c-json-v2'];
  const socket = new WebSocket(`${url}?version=2.0&x=1`, protocols, { ca, headers });
  const { offer } = await inbox.next('upgrade-requested');
  expect(offer).toMatchObject({
    path: '/norc-c',
    subprotocols: protocols,
    queryVersion: '2.0',
    tlsProtocol: 'TLSv1.3',
    headers: { 'norc-client-versions': '2.0,1.1' },
  });
  await once(socket, 'open');
  socket.terminate();
});

test('two versions in the query are neither', async () => {
  new WebSocket(`${url}?version=1.0&version=2.0`, ['norc-c-json-v2'], { ca }).on('error', () => {});
  expect((await inbox.next('upgrade-requested')).offer.queryVersion).toBe('1.0,2.0');
});

test('an accepted upgrade has what the core chose, and no compression', async () => {
  const socket = new WebSocket(url, ['norc-c-json-v2'], { ca, perMessageDeflate: true });
  const [response] = await once(socket, 'upgrade');
  expect(response.headers).toMatchObject({
    'sec-websocket-protocol': 'norc-c-json-v2',
    'norc-negotiated-version': '2.0',
  });
  expect(response.headers).not.toHaveProperty('sec-websocket-extensions');
  socket.terminate();
});

test('a refused upgrade has the status of the core', async () => {
  const socket = new WebSocket(url.replace('norc-c', 'other'), ['norc-c-json-v2'], { ca });
  const [, response] = await once(socket, 'unexpected-response');
  expect(response.statusCode).toBe(404);
  socket.on('error', () => {}).terminate();
});

test('frames arrive as bytes, in order and of their kind', async () => {
  const socket = await connected();
  socket.send('{"type":"ping"}');
  socket.send(Uint8Array.of(0xff));
  const [text, binary] = [await inbox.next('frame-received'), await inbox.next('frame-received')];
  expect(text.frame).toMatchObject({ kind: 'text', bytes: Buffer.from('{"type":"ping"}') });
  expect(binary.frame).toMatchObject({ kind: 'binary', bytes: Buffer.of(0xff) });
  socket.terminate();
  expect((await inbox.next('connection-closed')).connection).toBe(text.connection);
});

test('a text frame that is not UTF-8 reaches the core, which has words for it', async () => {
  const socket = await connected();
  socket.send(Buffer.of(0xff), { binary: false });
  expect((await inbox.next('frame-received')).frame).toMatchObject({ kind: 'text' });
  socket.terminate();
});

test('messages leave as canonical JSON', async () => {
  const socket = await connected();
  const { connection } = await inbox.next('upgrade-requested');
  port.hands.send({ type: 'send', connection, message: pong });
  const [bytes, isBinary] = await once(socket, 'message');
  expect([String(bytes), isBinary]).toEqual(['{"timestamp":1,"type":"pong"}', false]);
  socket.terminate();
});

test('a frame slightly too large reaches the core; a larger one ends the connection', async () => {
  const socket = await connected();
  socket.send(Buffer.alloc(limits.clientFrameBytes + 1, 0x20));
  const { frame } = await inbox.next('frame-received');
  expect(frame.kind === 'binary' && frame.bytes.length).toBe(limits.clientFrameBytes + 1);
  socket.send(Buffer.alloc(2 * limits.clientFrameBytes));
  const [code] = await once(socket, 'close');
  expect(code).toBe(1009);
  await inbox.next('connection-closed');
});

test('after a close of ours nothing more is heard', async () => {
  const socket = await connected();
  const { connection } = await inbox.next('upgrade-requested');
  const reason = 'é'.repeat(100);
  socket.on('message', () => socket.send('too late'));
  port.hands.send({ type: 'send', connection, message: pong });
  port.hands.close({ type: 'close', connection, code: 1008, reason });
  const [code, told] = await once(socket, 'close');
  expect([code, String(told)]).toEqual([1008, 'é'.repeat(61)]);
  await inbox.next('connection-closed');
  expect(inbox.rest().filter(({ type }) => type === 'frame-received')).toEqual([]);
});

test('a device that asks much and reads nothing is parted from', async () => {
  const socket = await connected();
  const { connection } = await inbox.next('upgrade-requested');
  socket.pause();
  const filler = { type: 'pong', timestamp: 1, filler: 'x'.repeat(limits.clientFrameBytes) };
  for (let count = 0; count < 40; count += 1) {
    port.hands.send({ type: 'send', connection, message: filler as NorcMessage });
  }
  expect((await inbox.next('connection-closed')).connection).toBe(connection);
  socket.terminate();
});

test('what is not an upgrade is answered without the core', async () => {
  const ask = async (path: string) => {
    const socket = connectTls({ host: 'localhost', port: Number(new URL(url).port), ca });
    socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    socket.destroy();
    return String(answer).split('\r\n')[0];
  };
  expect(await ask('/norc-c')).toBe('HTTP/1.1 426 Upgrade Required');
  expect(await ask('/')).toBe('HTTP/1.1 404 Not Found');
  expect(inbox.rest()).toEqual([]);
});

test('an upgrade to something else is no connection', async () => {
  const socket = connectTls({ host: 'localhost', port: Number(new URL(url).port), ca });
  socket.write('GET /norc-c HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n');
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 4/);
  const { connection } = await inbox.next('upgrade-requested');
  expect((await inbox.next('connection-closed')).connection).toBe(connection);
  socket.destroy();
});

test('TLS below 1.3 is refused (C-CONN-01)', async () => {
  const older = { ca, maxVersion: 'TLSv1.2' as const };
  const socket = connectTls({ host: 'localhost', port: Number(new URL(url).port), ...older });
  const [error] = await once(socket, 'error');
  expect(error.code).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
});

test('noise instead of TLS disturbs nobody else', async () => {
  const noise = connectTcp(Number(new URL(url).port), '127.0.0.1');
  noise.on('error', () => {});
  noise.write('GET / HTTP/1.1\r\n\r\n');
  await once(noise, 'close');
  (await connected()).terminate();
});

test('stopping tells every device that the server goes away', async () => {
  const socket = await connected();
  const closed = once(socket, 'close');
  await port.close();
  expect((await closed)[0]).toBe(1001);
  expect(inbox.rest().at(-1)?.type).toBe('connection-closed');
});
