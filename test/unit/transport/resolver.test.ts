/** DNS as the cores hear of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createResolver, type Resolver } from '../../../reference/transport/resolver.ts';
import { startNameServer } from './name-server.ts';

let server: Awaited<ReturnType<typeof startNameServer>>;
let resolver: Resolver;

beforeAll(async () => {
  const txt = (name: string, data: string[]) => ({ type: 'TXT' as const, name, data });
  const srv = { priority: 10, weight: 5, port: 8843, target: 'fed.acme.example' };
  server = await startNameServer({
    'TXT two.example': [txt('two.example', ['norc-', 'trust-x']), txt('two.example', ['y'])],
    'TXT empty.example': [],
    'TXT broken.example': 'SERVFAIL',
    'SRV acme.example': [{ type: 'SRV', name: 'acme.example', data: srv }],
    'A fed.acme.example': [{ type: 'A', name: 'fed.acme.example', data: '192.0.2.7' }],
    'A six.example': [],
    'AAAA six.example': [{ type: 'AAAA', name: 'six.example', data: '2001:db8::7' }],
  });
  resolver = createResolver([server.address]);
});
afterAll(async () => {
  resolver.close();
  await server.close();
});

test('the strings of a TXT record are one value, its records are several', async () => {
  const outcome = await resolver.lookUp('two.example', 'TXT', 0);
  expect(outcome).toEqual({ found: 'txt', values: ['norc-trust-x', 'y'] });
});

test('a service has priority, weight, port and host', async () => {
  const service = { priority: 10, weight: 5, port: 8843, host: 'fed.acme.example' };
  const outcome = await resolver.lookUp('acme.example', 'SRV', 0);
  expect(outcome).toEqual({ found: 'srv', services: [service] });
});

test('no such name and no such record are nothing', async () => {
  expect(await resolver.lookUp('nowhere.example', 'TXT', 0)).toEqual({ found: 'nothing' });
  expect(await resolver.lookUp('empty.example', 'TXT', 0)).toEqual({ found: 'nothing' });
});

test('a server that fails is a failure, which proves nothing', async () => {
  expect(await resolver.lookUp('broken.example', 'TXT', 0)).toEqual({ found: 'failure' });
  expect(await resolver.lookUp('not a name..', 'TXT', 0)).toEqual({ found: 'failure' });
});

test('the same question is asked anew each time (T-RESP-04)', async () => {
  const before = server.asked.length;
  await resolver.lookUp('two.example', 'TXT', 0);
  await resolver.lookUp('two.example', 'TXT', 0);
  expect(server.asked.slice(before)).toEqual(['TXT two.example', 'TXT two.example']);
});

test('T-RESP-04: each vantage point is a resolver of its own', async () => {
  const other = await startNameServer({
    'TXT two.example': [{ type: 'TXT', name: 'two.example', data: ['z'] }],
  });
  const both = createResolver([server.address, other.address]);
  const seen = await Promise.all([0, 1, 2].map((at) => both.lookUp('two.example', 'TXT', at)));
  const values = ['norc-trust-x', 'y'];
  expect(seen).toEqual([
    { found: 'txt', values },
    { found: 'txt', values: ['z'] },
    { found: 'txt', values },
  ]);
  both.close();
  await other.close();
});

test('a host is found by IPv4, else by IPv6; an address is its own', async () => {
  expect(await resolver.addressOf('fed.acme.example')).toBe('192.0.2.7');
  expect(await resolver.addressOf('six.example')).toBe('2001:db8::7');
  expect(await resolver.addressOf('nowhere.example')).toBe(null);
  const before = server.asked.length;
  expect(await resolver.addressOf('192.0.2.1')).toBe('192.0.2.1');
  expect(await resolver.addressOf('localhost')).toBe('127.0.0.1');
  expect(server.asked.length).toBe(before);
});
