/** Whatever is stopped leaves nothing running, and keeps what it has learnt. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { resultsFault } from '../../../reports/results-schema.ts';
import { isAlive, lenient, startNorc } from './norc.ts';
import { createOut } from './test-run.ts';

const out = createOut();
afterAll(out.remove);
const pidFile = join(out.directory, 'pid');
const subjectPid = () => Number(readFileSync(pidFile, 'utf8'));
const selected = ['--only', 'trust/capabilities/*', '--jobs', '1', '--out', out.directory];

test('norc serve tells scripts all on one line, and being stopped twice ends it with 0 and without traces', async () => {
  const serving = startNorc(['serve', '--json', '--port', '0', '--federation-port', '0']);
  await serving.said(/\}\n/);
  serving.child.kill('SIGINT');
  serving.child.kill('SIGTERM');
  const { code, stdout } = await serving.ended;
  expect(code).toBe(0);
  const line = JSON.parse(stdout);
  expect(line).toMatchObject({ client_url: expect.stringMatching(/^wss:\/\/localhost:\d+/) });
  expect(existsSync(line.data_dir)).toBe(false);
});

test('ctrl-C during norc test writes the reports, ends with 130 and kills the subject', async () => {
  const command = `echo $$ > ${pidFile}; ${lenient()}`;
  const running = startNorc(['test', '--command', command, ...selected]);
  await running.said(/✓ trust/);
  expect(isAlive(subjectPid())).toBe(true);
  running.child.kill('SIGINT');
  const { code, stdout } = await running.ended;
  expect(code).toBe(130);
  // One that was only starting is killed as the run ends, and is gone a moment later.
  await expect.poll(() => isAlive(subjectPid()), patience).toBe(false);
  expect(stdout).toContain('Stopped before the end');
  const [run = ''] = readdirSync(out.directory).filter((name) => name !== 'pid');
  const results = JSON.parse(readFileSync(join(out.directory, run, 'results.json'), 'utf8'));
  expect(resultsFault(results)).toBeNull();
  expect(results.run.interrupted).toBe(true);
  expect(results.cases.length).toBeGreaterThan(0);
  expect(existsSync(join(out.directory, run, 'report.html'))).toBe(true);
});

test('ctrl-C while the subject starts does not wait for it', async () => {
  const command = `echo $$ > ${pidFile}; echo started; exec sleep 60`;
  // Ten minutes: whoever waits for it does not end within this test.
  const running = startNorc(['test', '--command', command, '--ready-within', '600', ...selected]);
  await expect.poll(() => existsSync(pidFile) && isAlive(subjectPid()), patience).toBe(true);
  await running.said(/NORC conformance/);
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  await expect.poll(() => isAlive(subjectPid()), patience).toBe(false);
});

const patience = { timeout: 30_000, interval: 50 };
