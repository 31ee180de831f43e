/** What `norc test` takes its words for, and how it says that they are wrong. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { refuseUnknown } from '../../../bin/test-run/baseline.ts';
import { prepareGround } from '../../../bin/test-run/ground.ts';
import { planOf, type TestFlags } from '../../../bin/test-run/options.ts';
import { printList } from '../../../bin/test-run/print-list.ts';
import { rerunLine } from '../../../bin/test-run/rerun-line.ts';
import { UsageError } from '../../../bin/usage-error.ts';
import { SubjectUnreachable } from '../../conformance/ground.ts';
import { aCase } from '../conformance/fake-ground.ts';
import { recordingTerminal } from './recording-terminal.ts';
import { createOut, flags } from './test-run.ts';

const out = createOut();
afterAll(out.remove);

const plan = (changes: Partial<TestFlags> = {}, target?: string) =>
  planOf({ ...flags, ...changes }, target, () => 'fresh');

async function complaintOf(changes: Partial<TestFlags>, target?: string): Promise<string> {
  const failure = await plan(changes, target).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  return (failure as UsageError).message;
}

function file(name: string, text: string): string {
  const path = join(out.directory, name);
  writeFileSync(path, text);
  return path;
}

const key = 'A'.repeat(43);
const url = {
  url: 'wss://127.0.0.1:1/norc-c',
  serverId: 'a.test',
  token: 'open sesame',
  publicKey: key,
};

describe('the subject', () => {
  test('is the reference where none is named', async () => {
    expect((await plan()).subject).toEqual({ kind: 'reference' });
  });

  test('is a command, with the time that it has to be ready', async () => {
    const { subject } = await plan({ command: './serve', readyWithin: '2.5' });
    expect(subject).toEqual({ kind: 'command', line: './serve', readyWithinMs: 2500 });
  });

  test('is what a file describes, or a url with its facts', async () => {
    expect((await plan({}, 'target.yaml')).subject).toEqual({ kind: 'file', path: 'target.yaml' });
    expect((await plan(url)).subject).toMatchObject({
      kind: 'url',
      facts: { serverId: 'a.test', token: 'open sesame', identity: { publicKey: key } },
    });
  });

  test('at a url where nobody is cannot be judged', async () => {
    const { ground } = await prepareGround(await plan(url));
    const start = ground.start({ policy: {}, versions: null });
    await expect(start).rejects.toBeInstanceOf(SubjectUnreachable);
    await ground.close();
  });
});

test('a line to run a case again is for a shell, and holds no token', async () => {
  const changes = { reading: ['L-V01=a'], at: '1.1', command: "echo 'it'", seed: 'a b' };
  expect(rerunLine(await plan(changes), aCase('wire/one'))).toBe(
    "npx norc test --command 'echo '\\''it'\\''' --at 1.1 --reading L-V01=a --seed 'a b' --only wire/one",
  );
  expect(rerunLine(await plan(url), aCase('wire/one'))).toBe(
    `npx norc test --url ${url.url} --server-id a.test --token "$NORC_ENROLMENT_TOKEN" ` +
      `--public-key ${key} --seed unit --only wire/one`,
  );
});

test('without a seed a fresh one is taken', async () => {
  const { seed: _, ...unseeded } = flags;
  expect((await planOf(unseeded, undefined, () => 'fresh')).seed).toBe('fresh');
});

describe('what cannot be is said, with what can:', () => {
  test.each<[Partial<TestFlags>, string | undefined, RegExp]>([
    [{ command: 'a' }, 'b.yaml', /give a target file or --command, not both/],
    [{ command: 'a' }, 'c-*', /not both; for a second pattern say --only 'c-\*'/],
    [{}, 'c-*', /c-\* is no file; for a second pattern say --only 'c-\*'/],
    [{ command: 'a', url: 'wss://a.test' }, undefined, /give --command or --url, not both/],
    [{ command: 'a', image: 'b' }, undefined, /give --command or --image, not both/],
    [{ image: 'an image' }, undefined, /--image 'an image': name an image, such as/],
    [{ command: ' ' }, undefined, /say the command/],
    [{ command: 'a', readyWithin: 'soon' }, undefined, /more than 0 and at most 600/],
    [{ readyWithin: '5' }, 'b.yaml', /ready_within_seconds into b\.yaml/],
    [{ url: 'https://a.test' }, undefined, /wss:\/\/chat\.example/],
    [{ ...url, certificate: 'a.pem' }, undefined, /--public-key or --certificate, not both/],
    [{ url: 'wss://a.test' }, undefined, /needs --server-id .*--certificate .*target\.yaml with/],
    [{ serverId: 'a.test' }, undefined, /--server-id goes with --url/],
    [{ ground: 'in-process', command: 'a' }, undefined, /leave the target out/],
    [{ ground: 'cloud' }, undefined, /sockets, in-process/],
    [{ layer: ['q'] }, undefined, /say x, c, f or t/],
    [{ level: 'shall' }, undefined, /must, should, may/],
    [{ at: '3.0' }, undefined, /1\.0, 1\.1, 2\.0/],
    [{ jobs: '0' }, undefined, /from 1 to 32/],
    [{ shard: '0/2' }, undefined, /2\/5/],
    [{ shard: '3/2' }, undefined, /2\/5/],
    [{ reading: ['L-V01'] }, undefined, /L-V02=a/],
    [{ reading: ['L-V99=a'] }, undefined, /L-V02=a/],
    [{ reading: ['L-V02=c'] }, undefined, /no such alternative \(testable: a\)/],
    [{ reading: ['L-V02=a', 'L-V02=b'] }, undefined, /chosen twice/],
    [{ baseline: '/no/such/file' }, undefined, /ENOENT/],
  ])('%j', async (changes, target, complaint) => {
    expect(await complaintOf(changes, target)).toMatch(complaint);
  });

  test('a baseline that is no list', async () => {
    const text = file('text.yaml', 'known: everything');
    expect(await complaintOf({ baseline: text })).toContain('expected a list of case ids');
  });

  test('a baseline with a name that no case has', () => {
    const cases = [aCase('wire/one')];
    expect(() => refuseUnknown(['wire/one'], cases)).not.toThrow();
    expect(() => refuseUnknown(['wire/won'], cases)).toThrow(/no case is called wire\/won/);
  });

  test('a key that is none', async () => {
    const { publicKey: _, ...rest } = url;
    const certificate = file('no.pem', 'nonsense');
    await expect(prepareGround(await plan({ ...rest, certificate }))).rejects.toThrow(
      /--certificate: give the Ed25519 key/,
    );
    await expect(prepareGround(await plan({ ...url, publicKey: 'x' }))).rejects.toThrow(
      /--public-key: give/,
    );
  });
});

describe('a list of cases', () => {
  const cases = [aCase('wire/one', { title: 'A title '.repeat(20).trim() }), aCase('wire/two')];

  test('names each with its title and what it verifies, and counts them', () => {
    const terminal = recordingTerminal(80);
    printList(terminal, cases, 'text');
    expect(terminal.text()).toMatch(
      /^wire\/one\n {2}A title .*\n[\s\S]* {2}T-CHAL-05\nwire\/two\n/,
    );
    expect(terminal.text()).toMatch(/\n2 cases$/);
    for (const line of terminal.text().split('\n')) expect(line.length).toBeLessThan(80);
  });

  test('is JSON for programs', () => {
    const terminal = recordingTerminal(80);
    printList(terminal, cases, 'json');
    expect(JSON.parse(terminal.text())).toMatchObject([{ id: 'wire/one' }, { id: 'wire/two' }]);
  });
});
