/** The subject process, as a suite starts and stops it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createPlace } from './environment.ts';

const main = fileURLToPath(new URL('../../../reference/transport/main.ts', import.meta.url));
const place = createPlace();
afterAll(place.remove);

function run(changes: { [name: string]: string } = {}) {
  const subject = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { PATH: process.env.PATH, ...place.environment, ...changes },
  });
  const complaints: string[] = [];
  createInterface({ input: subject.stderr }).on('line', (line) => complaints.push(line));
  const lines = createInterface({ input: subject.stdout });
  return { subject, lines, complaints, exited: once(subject, 'exit') };
}

test('it starts, ignores the end of its input, and stops on SIGTERM with 0', async () => {
  const { subject, lines, exited } = run();
  const [line] = await once(lines, 'line');
  expect(JSON.parse(line)).toMatchObject({ norc: 'ready' });
  subject.stdin.end();
  await once(subject.stdin, 'close');
  subject.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('it obeys commands, says which lines are none, and stops when told', async () => {
  const { subject, lines, complaints, exited } = run();
  await once(lines, 'line');
  subject.stdin.write('dance\n\n{"norc":"command","command":"stop"}\n');
  expect(await exited).toEqual([0, null]);
  expect(complaints.join()).toContain('standard input: not a line such as');
});

test('a wrong environment is told a line each, and ends with 2', async () => {
  const { complaints, exited } = run({ NORC_SERVER_ID: '', NORC_DNS: 'x' });
  expect(await exited).toEqual([2, null]);
  expect(complaints).toEqual([
    'NORC_SERVER_ID: not set; set it to the domain name of this server',
    'NORC_DNS: x is not address:port, such as 127.0.0.1:5353',
  ]);
});
