import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority } from '../../conformance/authority.ts';
import { SubjectUnreachable } from '../../conformance/ground.ts';
import { type CommandOptions, commandTarget } from '../../conformance/targets/command.ts';
import type { RunningTarget } from '../../conformance/targets/target.ts';
import { createWeb } from '../../conformance/web.ts';
import { createZone, type ZoneRecords } from '../../conformance/zone.ts';

let authority: Authority;
let directory: string;
let zone: ZoneRecords;
const running: RunningTarget[] = [];

beforeAll(async () => {
  authority = await createAuthority();
  directory = mkdtempSync(join(tmpdir(), 'norc-command-test-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.close()));
});
afterAll(() => rmSync(directory, { recursive: true }));

const ready = {
  norc: 'ready',
  client_url: 'wss://127.0.0.1:1234/norc-c',
  federation_port: 4321,
  capabilities: ['messaging'],
  versions: ['1.1'],
};
const sayReady = `console.log(${JSON.stringify(JSON.stringify(ready))});`;
const stayAlive = 'setInterval(() => {}, 1000);';
let count = 0;

/** A subject that runs this script of its own. */
async function start(
  script: string,
  options: Partial<CommandOptions> & { onDeath?: (death: SubjectUnreachable) => void } = {},
): Promise<RunningTarget> {
  count += 1;
  const file = join(directory, `subject-${count}.mjs`);
  writeFileSync(file, script);
  zone = createZone();
  const { onDeath = () => {}, ...rest } = options;
  const target = commandTarget({ authority, command: [process.execPath, file], ...rest });
  const started = { policy: { sessionSeconds: 60 }, versions: ['1.1'], dns: '127.0.0.1:53' };
  const subject = await target.start({
    ...started,
    zone,
    web: createWeb('http://web.test'),
    onDeath,
  });
  running.push(subject);
  return subject;
}

/** How it could not be started. */
async function failureOf(
  script: string,
  options: Partial<CommandOptions> = {},
): Promise<SubjectUnreachable> {
  const failure = await start(script, options).catch((error) => error);
  expect(failure).toBeInstanceOf(SubjectUnreachable);
  return failure;
}

/** Asked until it holds, since the subject answers in its own time. */
const said = (subject: RunningTarget, text: string) =>
  expect.poll(() => subject.output(), { timeout: 10_000 }).toContain(text);

describe('a subject that is started by a command', () => {
  test('is known by what it says when it is ready', async () => {
    const subject = await start(`${sayReady}${stayAlive}`);
    expect(subject.facts).toMatchObject({ capabilities: ['messaging'], versions: ['1.1'] });
    expect(subject.endpoints()).toMatchObject({
      federation: { host: '127.0.0.1', port: 4321, serverId: subject.facts.serverId },
    });
    expect(subject.endpoints().clientUrl.href).toBe(ready.client_url);
  });

  test('is told what the start contract says, and nothing from our own NORC variables', async () => {
    process.env.NORC_STRAY = 'yes';
    const subject = await start(
      `
      import { readFileSync } from 'node:fs';
      const { env } = process;
      const files = ['TLS_CERT', 'TLS_KEY', 'FEDERATION_CERT', 'FEDERATION_KEY', 'TLS_CA'];
      for (const name of files) console.log(name, readFileSync(env['NORC_' + name], 'utf8').split('\\n')[0]);
      console.log('policy', readFileSync(env.NORC_POLICY, 'utf8').replaceAll(/\\s/g, ''));
      console.log('peers', readFileSync(env.NORC_PEERS, 'utf8').trim());
      console.log('rest', env.NORC_CLIENT_PORT, env.NORC_DNS, env.NORC_VERSIONS, env.NORC_STRAY);
      console.log('own', env.OWN);
      ${sayReady}${stayAlive}`,
      { environment: { OWN: 'also' } },
    );
    delete process.env.NORC_STRAY;
    const output = subject.output();
    expect(output.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
    expect(output.match(/BEGIN PRIVATE KEY/g)).toHaveLength(2);
    expect(output).toContain('policy {"sessionSeconds":60,"evidence":{"governmentAuthorities":[');
    expect(output).toContain('peers []');
    expect(output).toContain('rest 0 127.0.0.1:53 1.1 undefined');
    expect(output).toContain('own also');
  });

  test('may say anything else as well, on both streams', async () => {
    const noise = `console.log('starting {'); console.log('{"level":"info"}'); console.error('warm');`;
    const subject = await start(`${noise}${sayReady}console.log('later');${stayAlive}`);
    for (const text of ['starting {', '{"level":"info"}', 'warm', 'later']) {
      await said(subject, text);
    }
    expect(subject.output()).not.toContain('federation_port');
  });

  test('has its records put into the zone and taken out', async () => {
    const line = (norc: string) => JSON.stringify({ norc, name: 'acme.test', value: 'proof' });
    await start(`
      ${sayReady}
      console.log('${line('publish-txt')}');
      process.stdin.once('data', () => console.log('${line('withdraw-txt')}'));`);
    await expect.poll(() => zone.ask('acme.test', 'TXT').kind).toBe('txt');
    await running[0]?.command({ command: 'approve-trust', server: 'a.test', decision: 'approve' });
    await expect.poll(() => zone.ask('acme.test', 'TXT').kind).toBe('no-name');
  });

  test('has commands as lines on its standard input', async () => {
    const subject = await start(`process.stdin.pipe(process.stdout);${sayReady}`);
    await subject.command({ command: 'approve-trust', server: 'a.test', decision: 'refuse' });
    const line = {
      norc: 'command',
      command: 'approve-trust',
      server: 'a.test',
      decision: 'refuse',
    };
    await said(subject, JSON.stringify(line));
  });

  test('keeps its data over a restart, in which it has no time to say goodbye', async () => {
    const subject = await start(`
      import { readdirSync, writeFileSync } from 'node:fs';
      const directory = process.env.NORC_DATA_DIR;
      process.on('SIGTERM', () => console.log('goodbye'));
      console.log('found', readdirSync(directory).join());
      writeFileSync(directory + '/kept', '');
      ${sayReady}${stayAlive}`);
    expect(subject.output()).toBe('found ');
    await subject.restart();
    expect(subject.output()).toBe('found \nfound kept');
  });

  test('that stops as asked is no death', async () => {
    const deaths: SubjectUnreachable[] = [];
    const subject = await start(`${sayReady}${stayAlive}`, { onDeath: (one) => deaths.push(one) });
    await subject.close();
    expect(deaths).toEqual([]);
  });

  test('that dies is reported with its last words', async () => {
    const death = resolvable<SubjectUnreachable>();
    const script = `${sayReady}process.stdin.once('data', () => { throw new Error('overwhelmed'); });`;
    const subject = await start(script, { onDeath: death.resolve });
    await subject.command({ command: 'stop' });
    const reported = await death.promise;
    expect(reported.message).toBe('the subject ended by itself with code 1');
    expect(reported.output).toContain('overwhelmed');
  });

  test('may be given as a line for the shell', async () => {
    const subject = await start('', {
      command: `echo "from the shell"; echo '${JSON.stringify(ready)}'; sleep 60`,
    });
    expect(subject.output()).toBe('from the shell');
  });
});

describe('a subject cannot be judged that', () => {
  test('ends before it is ready', async () => {
    const failure = await failureOf(`console.error('no such option'); process.exitCode = 3;`);
    expect(failure.message).toBe('the subject ended by itself with code 3 before it was ready');
    expect(failure.output).toContain('no such option');
  });

  test('never says that it is ready', async () => {
    const failure = await failureOf(`console.log('thinking');${stayAlive}`, {
      readyWithinMs: 1000,
    });
    expect(failure.message).toBe('the subject did not say that it is ready within 1 s');
    expect(failure.output).toContain('thinking');
  });

  test('says so in another form', async () => {
    const { versions: _, ...incomplete } = ready;
    const failure = await failureOf(`console.log('${JSON.stringify(incomplete)}');${stayAlive}`);
    expect(failure.message).toContain("must have required property 'versions'");
  });

  test('does not exist', async () => {
    const failure = await failureOf('', { command: [join(directory, 'nothing-here')] });
    expect(failure.message).toContain('could not be started');
    expect(failure.message).toContain('ENOENT');
  });
});

function resolvable<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
