/** `norc` from the outside: what it accepts, what it prints where, and its exit codes. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resultsFault } from '../../../reports/results-schema.ts';
import { lenient, norc } from './norc.ts';
import { createOut } from './test-run.ts';

const out = createOut();
afterAll(out.remove);

/** Of the cases that need nothing but a handshake, one that a single guard decides. */
const quick = 'federation/handshake/both-servers-are-named';
const judged = 'trust/capabilities/a-foreign-name-is-refused';
const guard = 'T-CAP-02';

function file(name: string, text: string): string {
  const path = join(out.directory, name);
  writeFileSync(path, text);
  return path;
}

const testRun = (...words: string[]) => norc(['test', '--out', out.directory, ...words]);
const inProcess = (...words: string[]) => testRun('--ground', 'in-process', ...words);

describe('norc test ends with', () => {
  test('0 when all passed; --json is one valid document, and lines go to the other stream', async () => {
    const { code, stdout, stderr } = await inProcess('--only', quick, '--json', '--seed', 'a b');
    expect(code, stderr).toBe(0);
    const results = JSON.parse(stdout);
    expect(resultsFault(results)).toBeNull();
    expect(results).toMatchObject({
      run: { ground: 'in-process', seed: 'a b', interrupted: false },
      cases: [{ id: quick, verdict: 'pass' }],
    });
    expect(results.cases[0].rerun).toBe(
      `npx norc test --ground in-process --seed 'a b' --only ${quick}`,
    );
    expect(stderr).toContain(`✓ ${quick}`);
    expect(stderr).not.toContain('\u001b');
    for (const name of ['results.json', 'report.html', 'junit.xml']) {
      expect(existsSync(join(out.directory, results.run.id, name))).toBe(true);
    }
    const rendered = await norc(['report', join(out.directory, results.run.id, 'results.json')]);
    expect(rendered).toMatchObject({ code: 0, stdout: expect.stringContaining('report.html') });
  });

  test('1 when a requirement is broken, and tells which and how to go on', async () => {
    const { code, stdout } = await testRun('--only', judged, '--command', lenient(guard));
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ ${judged}`);
    expect(stdout).toContain(`${guard} (MUST`);
    expect(stdout).toContain(`next    npx norc explain ${guard}`);
    const rerun = stdout.split('\n').find((line) => line.includes('rerun'));
    expect(rerun).toContain(`--command '${lenient(guard)}'`);
  });

  test('0 when what is broken is known', async () => {
    const known = file('known.yaml', `- ${judged}\n`);
    const words = ['--only', judged, '--command', lenient(guard), '--baseline', known];
    const { code, stdout } = await testRun(...words);
    expect(code).toBe(0);
    expect(stdout).toContain(`✗ ${judged} known`);
  });

  test('2 when a target file is wrong, with the place', async () => {
    const target = file('target.yaml', 'command: node server.js\nport: 8443\n');
    const { code, stderr } = await testRun(target);
    expect(code).toBe(2);
    expect(stderr).toContain(`${target}:2:1: unknown member \`port\``);
  });

  test.each([
    ['an unknown command', ['tset'], /unknown command 'tset'.*\n.*Did you mean test/],
    ['an unknown flag', ['test', '--olny', 'x'], /unknown option '--olny'/],
    ['a bad shard', ['test', '--shard', '3/2'], /--shard 3\/2: say for example/],
    ['a target in process', ['test', 'x.yaml', '--ground', 'in-process'], /leave the target out/],
    [
      'a url without its facts',
      ['test', '--url', 'wss://a.test'],
      /needs --server-id .* target\.yaml/,
    ],
  ])('2 when it is given %s', async (_, words, complaint) => {
    const { code, stdout, stderr } = await norc(words);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(complaint);
    expect(stderr).not.toContain('    at ');
  });

  test.each([
    ['ends at once', 'false', /ended by itself with code 1 before it was ready/],
    ['never says it is ready', 'echo warm; sleep 60', /ready within 0\.5 s[^]*\| warm/],
    [
      'speaks nonsense',
      `echo '{"norc":"ready"}'; sleep 60`,
      /does not keep the contract: .*client_url/,
    ],
  ])('3 when the subject %s', async (_, command, complaint) => {
    const words = ['--only', quick, '--command', command, '--ready-within', '0.5'];
    const { code, stdout } = await testRun(...words);
    expect(code).toBe(3);
    expect(stdout).toMatch(complaint);
  });

  test('3 when nobody is at the url', async () => {
    const key = 'A'.repeat(43);
    const facts = ['--server-id', 'a.test', '--token', 't', '--public-key', key];
    const { code, stdout } = await testRun('--url', 'wss://127.0.0.1:1/norc-c', ...facts);
    expect(code).toBe(3);
    expect(stdout).toContain('wss://127.0.0.1:1/norc-c cannot be reached');
  });

  test('5 when no case is selected, and says by what', async () => {
    const { code, stdout, stderr } = await testRun('--only', 'no/such/*', '--level', 'must');
    expect(code).toBe(5);
    expect(stdout).toBe('');
    expect(stderr).toContain('no case is selected by --only no/such/* --level must');
  });

  test('6 when a known failure passes', async () => {
    const known = file('stale.yaml', `known: [${quick}]\n`);
    const { code, stdout } = await inProcess('--only', quick, '--baseline', known);
    expect(code).toBe(6);
    expect(stdout).toContain(`${quick} is listed in the baseline and passes`);
  });
});

describe('norc test', () => {
  test('lists the cases that it would run, for people and for programs', async () => {
    const words = ['--list', '--only', 'trust/capabilities/*', '--shard', '1/2'];
    const [text, json] = [await testRun(...words), await testRun(...words, '--json')];
    expect([text.code, json.code]).toEqual([0, 0]);
    const rows: { id: string; verifies: string[] }[] = JSON.parse(json.stdout);
    expect(rows.length).toBeGreaterThan(3);
    for (const { id } of rows) expect(text.stdout).toContain(`${id}\n`);
    expect(text.stdout).toContain(`${rows.length} cases`);
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

describe('norc explain', () => {
  test.each([
    [
      'T-CHAL-05',
      /^T-CHAL-05 {2}requirement\n[^]*Level\n {2}MUST[^]*Readings it hangs on\n {2}L-T04/,
    ],
    [
      'l-v01',
      /^L-V01 .*ledger entry\n[^]*a: the first entry[^]*\(testable: --reading\)[^]*\(taken\)/,
    ],
    ['5804', /^5804 .*error code/],
    ['trust_request', /^trust_request {2}message [^]*Members\n/],
    ['federation-link', /^federation-link {2}state machine\n[^]*Transitions\n/],
  ])('%s in full, at most 100 columns wide', async (name, shape) => {
    const { code, stdout, stderr } = await norc(['explain', name]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(shape);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  test('names what is like an unknown name, and ends with 2', async () => {
    const { code, stdout, stderr } = await norc(['explain', 'T-CHAL-5']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/nothing has that name; did you mean .*T-CHAL-05/);
  });
});

test('norc report refuses what is no results file', async () => {
  const { code, stderr } = await norc(['report', file('other.json', '{"format":"other"}')]);
  expect(code).toBe(2);
  expect(stderr).toContain('no results file of norc test');
});

test('norc without anything to do prints its help', async () => {
  const { code, stdout } = await norc(['--help']);
  expect(code).toBe(0);
  for (const name of ['test', 'serve', 'explain', 'report']) {
    expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  }
});
