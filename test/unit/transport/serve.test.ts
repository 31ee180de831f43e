/**
 * A whole server on loopback: clients shake hands, servers come to trust each other, noise does not
 * matter.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { Answer } from 'dns-packet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { LogEntry } from '../../../reference/core.ts';
import { DirectoryHeld } from '../../../reference/store/directory-lock.ts';
import { openJournal } from '../../../reference/store/journal.ts';
import { type Report, type RunningServer, serve } from '../../../reference/transport/serve.ts';
import { acme, authority, bravo } from './certificates.ts';
import { createPlace, type Place } from './environment.ts';
import { startNameServer } from './name-server.ts';

const ca = authority.certificatePem;
let place: Place;
const running: RunningServer[] = [];

beforeEach(() => {
  place = createPlace();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  place.remove();
});

async function start(
  { environment }: Place = place,
  changes: { [name: string]: string } = {},
  report: (line: Report) => void = () => {},
) {
  const lines: Report[] = [];
  const logged: LogEntry[] = [];
  const server = await serve({
    environment: { ...environment, ...changes },
    report(line) {
      lines.push(line);
      report(line);
    },
    log: (entry) => logged.push(entry),
    onFailure: (error) => {
      throw error;
    },
  });
  running.push(server);
  return { server, lines, logged };
}

function connectionRequest(): string {
  return JSON.stringify({
    type: 'connection_request',
    client_versions: ['2.0', '1.1', '1.0'],
    preferred_version: '2.0',
    capabilities: ['messaging', 'e2ee'],
    cipher_suites: ['0001'],
    client_nonce: randomBytes(12).toString('base64url'),
    ephemeral_public_key: generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' }).x,
  });
}

async function shakeHands({ ready }: RunningServer): Promise<string[]> {
  const socket = new WebSocket(ready.client_url, ['norc-c-json-v2'], { ca });
  await once(socket, 'open');
  const types: string[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on('message', (text) => {
      types.push(JSON.parse(String(text)).type);
      if (types.at(-1) === 'version_confirmation') resolve();
    });
  });
  socket.send(connectionRequest());
  await done;
  socket.close();
  await once(socket, 'close');
  return types;
}

test('it says where it listens and what it speaks', async () => {
  const { server, lines } = await start(place, { NORC_VERSIONS: '1.0,1.1' });
  expect(lines).toEqual([
    {
      norc: 'ready',
      client_url: `wss://127.0.0.1:${server.clientPort}/norc-c`,
      federation_port: server.federationPort,
      capabilities: expect.arrayContaining(['messaging', 'federation', 'message_relay']),
      versions: ['1.0', '1.1'],
    },
  ]);
});

test('a client shakes hands', async () => {
  const { server } = await start();
  expect(await shakeHands(server)).toEqual(['connection_accepted', 'version_confirmation']);
});

test('it stops while clients are connected, and lets data directory and ports go', async () => {
  const { server } = await start();
  const socket = new WebSocket(server.ready.client_url, ['norc-c-json-v2'], { ca });
  await once(socket, 'open');
  const closed = once(socket, 'close');
  await server.stop();
  expect((await closed)[0]).toBe(1001);
  const ports = {
    NORC_CLIENT_PORT: String(server.clientPort),
    NORC_FEDERATION_PORT: String(server.federationPort),
  };
  const { server: second } = await start(place, ports);
  expect(await shakeHands(second)).toHaveLength(2);
});

test('when it has stopped, the requirements that its guards checked are on file', async () => {
  const file = () => JSON.parse(readFileSync(join(place.directory, 'data/exercised.json'), 'utf8'));
  const { server } = await start();
  await shakeHands(server);
  await server.stop();
  const { exercised } = file();
  expect(exercised).toContain('C-CONN-05');
  // Another life adds to it.
  await (await start()).server.stop();
  expect(file().exercised).toEqual(expect.arrayContaining(exercised));
});

test('a data directory in use and a port in use are refused, and refused cleanly', async () => {
  const { server } = await start();
  await expect(start()).rejects.toThrow(DirectoryHeld);
  const other = createPlace();
  const taken = { NORC_FEDERATION_PORT: String(server.federationPort) };
  await expect(start(other, taken)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  // Nothing of the failed start remains.
  await (await start(other)).server.stop();
  other.remove();
});

test('noise on both ports is survived without a fault', async () => {
  const { server, lines } = await start();
  const socket = () => new WebSocket(server.ready.client_url, ['norc-c-json-v2'], { ca });
  const noise = [
    randomBytes(100),
    Buffer.alloc(0),
    '',
    '{',
    '[]',
    'null',
    '{"type":1}',
    '{"type":"x"}',
  ];
  for (const frame of [...noise, connectionRequest().replace('2.0', '9.9')]) {
    const client = socket();
    client.on('error', () => {});
    client.once('open', () => {
      client.send(frame);
      client.send(randomBytes(10));
      client.close();
    });
    await once(client, 'close');
  }
  for (const bytes of [randomBytes(100), Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n!')]) {
    const tls = { port: server.federationPort, rejectUnauthorized: false };
    const client = connectTls({ ...tls, ALPNProtocols: ['norc-f/2.0'] });
    client.on('error', () => {}).write(bytes);
    client.resume();
    await once(client, 'close');
  }
  expect(lines.filter(({ norc }) => norc === 'fault')).toEqual([]);
  expect(await shakeHands(server)).toHaveLength(2);
});

test('a refusal is logged with its requirement', async () => {
  const { server, logged } = await start();
  const client = new WebSocket(server.ready.client_url, ['norc-c-json-v2'], { ca });
  await once(client, 'open');
  client.send('{"type":"connection_request"}');
  await once(client, 'close');
  expect(logged).toContainEqual(
    expect.objectContaining({ event: 'refused', requirement: 'C-CONN-05' }),
  );
});

test('two servers come to trust each other over sockets and DNS', async () => {
  const zone: { [question: string]: readonly Answer[] } = {};
  const names = await startNameServer(zone);
  const other = createPlace('bravo.example', bravo);
  const dns = { NORC_DNS: names.address };
  let end = () => {};
  // The requester withdraws its proof when its run has ended.
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const { server: asking } = await start(place, dns, (line) => {
    if (line.norc === 'withdraw-txt') end();
    if (line.norc !== 'publish-txt') return;
    zone[`TXT ${line.name}`] = [{ type: 'TXT', name: line.name, data: line.value }];
  });
  const { server: asked } = await start(other, dns);
  const name = '_norc-federation._tcp.bravo.example';
  const target = 'fed.bravo.example';
  const data = { priority: 1, weight: 1, port: asked.federationPort, target };
  zone[`SRV ${name}`] = [{ type: 'SRV', name, data }];
  zone[`A ${target}`] = [{ type: 'A', name: target, data: '127.0.0.1' }];

  const wish = { server: 'bravo.example', level: 'basic', method: 'direct_exchange' };
  asking.command({ command: 'establish-trust', ...wish });
  await ended;
  await asking.stop();

  const store = openJournal(join(place.directory, 'data'));
  const certificates = store.load().filter(({ table }) => table === 'trust-certificate');
  store.close();
  expect(certificates.map(({ key }) => key)).toEqual(['bravo.example']);
  await asked.stop();
  await names.close();
  other.remove();
});

test('the chain that a server shows is its own', async () => {
  const { server } = await start();
  const tls = { port: server.federationPort, rejectUnauthorized: false };
  const socket = connectTls({ ...tls, ALPNProtocols: ['norc-f/2.0'] });
  await once(socket, 'secureConnect');
  const raw = socket.getPeerCertificate().raw.toString('base64url');
  expect([raw, socket.alpnProtocol]).toEqual([acme.chain[0], 'norc-f/2.0']);
  socket.destroy();
});
