/** The simulator's commands, as a new user types them. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startNorc } from './norc.ts';

const folder = mkdtempSync(join(tmpdir(), 'norc-sim-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const norc = (...words: string[]) => startNorc(['sim', ...words]).ended;
/** Processes start slowly where many do. */
const PATIENCE_MS = 120_000;

test(
  'a trace says what it is of: it is run again, shown, and told from others',
  async () => {
    const trace = inFolder('ring.trace');
    const page = inFolder('ring.html');
    expect((await norc('run', 'ring-basic', '--trace', trace)).code).toBe(0);
    expect(existsSync(`${trace}.part`)).toBe(false);

    const replayed = await norc('replay', trace, '--json');
    expect([replayed.code, JSON.parse(replayed.stdout)]).toEqual([
      0,
      { isSame: true, divergence: null },
    ]);

    const differing = await norc('diff', trace, 'ring-basic@9');
    expect(differing.code).toBe(1);
    expect(differing.stdout).toContain('not the same run: seed differ');
    expect(differing.stdout).toMatch(/first difference, in digest:\n.*record \d+ at .*\n.*record/);
    expect(differing.stdout).toContain('caused by record');

    const viewed = await norc('view', trace, '--output', page);
    expect(viewed.stdout).toContain(`${page}: 228 records`);
    expect(readFileSync(page, 'utf8').startsWith('<!doctype html>')).toBe(true);
  },
  PATIENCE_MS,
);

test(
  'what cannot be used is told, and nothing is written',
  async () => {
    const [trace, page] = [inFolder('none.trace'), inFolder('none.html')];
    const unknown = await norc('run', 'no-such-scenario', '--trace', trace);
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      'norc: no-such-scenario is no file, and no scenario of the library; norc sim list names those there are\n',
    ]);
    writeFileSync(inFolder('bad.yaml'), 'scenario: [\n');
    const bad = await norc('view', inFolder('bad.yaml'), '--output', page);
    expect(bad.code).toBe(2);
    expect(bad.stderr).toMatch(/bad\.yaml:\d+:\d+: /);
    expect([trace, `${trace}.part`, page, `${page}.part`].filter(existsSync)).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'ctrl-C ends a search, and what was found until then is a scenario that fails',
  async () => {
    const out = inFolder('smaller.yaml');
    const words = [
      'sim',
      'shrink',
      'relay-loop',
      '--without',
      'F-RELAY-06',
      '--out',
      out,
      '--json',
    ];
    const { child, ended, said } = startNorc(words);
    await said(/making it smaller/);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({
      isStopped: true,
      isMinimal: false,
      isRepeated: true,
    });
    expect(readFileSync(out, 'utf8')).toContain('and not to the end');
  },
  PATIENCE_MS,
);

/** Hours of virtual time: no machine is through with it before it is stopped. */
const endless = `scenario: without an end
seed: 3
for: 10h
most-events: 1000000000
servers: { node: { count: 8, users: 1 } }
links: { shape: mesh, latency: 20ms }
trust: { establish: along-links }
workload: [{ relay: { from: any, to: any, rate: 20/s, at: 2s, for: 35000s } }]
expect: [{ sometimes: trust-established }]
`;

test(
  'ctrl-C ends a run with what was seen until then, in a trace that is whole',
  async () => {
    const [scenario, trace] = [inFolder('endless.yaml'), inFolder('endless.trace')];
    writeFileSync(scenario, endless);
    // Left by a run that was killed.
    writeFileSync(`${trace}.part`, 'half of a record');
    const { child, ended } = startNorc(['sim', 'run', scenario, '--trace', trace, '--json']);
    const begun = () => readFileSync(`${trace}.part`, 'utf8') !== 'half of a record';
    await expect.poll(begun, { timeout: PATIENCE_MS, interval: 50 }).toBe(true);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ isWhole: false, status: 'unfinished', thrown: [] });
    expect(existsSync(`${trace}.part`)).toBe(false);
    const viewed = await norc('view', trace, '--output', inFolder('endless.html'));
    expect(viewed.stdout).toContain(`: ${told.trace.rows} records`);
  },
  PATIENCE_MS,
);

test(
  'ctrl-C ends a swarm with what was learnt until then',
  async () => {
    const { child, ended, said } = startNorc(['sim', 'swarm', '--seeds', '1..100000', '--json']);
    await said(/seeds 1 to 100000/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('interrupted')]);
    const { seeds, failing, exercised } = JSON.parse(stdout);
    expect([failing, seeds < 100_000, exercised.length > 0]).toEqual([null, true, seeds > 0]);
  },
  PATIENCE_MS,
);
