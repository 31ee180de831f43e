import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resultsFault } from '../../reports/results-schema.ts';
import type { Vector, VectorFile } from '../../vectors/vector-file.ts';
import { norc, startNorc } from '../unit/cli/norc.ts';
import { fakeCommand, vector } from './fake.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'norc-vectors-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const flag = { bug: 'Two readings of one text.', effect: 'One party checks, the other obeys.' };

/** Vectors whose input is what the fake answers. */
function filed(name: string, vectors: readonly Vector[]): string {
  const file: VectorFile = {
    ...{ category: 'canonical-json', title: 'Canonical JSON', description: 'Text to text.' },
    ...{ schema: 'none', flags: { ambiguous: flag }, vectors },
  };
  const own = mkdtempSync(join(folder, `${name}-`));
  writeFileSync(join(own, 'canonical-json.json'), JSON.stringify(file));
  return own;
}

const right = vector({ id: 'canonical-json/right', input: { output: { a: 1 } }, output: { a: 1 } });
const wrong = vector({
  ...{ id: 'canonical-json/wrong', result: 'invalid', flags: ['ambiguous'] },
  ...{ requirements: ['X-CAN-05'], readings: ['L-S06'], input: { output: { a: 2 } } },
});
const unequal = vector({
  id: 'canonical-json/unequal',
  input: { output: { a: [1, 2] } },
  output: { a: [1, 3] },
});
const unknown = vector({ id: 'canonical-json/unknown', input: { unsupported: true }, output: 1 });

const adapter = (mode = 'echo'): readonly string[] => ['--adapter', fakeCommand(mode).join(' ')];
const check = (vectors: readonly Vector[], ...words: readonly string[]) =>
  norc(['vectors', 'check', '--folder', filed('run', vectors), ...words]);

