/** A file of all pairs that was stopped goes on to the same bytes; nothing half bears its name. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, expect, test } from 'vitest';
import { writePairs } from '../../../sim/trustgraph/cli/write-pairs.ts';
import { generate } from '../../../sim/trustgraph/generate/generate.ts';
import { inquiryOf } from './small-graphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'pairs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const norc = fileURLToPath(new URL('../../../bin/norc.js', import.meta.url));
const graph = generate({
  ...{ model: 'barabasi-albert', nodes: 1100, degree: 3, probability: 0, blocks: 1, seed: 3 },
  weights: [0.6, 0.8, 1],
});
const inquiry = inquiryOf(graph);
const never = new AbortController().signal;
const onSource = () => {};

async function stoppedOnce(file: string, provenance: string): Promise<number> {
  const controller = new AbortController();
  const { sources, sourcesDone } = await writePairs({
    ...{ inquiry, file, provenance, stop: controller.signal, onSource },
    onKept: () => controller.abort(),
  });
  expect(sourcesDone).toBeGreaterThan(0);
  expect(sourcesDone).toBeLessThan(sources);
  expect(existsSync(file)).toBe(false);
  return sourcesDone;
}

test.each(['csv', 'parquet'])(
  '%s goes on from where it was stopped, to the same bytes',
  async (form) => {
    const [file, whole] = [join(folder, `stopped.${form}`), join(folder, `whole.${form}`)];
    const done = await stoppedOnce(file, 'asked');
    const seen: number[] = [];
    const run = { inquiry, provenance: 'asked', stop: never };
    const { pairs } = await writePairs({ ...run, file, onSource: (at) => void seen.push(at) });
    expect(seen[0]).toBe(done);
    await writePairs({ ...run, file: whole, onSource });
    expect(readFileSync(file).equals(readFileSync(whole))).toBe(true);
    expect(readdirSync(folder).filter((name) => /part|progress/.test(name))).toEqual([]);
    if (form === 'csv') expect(readFileSync(file, 'utf8').split('\n').length).toBe(pairs + 2);
    else expect((await rowsOfParquet(file)).length).toBe(pairs);
  },
);

function rowsOfParquet(path: string) {
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  return parquetReadObjects({ file, columns: ['hops'] });
}

test('what was written after the last record is written again', async () => {
  const [file, whole] = [join(folder, 'killed.csv'), join(folder, 'unkilled.csv')];
  const run = { inquiry, provenance: 'asked', stop: never, onSource };
  // As a machine does that loses power: nothing runs after the second piece.
  const lost = new Error('the power is gone');
  let pieces = 0;
  const onKept = () => {
    pieces += 1;
    if (pieces === 2) throw lost;
  };
  await expect(writePairs({ ...run, file, onKept })).rejects.toBe(lost);
  await writePairs({ ...run, file });
  await writePairs({ ...run, file: whole });
  expect(readFileSync(file).equals(readFileSync(whole))).toBe(true);
});

test('a file of another question is not continued', async () => {
  const file = join(folder, 'other.csv');
  await stoppedOnce(file, 'asked');
  const run = { inquiry, file, provenance: 'asked otherwise', stop: never, onSource };
  await expect(writePairs(run)).rejects.toThrow('of another question');
});

/** Has the signal come when something has been kept for the first time, however fast the machine is. */
const stopsItself = `data:text/javascript,${encodeURIComponent(`
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const rename = fs.renameSync;
fs.renameSync = (from, to) => {
  rename(from, to);
  if (to.endsWith('.progress')) process.kill(process.pid, 'SIGINT');
};
syncBuiltinESMExports();
`)}`;

test('ctrl-C stops the command, and the same command finishes the file', () => {
  const [edges, file, whole] = ['edges.csv', 'pairs.csv', 'all.csv'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [norc, 'trust', ...args], { encoding: 'utf8' });
  const shape = ['barabasi-albert', '--nodes', '1500', '--degree', '4'];
  expect(run('gen', ...shape, '--output', edges).status).toBe(0);
  const score = [norc, 'trust', 'score', edges, '--pairs', file];
  const stopped = spawnSync(process.execPath, ['--import', stopsItself, ...score], {
    encoding: 'utf8',
  });
  expect(stopped.status, stopped.stderr).toBe(130);
  expect(stopped.stderr).toMatch(/STOPPED after \d+ of 1500 sources/);
  const finished = run('score', edges, '--pairs', file);
  expect(finished.status, finished.stderr).toBe(0);
  expect(finished.stderr).toMatch(/going on: \d+ of 1500 sources are done/);
  expect(run('score', edges, '--pairs', whole).status).toBe(0);
  expect(readFileSync(file).equals(readFileSync(whole))).toBe(true);
});
