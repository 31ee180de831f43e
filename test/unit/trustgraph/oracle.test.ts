/** The emitted Python scripts recompute our figures, where a Python with networkx is at hand. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

/** NORC_PYTHON names another interpreter. */
const python = process.env.NORC_PYTHON ?? 'python3';
const hasNetworkx = spawnSync(python, ['-c', 'import networkx']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const norc = fileURLToPath(new URL('../../../bin/norc.js', import.meta.url));
function run(program: string, ...command: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, command, { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}

const graph = join(folder, 'graph.csv');
const columnsOf = (csv: string, columns: number) =>
  csv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(0, columns).join(','));

const asked = [
  ['reach', []],
  ['score', ['--hops', '4']],
  ['score', ['--hops', '4', '--path', 'within-hops']],
  ['score', ['--hops', '3', '--tie', 'worst', '--first-hop', 'whole']],
  ['score', ['--hops', '3', '--strength', 'minimum']],
] as const;

test.skipIf(!hasNetworkx).each(asked)('networkx agrees on %s %j', (question, options) => {
  run(
    process.execPath,
    norc,
    'trust',
    'gen',
    'barabasi-albert',
    '--nodes',
    '150',
    '--output',
    graph,
  );
  const oracle = join(folder, 'oracle');
  const ours = run(
    process.execPath,
    norc,
    'trust',
    question,
    graph,
    ...options,
    '--csv',
    '--emit-oracle',
    oracle,
  );
  const theirs = run(python, join(oracle, 'oracle.py'));
  expect(columnsOf(theirs, 2)).toEqual(columnsOf(ours, 2));
});

test.skipIf(!hasNetworkx)('networkx agrees on what a revocation does', () => {
  run(
    process.execPath,
    norc,
    'trust',
    'gen',
    'barabasi-albert',
    '--nodes',
    '150',
    '--output',
    graph,
  );
  const oracle = join(folder, 'revoked');
  const command = ['revoke', graph, 's0', 's1', '--hops', '4', '--csv', '--emit-oracle', oracle];
  const [ours = ''] = columnsOf(run(process.execPath, norc, 'trust', ...command), 5);
  const theirs = columnsOf(run(python, join(oracle, 'oracle.py')), 2);
  expect(theirs.map((line) => line.split(',')[1])).toEqual(ours.split(',').slice(1, 5));
});
