/** `norc trust requests|approve|reject`, put to a server that runs as `norc serve`. */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from 'dns-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { audit } from '../../../bin/trust/audit-command.ts';
import { decide, listRequests } from '../../../bin/trust/decide.ts';
import { askServer } from '../../../bin/trust/operator-client.ts';
import { SubjectSilent, UsageError } from '../../../bin/usage-error.ts';
import { type RunningServer, serve } from '../../../reference/transport/serve.ts';
import { authority, bravo, web } from '../transport/certificates.ts';
import { createPlace } from '../transport/environment.ts';
import { startNameServer } from '../transport/name-server.ts';
import { norc, type Running, startNorc } from './norc.ts';
import { recordingTerminal } from './recording-terminal.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'norc-approve-'));
  undo.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Bravo, as its operator starts it: a folder with its certificates, and a policy. */
async function startBravo(dns: string, data: string, policy: object) {
  const tls = join(data, 'tls');
  mkdirSync(tls, { recursive: true });
  const files = {
    'client-port.pem': web.certificatesPem,
    'client-port-key.pem': web.keyPem,
    'federation.pem': bravo.certificatesPem,
    'federation-key.pem': bravo.keyPem,
    'ca.pem': authority.certificatePem,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(tls, name), text);
  const policyFile = join(data, 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ trust: policy }));
  const ports = ['--port', '0', '--federation-port', '0'];
  const given = ['--server-id', 'bravo.example', '--data-dir', data, '--policy', policyFile];
  const running = startNorc(['serve', '--json', ...ports, ...given, '--dns', dns]);
  undo.push(() => stopped(running));
  const line = new Promise<string>((resolve) => {
    running.child.stdout.once('data', (text: string) => resolve(text));
  });
  await running.said(/\}\n/);
  const { federation_port: port } = JSON.parse(await line);
  return { running, port: Number(port) };
}

async function stopped({ child, ended }: Running) {
  child.kill('SIGTERM');
  return ended;
}

const srv = (server: string, port: number): [string, readonly Answer[]] => {
  const name = `_norc-federation._tcp.${server}`;
  const data = { priority: 1, weight: 1, port, target: `fed.${server}` };
  return [`SRV ${name}`, [{ type: 'SRV', name, data }]];
};

