import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, type IssuedIdentity } from '../../conformance/authority.ts';
import { Untestable } from '../../conformance/case.ts';
import { SubjectUnreachable } from '../../conformance/ground.ts';
import { createSocketsGround } from '../../conformance/grounds/sockets.ts';
import { BadTargetFile, readTargetFile } from '../../conformance/targets/target-file.ts';

let directory: string;
let identity: IssuedIdentity;
let file: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'norc-target-test-'));
  file = join(directory, 'target.yaml');
  const authority = await createAuthority();
  identity = await authority.issue({ serverId: 'acme.test', role: 'federation' });
  writeFileSync(join(directory, 'federation.pem'), identity.certificatesPem);
  writeFileSync(join(directory, 'root.pem'), authority.rootPem);
  writeFileSync(join(directory, 'nonsense.pem'), 'nonsense');
});
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string) {
  writeFileSync(file, text);
  return readTargetFile(file);
}

/** Each fault without the path of the file. */
function faultsOf(text: string): readonly string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (!(error instanceof BadTargetFile)) throw error;
    return error.faults.map((fault) => fault.replace(`${file}:`, ''));
  }
}

const url = `url: wss://127.0.0.1:1/norc-c
server_id: acme.test
enrolment_token: open-sesame
`;

describe('a target file', () => {
  test.each([
    ['a line for the shell', 'command: node server.js'],
    ['a list', 'command: [node, server.js]\ndirectory: ..\nenvironment: { DEBUG: "1" }'],
  ])('may name a command as %s', async (_, text) => {
    const target = read(text).target(await createAuthority());
    expect(target).toMatchObject({ name: 'node server.js', dns: 'any' });
  });

  test('may name an image', async () => {
    const text = 'image: example/norc:1\nenvironment: { DEBUG: "1" }\nready_within_seconds: 60';
    const target = read(text).target(await createAuthority());
    expect(target).toMatchObject({ name: 'example/norc:1', several: true, dns: 'any' });
  });

  test('may name a server that runs, with its key or its certificate', async () => {
    const certified = read(`${url}certificate: federation.pem\nfederation: "[::1]:8843"\n`);
    const target = certified.target(await certified.authority());
    expect(target).toMatchObject({ can: { restart: false, command: false }, dns: 'nowhere' });
    expect(faultsOf(`${url}public_key: ${'A'.repeat(43)}\n`)).toEqual([]);
  });
});

describe('a target file says what is wrong with it and where', () => {
  test.each([
    ['not YAML', 'command: [', /^1:\d+: /],
    ['empty', '', '1:1: expected members such as `command: node server.js`'],
    ['a list', '- command', '1:1: expected members such as `command: node server.js`'],
    [
      'of no kind',
      'server_id: acme.test',
      '1:1: give one of `command` or `image`, to start a server, or `url`, of one that runs',
    ],
    [
      'of both kinds',
      `command: x\n${url}`,
      '1:1: give one of `command` or `image`, to start a server, or `url`, of one that runs',
    ],
    [
      'a misspelt member',
      'command: x\ndirectori: ..',
      '2:12: unknown member `directori`; known here: command, directory, environment, ready_within_seconds',
    ],
    [
      'a command of numbers',
      'command: 7',
      '1:10: `command`: give a line for the shell, or a list: program and arguments',
    ],
    [
      'an environment of numbers',
      'command: x\nenvironment:\n  DEBUG: 1',
      '3:10: `environment.DEBUG`: give names and texts; put numbers in quotes',
    ],
    [
      'an address without port',
      `${url}public_key: ${'A'.repeat(43)}\nfederation: acme.test`,
      '5:13: `federation`: give host:port, such as 127.0.0.1:8843',
    ],
    ['no key', url, '1:1: give either `public_key` or `certificate` of the server'],
    [
      'a key of another length',
      `${url}public_key: short`,
      '4:13: give base64url of the 32 bytes of the Ed25519 server key',
    ],
    [
      'a file that is not there',
      `${url}certificate: missing.pem`,
      '4:14: missing.pem cannot be read (ENOENT); paths count from this file',
    ],
    [
      'a file that is no certificate',
      `${url}certificate: nonsense.pem`,
      '4:14: not a PEM certificate of an Ed25519 key',
    ],
    [
      'a certificate of another key',
      `${url}certificate: root.pem`,
      '4:14: not a PEM certificate of an Ed25519 key',
    ],
  ])('%s', (_, text, expected) => {
    const [fault] = faultsOf(text);
    if (typeof expected === 'string') expect(fault).toBe(expected);
    else expect(fault).toMatch(expected);
  });

  test('all at once', () => {
    expect(faultsOf('url: http://x\nserver_id: 3\nextra: 1')).toEqual(
      expect.arrayContaining([
        '1:1: `enrolment_token` is missing',
        '1:6: `url`: give the client endpoint, such as wss://127.0.0.1:8443/norc-c',
        '2:12: `server_id`: must be string',
        expect.stringContaining('3:8: unknown member `extra`'),
      ]),
    );
  });

  test('or that it is not there', () => {
    expect(() => readTargetFile(join(directory, 'none.yaml'))).toThrow('cannot be read (ENOENT)');
  });
});

describe('a server that runs already', () => {
  const key = `public_key: ${'A'.repeat(43)}\n`;
  const start = async (text: string, policy = {}) => {
    const { target, authority } = read(text);
    const ground = createSocketsGround({ target: target(await authority()) });
    return ground.start({ policy, versions: null });
  };

  async function withListener(use: (port: number) => Promise<void>): Promise<void> {
    const tls = { cert: identity.certificatesPem, key: identity.keyPem };
    const listener = createServer(tls, (socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    await use((listener.address() as AddressInfo).port);
    listener.close();
  }
  const at = (port: number) => `${url.replace(':1/', `:${port}/`)}${key}`;

  test('is unreachable where nothing listens', async () => {
    let port = 0;
    await withListener(async (taken) => {
      port = taken;
    });
    await expect(start(at(port))).rejects.toThrow(SubjectUnreachable);
  });

  test('makes untestable what it cannot do, and says what is missing', () =>
    withListener(async (port) => {
      const subject = await start(at(port));
      expect(subject.can).toEqual({ restart: false, command: false, virtualTime: false });
      await expect(subject.restart()).rejects.toThrow(Untestable);
      await expect(subject.command({ command: 'stop' })).rejects.toThrow('no operator commands');
      const dial = subject.dial({ alpn: ['norc-f/1.1'], identity, maxTls: '1.3' });
      await expect(dial).rejects.toThrow('no federation port is known');
      const listen = { serverId: 'bravo.test', identity, alpn: [], onRequest: () => {} };
      await expect(subject.listen(listen)).rejects.toThrow('does not ask the DNS server');
      await subject.close();
    }));

  test('has no other policy than it runs with', () =>
    withListener(async (port) => {
      const subject = await start(at(port), { sessionSeconds: 60 });
      const upgrade = subject.upgrade({ path: '/norc-c', subprotocols: [] });
      await expect(upgrade).rejects.toThrow('needs the policy {"sessionSeconds":60}');
      await subject.close();
    }));
});
