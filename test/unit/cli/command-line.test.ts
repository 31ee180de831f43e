/** `norc` from the outside: what it accepts, what it prints where, and its exit codes. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resultsFault } from '../../../reports/results-schema.ts';
import { lenient, norc } from './norc.ts';
import { createOut } from './test-run.ts';

const out = createOut();
afterAll(out.remove);

/** Needs nothing but a handshake. */
const quick = 'federation/handshake/both-servers-are-named';
/** Decided by a single guard. */
const judged = { case: 'trust/capabilities/a-foreign-name-is-refused', guard: 'T-CAP-02' };

function file(name: string, text: string): string {
  const path = join(out.directory, name);
  writeFileSync(path, text);
  return path;
}

const testRun = (...words: string[]) => norc(['test', '--out', out.directory, ...words]);
const inProcess = (...words: string[]) => testRun('--ground', 'in-process', ...words);

/** A subject that is ready, and does this with every connection. */
const listening = (deed: string): string => `
import { createServer } from 'node:net';
const server = createServer((c) => { c.on('error', () => {}); ${deed} });
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  console.log('listening');
  console.log(JSON.stringify({
    norc: 'ready', client_url: 'wss://127.0.0.1:' + port + '/norc-c', federation_port: port,
    versions: ['2.0'], capabilities: ['messaging'],
  }));
});`;

