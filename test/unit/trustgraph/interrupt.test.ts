/** Ctrl-C keeps what is done, and the same command goes on from there: with a process and a signal. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'interrupt-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const norc = fileURLToPath(new URL('../../../bin/norc.js', import.meta.url));
const graph = join(folder, 'graph.csv');
const command = (out: string, threads: number) => [
  ...[norc, 'trust', 'score', graph, '--hops', '5', '--out', out],
  ...['--threads', String(threads)],
];
const run = (args: readonly string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' });
const answerIn = (out: string) => JSON.parse(readFileSync(join(out, 'answer.json'), 'utf8'));
const units = (out: string) => {
  const file = join(out, 'score.parts.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 2 : 0;
};

/** Sends the signal when two units are on disk; tells the exit code. */
async function interrupted(out: string, threads: number): Promise<number | null> {
  mkdirSync(out);
  const child = spawn(process.execPath, command(out, threads), { stdio: 'ignore' });
  const watcher = watch(out, () => {
    if (units(out) < 2) return;
    watcher.close();
    child.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  watcher.close();
  return code;
}

test.each([1, 2])(
  'on %i threads a signal stops the run, and it is finished later',
  async (threads) => {
    const made = run([
      norc,
      'trust',
      'gen',
      'barabasi-albert',
      '--nodes',
      '6000',
      '--output',
      graph,
    ]);
    expect(made.status, made.stderr).toBe(0);
    const out = join(folder, `stopped-${threads}`);
    expect(await interrupted(out, threads)).toBe(130);
    const stopped = answerIn(out);
    expect(stopped.provenance.complete).toBe(false);
    expect(stopped.provenance.unitsDone).toBe(units(out));
    expect(stopped.lines[0]).toContain(
      `STOPPED after ${units(out)} of ${stopped.provenance.units}`,
    );

    const kept = units(out);
    const finished = run(command(out, threads));
    expect(finished.status, finished.stderr).toBe(0);
    expect(finished.stderr).toContain(`going on: ${kept} of ${stopped.provenance.units}`);
    const whole = join(folder, `whole-${threads}`);
    expect(run(command(whole, threads)).status).toBe(0);
    expect(answerIn(out)).toEqual(answerIn(whole));
    expect(existsSync(join(out, 'score.parts.jsonl'))).toBe(false);
  },
);
