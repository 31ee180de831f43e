/** `norc amc check` reads folders and commits, says the same in three forms, and fails what is too small. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verdictLines } from '../../../bin/amc/verdict-lines.ts';
import { verdictMarkdown } from '../../../reports/amc/verdict-markdown.ts';
import { compareTrees } from '../../../spec/change/compare.ts';
import { declare, ownSpec, planted, shape, treeOf } from '../change/planted.ts';
import { norc } from './norc.ts';
import { recordingTerminal } from './recording-terminal.ts';

const spec = fileURLToPath(new URL('../../../spec', import.meta.url));
let folder: string;

const git = (...words: readonly string[]): void => {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  const { status, stderr } = spawnSync('git', [...identity, ...words], { cwd: folder });
  if (status !== 0) throw new Error(stderr.toString());
};

/** `before` and `after`: two commits of which the second lowers a bound; the work tree is as before. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'norc-check-'));
  for (const part of ['schemas', 'emitted', 'registries', 'machines', 'versions.yaml']) {
    cpSync(join(spec, part), join(folder, 'spec', part), { recursive: true });
  }
  const file = join(folder, 'spec/emitted/limits.json');
  const text = readFileSync(file, 'utf8');
  git('init', '-q');
  git('add', '.');
  git('commit', '-qm', 'before');
  git('tag', 'before');
  writeFileSync(
    file,
    text.replace('"maxHops","sense":"maximum","value":10', '"maxHops","sense":"maximum","value":9'),
  );
  git('commit', '-qam', 'after');
  git('tag', 'after');
  git('checkout', '-q', 'before');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command', () => {
  test('judges two commits without a checkout', async () => {
    const words = ['--repository', folder, '--from', 'before', '--to', 'after'];
    const { code, stdout } = await norc(['amc', 'check', ...words]);
    expect(stdout).toContain('major limit maxHops: lowered, 10 → 9\n');
    expect(stdout).toContain('breaks peers as sender');
    expect(stdout).toMatch(
      /\n1 change: needs a new major, declares no new version, which is not enough\n$/,
    );
    expect(code).toBe(1);
  });

  test('judges a folder against a commit, as JSON', async () => {
    const words = [
      '--repository',
      folder,
      '--from',
      'after',
      '--to',
      join(folder, 'spec'),
      '--json',
    ];
    const { code, stdout } = await norc(['amc', 'check', ...words]);
    const { changes, needed, fits } = JSON.parse(stdout);
    expect(changes).toMatchObject([
      { fact: 'limit maxHops', movement: 'raised', breaks: 'receiver' },
    ]);
    expect({ needed, fits, code }).toEqual({ needed: 'major', fits: false, code: 1 });
  });

  test('finds nothing between a state and itself', async () => {
    const { code, stdout } = await norc(['amc', 'check', '--from', folder, '--to', folder]);
    expect(stdout).toMatch(/\nnothing has changed\n$/);
    expect(code).toBe(0);
  });

  test('says what it could not compare', async () => {
    const file = join(folder, 'spec/emitted/limits.json');
    const text = readFileSync(file, 'utf8');
    rmSync(file);
    const words = ['--repository', folder, '--from', 'before', '--to', folder];
    const { code, stdout } = await norc(['amc', 'check', ...words]);
    writeFileSync(file, text);
    expect(stdout).toContain('not compared: spec/emitted/limits.json is missing on one side');
    expect(stdout).not.toContain('limit ');
    expect(code).toBe(0);
  });

  test.each([
    [['--from', 'nosuch'], /--from nosuch: neither a folder nor a commit/],
    [['--from', '--all'], /--from --all: neither a folder nor a commit/],
    [['--to', 'bin'], /--to bin: holds no versions\.yaml/],
    [['--versions', '1.0..7.0'], /--versions 1\.0\.\.7\.0: give two of 1\.0, 1\.1, 2\.0/],
    [['--json', '--markdown'], /one document at a time/],
  ])('says what is wrong with %j', async (words, said) => {
    const { code, stderr } = await norc(['amc', 'check', ...words]);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });
});

describe('the verdict', () => {
  const files = ownSpec();
  const hostile = shape('ping', ({ properties }) => {
    properties['a|b <img src=x> @all'] = { maxLength: 1 };
  });
  const verdict = compareTrees(treeOf(files, 'main'), planted(files, [hostile, declare('2.1')]));

  test('is a table in Markdown, in which nothing of the change is markup', () => {
    const lines = verdictMarkdown(verdict).split('\n');
    expect(lines[0]).toBe('### ✅ Protocol: 2 changes: needs a new minor, declares a new minor');
    expect(lines).toContain('- same major: meets at 2.0, nothing breaks');
    const row = lines.find((line) => line.includes('img')) ?? '';
    expect(row).toContain('a\\|b &lt;img src=x> &#64;all');
    expect(row.split(/(?<!\\)\|/)).toHaveLength(9);
  });

  test('fits a narrow terminal', () => {
    const lines = verdictLines(verdict, recordingTerminal(60));
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThan(61);
    expect(lines.at(-1)).toBe('2 changes: needs a new minor, declares a new minor');
  });
});
