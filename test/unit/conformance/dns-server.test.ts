import { createSocket } from 'node:dgram';
import { promises as dns } from 'node:dns';
import { once } from 'node:events';
import dnsPacket from 'dns-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DnsServer, startDnsServer } from '../../conformance/dns-server.ts';
import { announce, createZone, outcomeOf, type ZoneRecords } from '../../conformance/zone.ts';

let zone: ZoneRecords;
let server: DnsServer;
let resolver: dns.Resolver;

beforeEach(async () => {
  zone = createZone();
  server = await startDnsServer(zone);
  resolver = new dns.Resolver({ timeout: 2000, tries: 1 });
  resolver.setServers(server.address.split(',').slice(0, 1));
});
afterEach(() => server.close());

describe('a resolver that asks the DNS server', () => {
  test('gets every text of a name', async () => {
    zone.addTxt('acme.test', 'one');
    zone.addTxt('acme.test', 'two');
    expect(await resolver.resolveTxt('acme.test')).toEqual([['one'], ['two']]);
  });

  test('gets a long text in strings of 255 bytes, which together are the text', async () => {
    const value = `norc-trust-${'ä'.repeat(300)}`;
    zone.addTxt('acme.test', value);
    const [strings = []] = await resolver.resolveTxt('acme.test');
    expect(strings.length).toBeGreaterThan(1);
    expect(strings.join('').length).toBeGreaterThanOrEqual(300);
    const bytes = await rawTexts('acme.test');
    expect(Buffer.concat(bytes).toString()).toBe(value);
    expect(Math.max(...bytes.map(({ length }) => length))).toBe(255);
  });

  test('gets an empty text as one empty string', async () => {
    zone.addTxt('acme.test', '');
    expect(await resolver.resolveTxt('acme.test')).toEqual([['']]);
  });

  test('finds an announced server by its service record and address', async () => {
    const withdraw = announce(zone, 'acme.test', 8843);
    const services = await resolver.resolveSrv('_norc-federation._tcp.acme.test');
    expect(services).toEqual([{ name: 'acme.test', port: 8843, priority: 10, weight: 5 }]);
    expect(await resolver.resolve4('acme.test')).toEqual(['127.0.0.1']);
    withdraw();
    await expect(resolver.resolve4('acme.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('tells a missing name, a name without such a record and a failure apart', async () => {
    zone.addTxt('acme.test', 'here');
    zone.addTxt('broken.test', 'here');
    zone.fail('broken.test');
    const codeOf = (name: string, type: 'TXT' | 'SRV') =>
      resolver.resolve(name, type).then(
        () => 'found',
        ({ code }) => code,
      );
    expect(await codeOf('acme.test', 'TXT')).toBe('found');
    expect(await codeOf('acme.test', 'SRV')).toBe('ENODATA');
    expect(await codeOf('bravo.test', 'TXT')).toBe('ENOTFOUND');
    expect(await codeOf('broken.test', 'TXT')).toBe('ESERVFAIL');
  });

  test('is told that a name exists which only has names below it', async () => {
    zone.addTxt('_norc-trust-challenge.acme.test', 'here');
    await expect(resolver.resolveTxt('acme.test')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  test('sees a record go', async () => {
    zone.addTxt('acme.test', 'one');
    zone.addTxt('acme.test', 'two');
    zone.withdrawTxt('acme.test', 'one');
    expect(await resolver.resolveTxt('acme.test')).toEqual([['two']]);
    zone.removeTxt('acme.test');
    await expect(resolver.resolveTxt('acme.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  test('asks without regard to case, and is remembered', async () => {
    zone.addTxt('Acme.TEST', 'here');
    expect(await resolver.resolveTxt('aCmE.test')).toEqual([['here']]);
    expect(zone.queries).toEqual([{ name: 'acme.test', type: 'TXT', vantage: 0 }]);
  });
});

describe('the DNS server', () => {
  test('stays silent to what is no question, and answers the next that is', async () => {
    const socket = createSocket('udp4');
    const { port } = new URL(`udp://${server.address.split(',')[0]}`);
    const send = (bytes: Uint8Array) => socket.send(bytes, Number(port), '127.0.0.1');
    const questions = [{ type: 'TXT', name: 'acme.test' }] as const;
    send(Buffer.from('nonsense'));
    send(dnsPacket.encode({ type: 'response', id: 7, questions: [...questions] }));
    send(dnsPacket.encode({ type: 'query', id: 8, questions: [...questions] }));
    const [answer] = await once(socket, 'message');
    expect(dnsPacket.decode(answer).id).toBe(8);
    socket.close();
  });

  test('refuses several questions at once', async () => {
    const question = { type: 'TXT', name: 'acme.test' } as const;
    const answer = await ask({ type: 'query', id: 9, questions: [question, question] });
    expect(answer).toMatchObject({ rcode: 'FORMERR' });
  });

  test('listens where it is told to', async () => {
    const { address } = server;
    await server.close();
    server = await startDnsServer(zone, address);
    expect(server.address).toBe(address);
  });
});

test('each vantage point may be told something else', async () => {
  zone.addTxt('acme.test', 'here');
  zone.pretendTxt('acme.test', 1, ['elsewhere']);
  zone.fail('bravo.test', 1);
  const other = new dns.Resolver({ timeout: 2000, tries: 1 });
  other.setServers(server.address.split(',').slice(1));
  expect(await resolver.resolveTxt('acme.test')).toEqual([['here']]);
  expect(await other.resolveTxt('acme.test')).toEqual([['elsewhere']]);
  await expect(other.resolveTxt('bravo.test')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  await expect(resolver.resolveTxt('bravo.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  expect(zone.queries.map(({ vantage }) => vantage)).toEqual([0, 1, 1, 0]);
});

test('a node cannot tell a missing name from one without such a record', () => {
  zone.addTxt('acme.test', 'here');
  zone.fail('broken.test');
  expect(outcomeOf(zone.ask('bravo.test', 'TXT'))).toEqual({ found: 'nothing' });
  expect(outcomeOf(zone.ask('acme.test', 'SRV'))).toEqual({ found: 'nothing' });
  expect(outcomeOf(zone.ask('acme.test', 'TXT'))).toEqual({ found: 'txt', values: ['here'] });
  expect(outcomeOf(zone.ask('broken.test', 'TXT'))).toEqual({ found: 'failure' });
});

async function ask(query: dnsPacket.Packet): Promise<dnsPacket.DecodedPacket> {
  const socket = createSocket('udp4');
  const { port } = new URL(`udp://${server.address.split(',')[0]}`);
  socket.send(dnsPacket.encode(query), Number(port), '127.0.0.1');
  const [answer] = await once(socket, 'message');
  socket.close();
  return dnsPacket.decode(answer);
}

async function rawTexts(name: string): Promise<Buffer[]> {
  const { answers = [] } = await ask({ type: 'query', id: 1, questions: [{ type: 'TXT', name }] });
  return answers.flatMap((answer) =>
    answer.type === 'TXT' ? [answer.data].flat() : [],
  ) as Buffer[];
}