/** Acme asks bravo for trust; bravo's policy wants an operator. */
async function asking(policy: object = { requireManualApproval: true }) {
  const zone: { [question: string]: readonly Answer[] } = {};
  const names = await startNameServer(zone);
  undo.push(() => names.close());
  for (const server of ['acme.example', 'bravo.example']) {
    const name = `fed.${server}`;
    zone[`A ${name}`] = [{ type: 'A', name, data: '127.0.0.1' }];
  }
  const data = folder();
  const { running, port } = await startBravo(names.address, data, policy);
  const home = createPlace();
  undo.push(home.remove);
  let end = () => {};
  // The requester withdraws its proof when its run has ended, well or not.
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const acme: RunningServer = await serve({
    environment: { ...home.environment, NORC_DNS: names.address },
    report(line) {
      if (line.norc === 'withdraw-txt') end();
      if (line.norc !== 'publish-txt') return;
      zone[`TXT ${line.name}`] = [{ type: 'TXT', name: line.name, data: line.value }];
    },
    log: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  undo.push(() => acme.stop());
  for (const [key, records] of [
    srv('bravo.example', port),
    srv('acme.example', acme.federationPort),
  ]) {
    zone[key] = records;
  }
  const wish = { server: 'bravo.example', level: 'basic', method: 'direct_exchange' };
  acme.command({ command: 'establish-trust', ...wish });
  return { data, running, ended };
}

const waits = /waits for an operator/;
const requestsOf = async (data: string) => {
  const terminal = recordingTerminal(Number.POSITIVE_INFINITY);
  await listRequests(data, 'json', terminal);
  return JSON.parse(terminal.text()).requests;
};

/** What a folder says of acme when its server has stopped. */
async function eventsIn(data: string, running: Running): Promise<string[]> {
  await stopped(running);
  const { openJournal } = await import('../../../reference/store/journal.ts');
  const store = openJournal(data);
  const rows = store.load();
  store.close();
  return rows
    .filter(({ table, key }) => table === 'audit' && /^\d+$/.test(key))
    .map(({ value }) => JSON.stringify(value));
}

describe('a request that waits', () => {
  test('T-CAP-07: is listed, approved by the name of its server, and trust stands', async () => {
    const { data, running, ended } = await asking();
    await running.said(waits);
    const [request, ...others] = await requestsOf(data);
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      peer: 'acme.example',
      level: 'basic',
      method: 'direct_exchange',
      renewal: false,
      state: 'waiting',
      age_seconds: expect.any(Number),
    });
    expect(request.deadline - request.asked_at).toBeGreaterThan(80_000);
    const listed = recordingTerminal(100);
    await listRequests(data, 'text', listed);
    expect(listed.text()).toMatch(
      /^1 trust request waits for an operator:\n\n {2}acme\.example {2}basic by direct_exchange, score \d+\.\d\n/,
    );
    expect(listed.text()).toContain(request.server_public_key);

    const { code, stdout } = await norc(['trust', 'approve', 'acme.example', '--data', data]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('✓ approved  acme.example  basic by direct_exchange'),
    ]);
    await ended;
    // The same word again finds nothing that waits.
    const again = decide(data, { of: request.request_id, decision: 'approve' }, 'text');
    await expect(again).rejects.toThrow(UsageError);
    expect(await requestsOf(data)).toEqual([]);
    const terminal = recordingTerminal(Number.POSITIVE_INFINITY);
    expect(await audit(data, { verify: true }, 'text', terminal)).toBe(0);
    expect(terminal.text()).toContain('✓ the chain holds');
    const events = await eventsIn(data, running);
    expect(events.filter((event) => event.includes('"trust_granted"'))).toHaveLength(2);
  });

  test('T-CAP-07: is rejected by its id, with a reason that stays here', async () => {
    const { data, running, ended } = await asking();
    await running.said(waits);
    const [{ request_id: id }] = await requestsOf(data);
    const words = ['--reason', 'nobody knows them', '--json', '--data', data];
    const { code, stdout } = await norc(['trust', 'reject', id, ...words]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { decision: 'refuse', request: { request_id: id } },
    ]);
    await ended;
    const events = await eventsIn(data, running);
    // What is about the peer it may see one day; the reason is about ourselves.
    const [reason, ...others] = events.filter((event) => event.includes('nobody knows them'));
    expect(others).toEqual([]);
    expect(JSON.parse(reason ?? '{}').target_server).toBe('bravo.example');
    expect(events.some((event) => event.includes('"trust_granted"'))).toBe(false);
  });

  test('T-CAP-07: does not wait where the policy file has approved the server', async () => {
    const approvedServers = { 'acme.example': 'basic' };
    const { data, running, ended } = await asking({ requireManualApproval: true, approvedServers });
    await ended;
    expect(await requestsOf(data)).toEqual([]);
    const events = await eventsIn(data, running);
    expect(events.filter((event) => event.includes('"trust_granted"'))).toHaveLength(2);
  });

  test('is named when nothing has that name', async () => {
    const { data, running } = await asking();
    await running.said(waits);
    const { code, stderr } = await norc(['trust', 'approve', 'mallory.example', '--data', data]);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^norc: mallory\.example: no such request; see norc trust requests --data /,
    );
    expect(await requestsOf(data)).toHaveLength(1);
  });
});

