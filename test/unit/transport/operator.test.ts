/** The socket of the operator: who may enter, and what nobody can do to the server through it. */
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Command } from '../../../reference/core.ts';
import type { PendingRequest } from '../../../reference/ports.ts';
import { answerOperator } from '../../../reference/transport/operator.ts';
import { BadOperatorPlace, operatorSocket } from '../../../reference/transport/operator-place.ts';
import {
  createOperatorPort,
  type OperatorPort,
} from '../../../reference/transport/operator-port.ts';
import type { JsonObject } from '../../../reference/wire/json.ts';

const ports: OperatorPort[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(ports.splice(0).map((port) => port.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'norc-operator-'));
  folders.push(folder);
  return folder;
}

function portIn(directory: string, patienceMs?: number): OperatorPort {
  const answer = (line: string): JsonObject => ({ norc: 'heard', line });
  const patience = patienceMs === undefined ? {} : { patienceMs };
  const port = createOperatorPort({ directory, answer, ...patience });
  ports.push(port);
  return port;
}

/** Says something and returns all that comes until the server parts; null: it says nothing more. */
async function said(path: string, bytes: string | Buffer | null): Promise<string> {
  const socket = connect(path);
  let text = '';
  socket.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  // A server that parts while we write is no mistake of ours.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  if (bytes !== null) socket.write(bytes);
  await closed;
  return text;
}

const heard = (line: string) => `${JSON.stringify({ norc: 'heard', line })}\n`;
const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);

describe('the place', () => {
  test('is a socket of mode 600 in a folder of mode 700, and goes with the server', async () => {
    const directory = place();
    const port = portIn(directory);
    await port.listen();
    const path = join(directory, 'operator/socket');
    expect([modeOf(path), modeOf(join(directory, 'operator'))]).toEqual(['600', '700']);
    expect(await said(path, 'hello\n')).toBe(heard('hello'));
    await port.close();
    expect(existsSync(path)).toBe(false);
  });

  test('is closed to others again where it was open, and a dead socket is replaced', async () => {
    const directory = place();
    const folder = join(directory, 'operator');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    // A server that was killed leaves its socket; one of Node's would be tidied up.
    const dead = createServer().listen(join(directory, 'dead'));
    await once(dead, 'listening');
    renameSync(join(directory, 'dead'), join(folder, 'socket'));
    dead.close();
    await portIn(directory).listen();
    expect(modeOf(folder)).toBe('700');
    expect(await said(join(folder, 'socket'), 'x\n')).toBe(heard('x'));
  });

  test.each<[string, (directory: string, elsewhere: string) => void]>([
    ['a link to a folder of somebody’s choice', (d, e) => symlinkSync(e, join(d, 'operator'))],
    ['a file where the folder must be', (d) => writeFileSync(join(d, 'operator'), '')],
    [
      'a file where the socket must be',
      (d) => {
        mkdirSync(join(d, 'operator'));
        writeFileSync(join(d, 'operator/socket'), 'precious');
      },
    ],
  ])('is refused, and nothing touched: %s', async (_, arrange) => {
    const [directory, elsewhere] = [place(), place()];
    chmodSync(elsewhere, 0o755);
    arrange(directory, elsewhere);
    await expect(portIn(directory).listen()).rejects.toThrow(BadOperatorPlace);
    expect([modeOf(elsewhere), existsSync(join(elsewhere, 'socket'))]).toEqual(['755', false]);
    const file = join(directory, 'operator/socket');
    if (existsSync(file)) expect(lstatSync(file).size).toBe('precious'.length);
  });

  test('is refused where its path would be cut short', () => {
    expect(() => operatorSocket(`/${'x'.repeat(100)}`)).toThrow(BadOperatorPlace);
    // From where we are, it is short enough.
    expect(operatorSocket(process.cwd())).toBe('operator/socket');
  });
});