describe('norc test ends with', () => {
  test('0 when all passed, and --json leaves standard output to one valid document', async () => {
    const { code, stdout, stderr } = await inProcess('--only', quick, '--json', '--seed', 'a b');
    expect(code, stderr).toBe(0);
    const results = JSON.parse(stdout);
    expect(resultsFault(results)).toBeNull();
    expect(results).toMatchObject({
      run: { ground: 'in-process', seed: 'a b', interrupted: false },
      cases: [{ id: quick, verdict: 'pass' }],
    });
    expect(stderr).toContain(`✓ ${quick}`);
    expect(stderr).not.toContain('\u001b');
    const folder = join(out.directory, results.run.id);
    for (const name of ['results.json', 'report.html', 'junit.xml']) {
      expect(existsSync(join(folder, name)), name).toBe(true);
    }
    const rendered = await norc(['report', join(folder, 'results.json'), '--json']);
    expect(rendered.code).toBe(0);
    expect(JSON.parse(rendered.stdout)).toEqual({
      written: [join(folder, 'report.html'), join(folder, 'junit.xml')],
    });
  });

  test('1 when a requirement is broken, and tells which and how to go on', async () => {
    const command = lenient(judged.guard);
    const { code, stdout } = await testRun('--only', judged.case, '--command', command);
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ ${judged.case}`);
    expect(stdout).toContain(`${judged.guard} (MUST`);
    expect(stdout).toContain(`next    npx norc explain ${judged.guard}`);
    const rerun = stdout.split('\n').find((line) => line.includes('rerun'));
    expect(rerun).toContain(`--command '${command}'`);
  });

  test('2 when a target file is wrong, with the place', async () => {
    const target = file('target.yaml', 'command: node server.js\nport: 8443\n');
    const { code, stderr } = await testRun(target);
    expect(code).toBe(2);
    expect(stderr).toMatch(/target\.yaml:2:\d+: unknown member `port`/);
  });

  test.each([
    ['an unknown command', ['tset'], /unknown command 'tset'.*\n.*Did you mean test/],
    [
      'an unknown flag',
      ['test', '--olny', 'x'],
      /unknown option '--olny'.*\n.*Did you mean --only/,
    ],
    ['an impossible share', ['test', '--shard', '3/2'], /--shard 3\/2: say for example/],
  ])('2 when it is given %s, and says what can be given', async (_, words, complaint) => {
    const { code, stdout, stderr } = await norc(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(complaint);
    expect(stderr).not.toContain('    at ');
  });

  test.each([
    ['ends at once', 'false', /ended by itself with code 1 before it was ready/],
    ['is never ready', 'echo warm; sleep 60', /ready within 0\.5 s\nIts last output:\n {2}\| warm/],
    ['speaks nonsense', `echo '{"norc":"ready"}'; sleep 60`, /keep the contract: .*client_url/],
  ])('3 when the subject %s', async (_, command, complaint) => {
    const words = ['--only', quick, '--command', command, '--ready-within', '0.5'];
    const { code, stdout } = await testRun(...words);
    expect(code).toBe(3);
    expect(stdout).toMatch(complaint);
  });

  test.each([
    ['shakes no hands', '', /wss:\S+ shakes no hands in TLS within 5 s/],
    ['speaks no TLS', "c.write('HELLO I AM NOT TLS'.repeat(9));", /does not speak TLS/],
    ['hangs up', 'c.destroy();', /is closed: /],
  ])('3 when the client port of the subject %s', async (_, deed, complaint) => {
    const subject = file('subject.mjs', listening(deed));
    const words = ['--only', quick, '--command', `exec node ${subject}`];
    const { code, stdout } = await testRun(...words);
    expect(code).toBe(3);
    expect(stdout).toMatch(complaint);
    expect(stdout).toContain('| listening');
  });

  test('5 when no case is selected, and says by what', async () => {
    const { code, stdout, stderr } = await testRun('--only', 'no/such/*', '--layer', 't');
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain('no case is selected by --only no/such/* --layer trust');
  });

  test('6 when a known failure passes', async () => {
    const known = file('stale.yaml', `known: [${quick}]\n`);
    const { code, stdout } = await inProcess('--only', quick, '--baseline', known);
    expect(code).toBe(6);
    expect(stdout).toContain(`${quick} is listed in the baseline and passes`);
  });
});

describe('norc test', () => {
  test('lists the cases that it would run, one JSON document for programs', async () => {
    const words = ['--list', '--only', 'trust/capabilities/*', '--shard', '1/2', '--json'];
    const { code, stdout, stderr } = await testRun(...words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows: { id: string }[] = JSON.parse(stdout);
    expect(rows.length).toBeGreaterThan(3);
    for (const { id } of rows) expect(id).toMatch(/^trust\/capabilities\//);
  });

  test('can try a subject without judging it', async () => {
    const { code, stdout } = await testRun('--dry-run', '--json', '--only', quick);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      subject: { name: 'the reference', versions: ['1.0', '1.1', '2.0'] },
      cases: 1,
    });
  });
});

test('norc explain names what is like an unknown name, and ends with 2', async () => {
  const { code, stdout, stderr } = await norc(['explain', 'T-CHAL-5']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/nothing has that name; did you mean .*T-CHAL-05/);
});

test('norc report refuses what is no results file', async () => {
  const { code, stderr } = await norc(['report', file('other.json', '{"format":"other"}')]);
  expect(code).toBe(2);
  expect(stderr).toContain('no results file of norc test');
});

test.each([
  ['test', '--out', ['test', '--ground', 'in-process', '--only', quick, '--out']],
  ['serve', '--data-dir', ['serve', '--port', '0', '--federation-port', '0', '--data-dir']],
])('norc %s says when %s is no folder, before it does anything', async (_, flag, words) => {
  for (const path of [file('a-file', ''), join(file('a-file', ''), 'below')]) {
    const { code, stdout, stderr } = await norc([...words, path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^norc: ${flag} .*a-file.* is no folder; name a folder`));
  }
});

test('norc serve says when its folder was meddled with', async () => {
  const folder = join(out.directory, 'meddled');
  mkdirSync(join(folder, 'enrolment-token'), { recursive: true });
  const { code, stderr } = await norc(['serve', '--port', '0', '--data-dir', folder]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^norc: --data-dir .*meddled: EISDIR/);
});

test('norc --help names every command', async () => {
  const { code, stdout } = await norc(['--help']);
  expect(code).toBe(0);
  for (const name of ['test', 'serve', 'explain', 'report']) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  }
});