describe('norc vectors check', () => {
  test('passes who answers all rightly', async () => {
    const { code, stdout } = await check([right], ...adapter());
    expect(code).toBe(0);
    expect(stdout).toContain('NORC vectors  fake 1, JavaScript');
    expect(stdout).toMatch(/canonical-json +1 +1 +· +· +· +· +·/);
  });

  test('tells what is wrong field by field, the rule, the reading, the stake, and how to see it again', async () => {
    const { code, stdout } = await check([right, wrong, unequal], ...adapter(), '--verbose');
    expect(code).toBe(1);
    for (const part of [
      '✗ canonical-json/wrong',
      'because   it is invalid, and was taken',
      'rule      X-CAN-05 (MUST*) Duplicate member names are rejected',
      'input     {"output":{"a":2}}',
      'reading   L-S06: ',
      'at stake  Two readings of one text. One party checks, the other obeys.',
      'at        /a/1',
      'expected  3',
      'got       2',
      `rerun     npx norc vectors check --adapter '${fakeCommand('echo').join(' ')}' --vector canonical-json/unequal`,
    ]) {
      expect(stdout).toContain(part);
    }
  });

  test('tells only the first failure of a category in full, and names the others', async () => {
    const { stdout } = await check([wrong, unequal], ...adapter());
    expect(stdout).toContain('as well   canonical-json/unequal');
    expect(stdout).not.toContain('at        /a/1');
  });

  test('is not green where nothing could be judged', async () => {
    const { code, stdout } = await check([unknown], ...adapter());
    expect(code).toBe(5);
    expect(stdout).toContain('Nothing was judged: the adapter supports none of 1 vector');
  });

  test('judges the reference, to which an input that its schema forbids is an error of ours', async () => {
    const { code, stdout } = await check([vector({ input: 'nothing that a schema allows' })]);
    expect(stdout).toContain('NORC vectors  the reference');
    expect(code).toBe(4);
  });

  test('ends with 3 when the adapter cannot be judged, and shows its last words', async () => {
    const { code, stdout } = await check([right], ...adapter('crash'));
    expect(code).toBe(3);
    expect(stdout).toContain(
      'The adapter cannot be judged: the adapter ended by itself with code 7',
    );
    expect(stdout).toContain('| panic: {ESC}[31mout of luck');
    const junit = join(folder, 'fault.xml');
    const unstarted = await check([right], '--adapter', 'no-such-program', '--junit', junit);
    expect(unstarted.code).toBe(3);
    expect(readFileSync(junit, 'utf8')).toContain('tests="1" failures="0" errors="1"');
    expect((await check([right], ...adapter('dishonest'))).code).toBe(3);
    expect((await check([right], ...adapter('hang'), '--timeout', '0.05')).code).toBe(3);
  });

  test('ends with 2 where the words cannot be meant', async () => {
    const rows = [
      [['--category', 'canonical'], 'say one of version, canonical-json'],
      [['--vector', 'canonical-json/wrong-9'], 'there is none'],
      [['--timeout', '0'], 'more than 0'],
      [['--adapter', ' '], 'say the command'],
      [['--junit', '/no/such/place/file.xml'], '--junit /no/such/place/file.xml'],
    ] as const;
    for (const [words, hint] of rows) {
      const { code, stderr } = await check([right], ...words);
      expect(code).toBe(2);
      expect(stderr).toContain(hint);
    }
  });

  test('leaves out what is to be skipped', async () => {
    const words = ['--skip', 'canonical-json/wrong', '--skip', '*/un*'];
    const { code, stdout } = await check([right, wrong, unequal, unknown], ...adapter(), ...words);
    expect([code, stdout.includes('1 vector of 1 category')]).toEqual([0, true]);
  });

  describe('with a list of known failures', () => {
    const listed = (...ids: readonly string[]): string => {
      const file = join(mkdtempSync(join(folder, 'known-')), 'known.yaml');
      writeFileSync(file, ids.map((id) => `- ${id}\n`).join(''));
      return file;
    };

    test('passes while nothing else fails, and tells nothing of them', async () => {
      const words = ['--baseline', listed(wrong.id)];
      const { code, stdout } = await check([right, wrong], ...adapter(), ...words);
      expect(code).toBe(0);
      expect(stdout).toContain('Known to fail, and told nowhere above: 1.');
      expect(stdout).not.toContain('✗');
    });

    test('fails when another vector does', async () => {
      const words = ['--baseline', listed(wrong.id)];
      const { code, stdout } = await check([right, wrong, unequal], ...adapter(), ...words);
      expect(code).toBe(1);
      expect(stdout).toContain('✗ canonical-json/unequal');
      expect(stdout).not.toContain('✗ canonical-json/wrong');
    });

    test('ends with 6 where one of them passes, in JUnit as well', async () => {
      const junit = join(folder, 'stale.xml');
      const words = ['--baseline', listed(right.id, wrong.id), '--junit', junit];
      const { code, stdout } = await check([right, wrong], ...adapter(), ...words);
      expect(code).toBe(6);
      expect(stdout).toContain('canonical-json/right is listed in the baseline and passes');
      expect(readFileSync(junit, 'utf8')).toContain('failures="1" errors="0" skipped="1"');
    });

    test('is refused where it names no vector', async () => {
      const words = ['--baseline', listed('canonical-json/gone')];
      const { code, stderr } = await check([right], ...adapter(), ...words);
      expect(code).toBe(2);
      expect(stderr).toContain('no vector is called canonical-json/gone');
    });

    test('is written from what fails, and then excuses exactly that', async () => {
      const file = join(folder, 'written.yaml');
      const first = await check([right, wrong, unequal], ...adapter(), '--write-baseline', file);
      expect(first.code).toBe(1);
      expect(readFileSync(file, 'utf8')).toContain(
        '- canonical-json/wrong # it is invalid, and was taken\n',
      );
      const second = await check([right, wrong, unequal], ...adapter(), '--baseline', file);
      expect(second.code).toBe(0);
    });
  });

  test('takes one vector, or a family of them', async () => {
    const one = await check([right, wrong], ...adapter(), '--vector', 'canonical-json/right');
    expect([one.code, one.stdout.includes('1 vector of 1 category')]).toEqual([0, true]);
    const all = await check([right, wrong], ...adapter(), '--vector', 'Canonical-json/*r*');
    expect(all.stdout).toContain('2 vectors of 1');
  });

  test('writes JUnit, and results in the form of all reports', async () => {
    const file = join(folder, 'junit.xml');
    const words = ['--json', '--junit', file];
    const { stdout } = await check([right, wrong, unknown], ...adapter(), ...words);
    const results = JSON.parse(stdout);
    expect(resultsFault(results)).toBeNull();
    const verdicts = results.cases.map(({ verdict }: { verdict: string }) => verdict);
    expect(verdicts).toEqual(['pass', 'fail', 'not-applicable']);
    const xml = readFileSync(file, 'utf8');
    expect(xml).toContain('tests="3" failures="1" errors="0" skipped="1"');
    expect(xml).toContain('<testcase name="wrong" classname="canonical-json"');
  });

  test('stops at an interrupt, tells what it has learnt, and leaves no adapter behind', async () => {
    const path = filed('stop', [right, unequal]);
    const running = startNorc(['vectors', 'check', '--folder', path, ...adapter('hang')]);
    await running.said(/2 vectors/);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toContain('Stopped before the end');
  });
});

describe('norc vectors list', () => {
  test('counts the vectors of each category', async () => {
    const path = filed('list', [right, wrong]);
    const { stdout } = await norc(['vectors', 'list', '--folder', path]);
    expect(stdout).toMatch(/canonical-json +2 +1 +1 +0 {2}Canonical JSON/);
    const asJson = await norc(['vectors', 'list', '--folder', path, '--json']);
    expect(JSON.parse(asJson.stdout)).toMatchObject([{ category: 'canonical-json', vectors: 2 }]);
  });

  test('names the vectors of one', async () => {
    const words = ['--folder', filed('list', [wrong]), '--category', 'canonical-json'];
    const { stdout } = await norc(['vectors', 'list', ...words]);
    expect(stdout).toContain('canonical-json/wrong  invalid     X-CAN-05');
  });
});

describe('other commands', () => {
  test('norc test --adapter says where libraries are judged', async () => {
    const { code, stderr } = await norc(['test', '--adapter', 'python3 mine.py']);
    expect(code).toBe(2);
    expect(stderr).toContain("npx norc vectors check --adapter 'python3 mine.py'");
  });

  test('norc explain tells what a vector asks, what is right and what is at stake', async () => {
    const { code, stdout } = await norc(['explain', 'canonical-json/duplicate-nested']);
    expect(code).toBe(0);
    for (const part of ['test vector', 'What is right', 'What an attacker gains', 'X-CAN-05']) {
      expect(stdout).toContain(part);
    }
  });
});