describe('a conversation', () => {
  test('is one line, however it comes in pieces, and what follows is not read', async () => {
    const directory = place();
    await portIn(directory).listen();
    const path = operatorSocket(directory);
    const socket = connect(path);
    let text = '';
    socket.on('data', (more) => {
      text += more;
    });
    socket.write('on');
    socket.write('e\ntwo\n');
    await once(socket, 'close');
    expect(text).toBe(heard('one'));
  });

  test.each([
    ['a line without end', Buffer.alloc(1 << 20, 0x61)],
    ['a line that is too long', Buffer.concat([Buffer.alloc(5000, 0x61), Buffer.from('\n')])],
  ])('is refused: %s', async (_, bytes) => {
    const directory = place();
    await portIn(directory).listen();
    const text = await said(operatorSocket(directory), bytes);
    // The answer may be lost where the server parts while bytes are still coming; never `heard`.
    if (text !== '') expect(JSON.parse(text)).toMatchObject({ norc: 'refused', why: 'malformed' });
    expect(await said(operatorSocket(directory), 'next\n')).toBe(heard('next'));
  });

  test('has so long and no longer: a client that says nothing is cut off', async () => {
    const directory = place();
    await portIn(directory, 20).listen();
    expect(await said(operatorSocket(directory), null)).toBe('');
    expect(await said(operatorSocket(directory), 'half a line')).toBe('');
  });

  test('does not keep the server from closing', async () => {
    const directory = place();
    const port = portIn(directory);
    await port.listen();
    const socket = connect(operatorSocket(directory));
    socket.on('error', () => {});
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await port.close();
    await closed;
  });
});

const request: PendingRequest = {
  requestId: 'id-1',
  peer: 'acme.example',
  level: 'basic',
  method: 'direct_exchange',
  serverKey: 'key',
  isRenewal: false,
  askedAtSeconds: 10,
  deadlineSeconds: 20,
  scoreTenths: 450,
  state: 'waiting',
};

/** A server with one request, which every command ends. */
function desk(state: PendingRequest['state'] = 'waiting') {
  const commands: Command[] = [];
  const requests = [{ ...request, state }];
  const hands = {
    serverId: 'bravo.example',
    pending: () => requests,
    command(command: Command) {
      commands.push(command);
      requests.length = 0;
    },
  };
  const ask = (question: unknown) => answerOperator(JSON.stringify(question), hands);
  return { ask, commands };
}

describe('the answers', () => {
  test('list what there is', () => {
    expect(desk().ask({ norc: 'requests' })).toMatchObject({
      server_id: 'bravo.example',
      requests: [{ request_id: 'id-1', peer: 'acme.example', trust_score: 45, state: 'waiting' }],
    });
  });

  test.each(['acme.example', 'id-1'])('decide on %s, and on that request only', (of) => {
    const { ask, commands } = desk();
    const answer = ask({ norc: 'decide', of, decision: 'refuse', reason: 'not known' });
    expect(answer).toMatchObject({ norc: 'decided', request: { request_id: 'id-1' } });
    const verdict = { server: 'acme.example', decision: 'refuse', reason: 'not known' };
    expect(commands).toEqual([{ command: 'approve-trust', ...verdict, request: 'id-1' }]);
  });

  test.each([
    ['no-such-request', 'waiting', { of: 'mallory.example' }],
    ['expired', 'expired', {}],
    ['not-waiting', 'decided', {}],
    ['not-waiting', 'proving', {}],
    ['malformed', 'waiting', { decision: 'maybe' }],
    ['malformed', 'waiting', { of: ['acme.example'] }],
    ['malformed', 'waiting', { reason: 7 }],
    ['malformed', 'waiting', { norc: 'stop' }],
  ] as const)('refuse as %s, and nothing is decided: %s, %j', (why, state, change) => {
    const { ask, commands } = desk(state);
    const question = { norc: 'decide', of: 'acme.example', decision: 'approve', ...change };
    expect(ask(question)).toMatchObject({ norc: 'refused', why });
    expect(commands).toEqual([]);
  });

  test.each(['', '{', '[]', 'null', '"x"', '\u0000'])('refuse what is no question: %j', (line) => {
    const hands = { serverId: 'b', pending: () => [request], command: () => {} };
    expect(answerOperator(line, hands)).toMatchObject({ why: 'malformed' });
  });

  test('say so when what was approved did not hold any more', () => {
    const { ask, commands } = desk();
    const answer = ask({ norc: 'decide', of: 'id-1', decision: 'approve' });
    expect(answer).toMatchObject({ norc: 'refused', why: 'failed' });
    expect(commands).toHaveLength(1);
  });

  test('say so when the word of the operator came to nothing', () => {
    const hands = { serverId: 'b', pending: () => [request], command: () => {} };
    const line = JSON.stringify({ norc: 'decide', of: 'id-1', decision: 'approve' });
    expect(answerOperator(line, hands)).toMatchObject({ norc: 'refused', why: 'failed' });
  });
});