describe('a folder', () => {
  test.each([
    [
      'that is not there',
      () => '/nowhere/at/all',
      /^--data \/nowhere\/at\/all: no such folder; name the/,
    ],
    ['that is a file', () => file('x'), /: is no folder; name the/],
    ['whose name is too long', () => long(), /longer than the \d+ bytes/],
  ])('%s is a mistake of usage', async (_, path, message) => {
    const asked = askServer(path(), { norc: 'requests' });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(message);
  });

  test('in which no server runs is said with 3, and how to start one', async () => {
    const data = folder();
    const { code, stderr } = await norc(['trust', 'requests', '--data', data]);
    expect([code, stderr]).toEqual([
      3,
      `norc: ${data}: no server runs there; start it with: norc serve --data-dir ${data}\n`,
    ]);
  });

  test('that a server was killed in is one in which none runs, and starts again', async () => {
    const { data, running } = await asking();
    await running.said(waits);
    running.child.kill('SIGKILL');
    await running.ended;
    expect(existsSync(join(data, 'operator/socket'))).toBe(true);
    await expect(askServer(data, { norc: 'requests' })).rejects.toThrow(/no server runs there/);
    const ports = ['--port', '0', '--federation-port', '0', '--server-id', 'bravo.example'];
    const second = startNorc(['serve', '--json', ...ports, '--data-dir', data]);
    undo.push(() => stopped(second));
    await second.said(/\}\n/);
    // What waited before it was killed waits still.
    expect(await requestsOf(data)).toHaveLength(1);
  });

  test('has one server: a second one does not take the socket from the first', async () => {
    const { data, running } = await asking();
    await running.said(waits);
    const ports = ['--port', '0', '--federation-port', '0', '--server-id', 'bravo.example'];
    const { code, stderr } = await norc(['serve', ...ports, '--data-dir', data]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('held by process')]);
    expect(await requestsOf(data)).toHaveLength(1);
  });

  test.each([
    ['says nothing', () => {}, /does not answer/],
    ['parts at once', (socket: { destroy(): void }) => socket.destroy(), /broke off/],
  ])('with a server that %s is given up', async (_, treat, message) => {
    const data = folder();
    mkdirSync(join(data, 'operator'));
    const server = createServer(treat).listen(join(data, 'operator/socket'));
    undo.push(() => server.close());
    await once(server, 'listening');
    const asked = askServer(data, { norc: 'requests' }, 50);
    await expect(asked).rejects.toThrow(SubjectSilent);
    await expect(asked).rejects.toThrow(message);
  });

  test('with a server that lies cannot write on the terminal', async () => {
    const data = folder();
    mkdirSync(join(data, 'operator'));
    const text = '\u001b[2Jacme';
    const request = { request_id: text, peer: text, level: text, method: text };
    const facts = { server_public_key: text, state: 'waiting', renewal: false, trust_score: null };
    const requests = [{ ...request, ...facts, asked_at: 1, deadline: 2 }, { peer: 'x' }, 7];
    const answer = `${JSON.stringify({ norc: 'requests', requests })}\n`;
    const server = createServer((socket) => socket.end(answer)).listen(
      join(data, 'operator/socket'),
    );
    undo.push(() => server.close());
    await once(server, 'listening');
    const terminal = recordingTerminal(100);
    await listRequests(data, 'text', terminal);
    expect(terminal.text()).toContain('{ESC}[2Jacme');
    expect(terminal.text()).not.toContain('\u001b');
    const verdict = { of: 'acme', decision: 'approve' } as const;
    await expect(decide(data, verdict, 'text', terminal)).rejects.toThrow(
      /no server of this version/,
    );
  });

  test.skipIf(process.getuid?.() === 0)('of somebody else is said to be so', async () => {
    const data = folder();
    mkdirSync(join(data, 'operator'));
    const server = createServer().listen(join(data, 'operator/socket'));
    undo.push(() => server.close());
    await once(server, 'listening');
    chmodSync(join(data, 'operator'), 0);
    undo.push(() => chmodSync(join(data, 'operator'), 0o700));
    await expect(askServer(data, { norc: 'requests' })).rejects.toThrow(/somebody else/);
  });
});

function file(text: string): string {
  const path = join(folder(), 'file');
  writeFileSync(path, text);
  return path;
}

function long(): string {
  const path = join(folder(), 'x'.repeat(120));
  mkdirSync(path);
  return path;
}
