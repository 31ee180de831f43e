/**
 * What every ground does alike, with the reference as its subject: one behaviour suite, run against
 * each. A ground that differs here would give cases another verdict.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bounds } from '../../../reference/transport/bounds.ts';
import { limits } from '../../../spec/limits.ts';
import {
  type Authority,
  createAuthority,
  type IssuedIdentity,
} from '../../conformance/authority.ts';
import {
  type ChannelRequest,
  type DeviceChannel,
  type Ground,
  type LinkChannel,
  type RunningSubject,
  SubjectUnreachable,
} from '../../conformance/ground.ts';

type Upgrade = Parameters<RunningSubject['upgrade']>[0];
type Dial = Parameters<RunningSubject['dial']>[0];

const honestUpgrade = { path: '/norc-c', subprotocols: ['norc-c-json-v1.1'] };
const establish = {
  command: 'establish-trust',
  level: 'basic',
  method: 'direct_exchange',
} as const;
/** A real process on a busy machine. */
const START_MS = 60_000;
const withoutChanges = { policy: {}, versions: null };

export function describeGround(
  name: string,
  createGround: (authority: Authority) => Promise<Ground>,
) {
  describe(`the ${name} ground`, () => {
    let authority: Authority;
    let ground: Ground;
    let subject: RunningSubject;
    let acme: IssuedIdentity;

    beforeAll(async () => {
      authority = await createAuthority();
      ground = await createGround(authority);
      subject = await ground.start(withoutChanges);
      acme = await identity('acme.test');
    }, START_MS);
    afterAll(() => ground.close());

    const identity = (serverId: string, options = {}) =>
      authority.issue({ serverId, role: 'federation', options });

    async function device(options: Partial<Upgrade> = {}): Promise<DeviceChannel> {
      const channel = await subject.upgrade({ ...honestUpgrade, ...options });
      if (channel.refused) throw new Error(`refused: ${channel.reason}`);
      return channel;
    }
    async function link(options: Partial<Dial> = {}): Promise<LinkChannel> {
      const channel = await dial(options);
      if (channel.refused) throw new Error(`refused: ${channel.reason}`);
      return channel;
    }
    const dial = (options: Partial<Dial>) =>
      subject.dial({ alpn: ['norc-f/1.1'], identity: acme, maxTls: '1.3', ...options });
    async function listen(serverId: string, alpn: readonly string[]) {
      const requests: ChannelRequest[] = [];
      const onRequest = (request: ChannelRequest): void => void requests.push(request);
      const server = await subject.listen({
        ...{ serverId, alpn, onRequest },
        identity: await identity(serverId),
      });
      return { requests, close: server.close };
    }

    test('tells who its subject is', () => {
      expect(subject.facts.versions).toEqual(['1.0', '1.1', '2.0']);
      expect(subject.facts.capabilities).toContain('messaging');
      expect(subject.facts.publicKey).toMatch(/^[\w-]{43}$/);
    });

    describe('on the client port', () => {
      test('an upgrade is accepted with a subprotocol that was offered', async () => {
        const channel = await device();
        expect(channel.subprotocol).toBe('norc-c-json-v1.1');
        expect(channel.headers['sec-websocket-protocol']).toBe('norc-c-json-v1.1');
        expect(channel.headers['norc-negotiated-version']).toBe('1.1');
        await channel.close();
      });

      test('compression that is offered does not appear in the answer', async () => {
        const channel = await device({ offerDeflate: true });
        expect(channel.headers['sec-websocket-extensions']).toBeUndefined();
        await channel.close();
      });

      test('headers and the version of the query reach the subject', async () => {
        const headers = { 'NORC-Client-Versions': '2.0', 'NORC-Preferred-Version': '2.0' };
        const offer = { subprotocols: ['norc-c-json-v2'], headers, queryVersion: '2.0' };
        const channel = await device(offer);
        expect(channel.headers['norc-negotiated-version']).toBe('2.0');
        await channel.close();
      });

      test.each([
        ['another path', { path: '/elsewhere' }, 404],
        ['a version that nobody speaks', { subprotocols: ['norc-c-json-v9.9'] }, 426],
        ['TLS 1.2', { maxTls: '1.2' as const }, null],
      ])('an upgrade with %s is refused', async (_, change, status) => {
        const answer = await subject.upgrade({ ...honestUpgrade, ...change });
        expect(answer).toMatchObject({ refused: true, status });
      });

      test('frames pass in both directions, and then the close with its code', async () => {
        const channel = await device();
        await channel.send('{"type":"unheard_of"}');
        const frame = await channel.next(5000);
        expect(frame).toMatchObject({ closed: false });
        expect(frame && 'text' in frame && JSON.parse(frame.text).type).toBe('error');
        expect(await channel.next(5000)).toEqual({ closed: true, code: 1002 });
        expect(await channel.next(5000)).toEqual({ closed: true, code: 1002 });
      });

      test('a frame far above the limit closes the connection as too large', async () => {
        const channel = await device();
        await channel.send(' '.repeat(limits.clientFrameBytes + bounds.slackBytes + 1));
        expect(await channel.next(5000)).toEqual({ closed: true, code: 1009 });
      });

      test('what is sent after the close is lost without an error', async () => {
        const channel = await device();
        await channel.close();
        await channel.send('{}');
        expect(await channel.next(5000)).toMatchObject({ closed: true });
      });

      test('silence is null', async () => {
        const channel = await device();
        expect(await channel.next(20)).toBeNull();
        await channel.close();
      });
    });

    describe('on the federation port', () => {
      test('a link has the best version that is offered, in whatever order', async () => {
        const channel = await link({ alpn: ['norc-f/1.0', 'norc-f/2.0', 'norc-f/2.7'] });
        expect(channel.alpn).toBe('norc-f/2.0');
        expect(await channel.closed(20)).toBe(false);
        await channel.close();
      });

      test.each([
        ['no common version', { alpn: ['norc-f/9.9'] }],
        ['no ALPN', { alpn: [] }],
        ['no certificate', { identity: null }],
        ['TLS 1.2', { maxTls: '1.2' as const }],
      ])('a link with %s is refused', async (_, change) => {
        expect(await dial(change)).toMatchObject({ refused: true });
      });

      test('a link with a chain to an unknown root is refused', async () => {
        const stranger = await identity('acme.test', { unknownRoot: true });
        expect(await dial({ identity: stranger })).toMatchObject({ refused: true });
      });

      test('a request has the answer of the subject', async () => {
        const channel = await link();
        const error = await channel.request('/norc-f', '{"type":"federation_error"}', {}, 5000);
        expect(error).toEqual({ status: 204, text: '' });
        const broken = await channel.request('/norc-f', '{', {}, 5000);
        expect(JSON.parse(broken.text).type).toBe('federation_error');
        await channel.close();
      });

      test.each([
        ['another path', '/elsewhere', '{}', {}, 404],
        ['an encoding', '/norc-f', '{}', { 'content-encoding': 'gzip' }, 415],
      ])('a request with %s has its status', async (_, path, body, headers, status) => {
        const channel = await link();
        expect(await channel.request(path, body, headers, 5000)).toMatchObject({ status });
        await channel.close();
      });

      test('a request far above the limit is too large', async () => {
        const channel = await link();
        const body = ' '.repeat(limits.federationBodyBytes + bounds.slackBytes + 1);
        expect(await channel.request('/norc-f', body, {}, 5000)).toMatchObject({ status: 413 });
        await channel.close();
      });

      test('a request on a link that we have closed breaks', async () => {
        const channel = await link();
        await channel.close();
        await expect(channel.request('/norc-f', '{}', {}, 5000)).rejects.toThrow('link');
        expect(await channel.closed(5000)).toBe(true);
      });
    });

    describe('when the subject dials', () => {
      test('it finds our server by DNS and asks it, with what TLS tells of both', async () => {
        const server = await listen('bravo.test', ['norc-f/1.1']);
        await subject.command({ ...establish, server: 'bravo.test' });
        const request = await subject.until(() => server.requests[0], 5000);
        expect(request).toMatchObject({
          path: '/norc-f',
          alpn: 'norc-f/1.1',
          alpnOffer: ['norc-f/2.0', 'norc-f/1.1', 'norc-f/1.0'],
        });
        expect(request?.certificates).toHaveLength(2);
        expect(request?.proof).toMatch(/^ts=\d+;sig=/);
        expect(JSON.parse(request?.text ?? '').type).toBe('federation_handshake');
        const asked = { name: '_norc-federation._tcp.bravo.test', type: 'SRV', vantage: 0 };
        expect(subject.zone.queries).toContainEqual(asked);
        await server.close();
      });

      test('it does not get through to a server without a common version', async () => {
        const server = await listen('charlie.test', ['norc-f/9.9']);
        await subject.command({ ...establish, server: 'charlie.test' });
        const hasAsked = () => subject.zone.queries.find(({ name }) => name.includes('charlie'));
        expect(await subject.until(hasAsked, 5000)).toBeDefined();
        expect(await subject.until(() => server.requests[0], 300)).toBeUndefined();
        await server.close();
      });

      test('what our server throws is told to whoever waits', async () => {
        const server = await subject.listen({
          serverId: 'delta.test',
          alpn: ['norc-f/1.1'],
          identity: await identity('delta.test'),
          onRequest: () => {
            throw new Error('a defect of the suite');
          },
        });
        await subject.command({ ...establish, server: 'delta.test' });
        await expect(subject.until(() => undefined, 5000)).rejects.toThrow('a defect of the suite');
        await server.close();
      });
    });

    describe('time', () => {
      test('passes by what was asked for', async () => {
        const before = subject.now();
        await subject.pass(50);
        expect(subject.now() - before).toBeGreaterThanOrEqual(50_000);
      });

      test('waits of several side by side end each by its own', async () => {
        const channel = await device();
        const silence = channel.next(100);
        const found = subject.until(() => 'at once', 100);
        expect(await Promise.all([silence, found])).toEqual([null, 'at once']);
        await channel.close();
      });
    });

    describe('a subject of its own', () => {
      test('speaks only the versions that it was started with', async () => {
        const own = await ground.start({ policy: {}, versions: ['1.0', '1.1'] });
        expect(own.facts.versions).toEqual(['1.0', '1.1']);
        const answer = await own.upgrade({ ...honestUpgrade, subprotocols: ['norc-c-json-v2.0'] });
        expect(answer).toMatchObject({ refused: true, status: 426 });
        await own.close();
      });

      test('loses every channel by a restart, and can be reached again', async () => {
        const own = await ground.start(withoutChanges);
        const channel = await own.upgrade(honestUpgrade);
        const dialled = await own.dial({ alpn: ['norc-f/1.1'], identity: acme, maxTls: '1.3' });
        if (channel.refused || dialled.refused) throw new Error('refused');
        await own.restart();
        expect(await channel.next(5000)).toEqual({ closed: true, code: 1006 });
        expect(await dialled.closed(5000)).toBe(true);
        const again = await own.upgrade(honestUpgrade);
        expect(again.refused).toBe(false);
        await own.close();
      });

      test('is unreachable once it has stopped', async () => {
        const own = await ground.start(withoutChanges);
        const channel = await own.upgrade(honestUpgrade);
        if (channel.refused) throw new Error('refused');
        await own.command({ command: 'stop' });
        expect(await channel.next(5000)).toEqual({ closed: true, code: 1001 });
        await expect(own.until(() => undefined, 5000)).rejects.toThrow(SubjectUnreachable);
        await expect(own.upgrade(honestUpgrade)).rejects.toThrow(SubjectUnreachable);
        await own.close();
      });
    });
  });
}
