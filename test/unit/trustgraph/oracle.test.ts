/** The emitted Python scripts recompute our figures, where a Python with networkx is at hand. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStream } from '../../../sim/philox.ts';
import { questions } from '../../../sim/trustgraph/questions.ts';

/** NORC_PYTHON names another interpreter. */
const python = process.env.NORC_PYTHON ?? 'python3';
const hasNetworkx = spawnSync(python, ['-c', 'import networkx']).status === 0;

const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const norc = fileURLToPath(new URL('../../../bin/norc.js', import.meta.url));
function run(program: string, command: readonly string[], allowed: readonly number[] = [0]) {
  const { status, stdout, stderr } = spawnSync(program, command, { encoding: 'utf8' });
  expect(allowed, stderr).toContain(status);
  return stdout;
}

const graph = join(folder, 'graph.csv');
const dated = join(folder, 'dated.csv');
/** No source has more than the 40 nodes inside its reach that the check tries. */
const small = join(folder, 'small.csv');

beforeAll(() => {
  const shape = ['barabasi-albert', '--nodes', '60', '--degree', '3', '--output', graph];
  run(process.execPath, [norc, 'trust', 'gen', ...shape]);
  const few = ['barabasi-albert', '--nodes', '30', '--degree', '3', '--output', small];
  run(process.execPath, [norc, 'trust', 'gen', ...few]);
  const stream = createStream({ seed: 7, entity: 0, purpose: 99 });
  const rows = Array.from({ length: 400 }, (_, row) => {
    const [from, to, weight] = [stream.below(40), stream.below(40), stream.below(12) - 1];
    return `n${from},n${to},${weight / 10},${row + stream.below(30)}`;
  });
  writeFileSync(dated, `source,target,weight,time\n${rows.join('\n')}\n`);
});

type Rows = readonly (readonly string[])[];
/** Cells of these texts have neither commas nor quotes; the path's own column is left out. */
const rowsOf = (csv: string): Rows =>
  csv
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .slice(1)
    .map((line) => line.split(','));

/** Our rows that the oracle has too, by their first cells; numbers to twelve digits. */
function expectAlike(ours: Rows, theirs: Rows, keys: number, columns: readonly number[]): void {
  expect(theirs.length).toBeGreaterThan(0);
  const byKey = new Map(ours.map((row) => [row.slice(0, keys).join(), row]));
  for (const row of theirs) {
    const own = byKey.get(row.slice(0, keys).join());
    expect(own, row.join()).toBeDefined();
    for (const [place, column] of columns.entries()) {
      const [our = '', their = ''] = [own?.[column], row[keys + place]];
      if (our === '' || their === '') expect([row[0], our]).toEqual([row[0], their]);
      else expect(Number(our), `${row.join()} column ${place}`).toBeCloseTo(Number(their), 11);
    }
  }
}

interface Case {
  readonly question: string;
  readonly options?: readonly string[];
  readonly file?: () => string;
  /** First columns that name a row, and those of ours that the oracle computes too. */
  readonly keys: number;
  readonly columns: readonly number[];
}

const ofRevocation = { question: 'revoke', keys: 1, columns: [1, 2, 3, 4] };
const cases: readonly Case[] = [
  { question: 'reach', keys: 1, columns: [1] },
  { question: 'reach', options: ['--bounded', '--sources', '20'], keys: 1, columns: [1] },
  { question: 'score', options: ['--hops', '4'], keys: 1, columns: [1] },
  { question: 'score', options: ['--sources', '20'], keys: 1, columns: [1] },
  {
    question: 'score',
    options: ['--hops', '4', '--path', 'within-hops'],
    keys: 1,
    columns: [1],
  },
  {
    question: 'score',
    options: ['--tie', 'worst', '--first-hop', 'whole'],
    keys: 1,
    columns: [1],
  },
  { question: 'score', options: ['--strength', 'minimum'], keys: 1, columns: [1] },
  { question: 'score', options: ['--strength', 'weakest'], keys: 1, columns: [1] },
  { ...ofRevocation, options: ['s0', 's1', '--hops', '4'] },
  { ...ofRevocation, options: ['--top', '3'] },
  { ...ofRevocation, options: ['--each', '--sources', '10'] },
  { ...ofRevocation, file: () => dated, options: ['n3', 'n5', '--superseded', '200'] },
  { question: 'ambiguity', keys: 1, columns: [1, 2, 3, 4, 5] },
  {
    question: 'percolate',
    options: ['--percents', '5,20', '--trials', '3'],
    keys: 3,
    columns: [3, 6, 9],
  },
  {
    question: 'sweep',
    options: ['--decay-list', '1,0.9', '--hops-list', '2,4', '--verified-list', '0.6,0.7'],
    keys: 5,
    columns: [5, 6, 7, 8, 9],
  },
  { question: 'compare', options: ['--sources', '8'], keys: 1, columns: [1, 2, 3, 4, 5] },
  { question: 'predict', keys: 1, columns: [1, 2, 3] },
  {
    question: 'timeline',
    file: () => dated,
    options: ['--steps', '5', '--sources', '15'],
    keys: 0,
    columns: [],
  },
  { question: 'check', file: () => small, keys: 0, columns: [] },
];

/** Our rows as the oracle prints them, where they have no name of their own. */
const shaped: Readonly<Record<string, (rows: Rows) => Rows>> = {
  timeline: (rows) => rows.map((row) => row.slice(1)),
  check: (rows) => rows.map((row) => row.slice(-3, -1)),
};

test.skipIf(!hasNetworkx).each(cases)(
  'networkx agrees on $question $options',
  ({ question, options = [], file = () => graph, keys, columns }) => {
    const oracle = join(folder, 'oracle');
    const command = [norc, 'trust', question, file(), ...options, '--csv', '--emit-oracle', oracle];
    const ours = rowsOf(run(process.execPath, command, [0, 1]));
    const theirs = rowsOf(run(python, [join(oracle, 'oracle.py')]));
    const shape = shaped[question];
    if (!shape) return expectAlike(ours, theirs, keys, columns);
    const numbers = (rows: Rows) => rows.map((row) => row.map((cell) => Number(cell).toFixed(11)));
    expect(numbers(theirs)).toEqual(numbers(shape(ours)));
  },
);

test.skipIf(!hasNetworkx)('networkx agrees on sybils under the rules of paths', () => {
  const oracle = join(folder, 'sybil');
  const options = ['--trials', '3', '--edges', '1,4', '--observers', '10', '--sybils', '5'];
  const command = [norc, 'trust', 'attack', 'sybil', graph, ...options, '--csv'];
  const ours = rowsOf(run(process.execPath, [...command, '--emit-oracle', oracle]));
  const theirs = rowsOf(run(python, [join(oracle, 'oracle.py')]));
  expect(theirs).toHaveLength(6);
  expectAlike(ours, theirs, 3, [3]);
});

test.skipIf(!hasNetworkx)('networkx agrees on the paths between two nodes, in their order', () => {
  const oracle = join(folder, 'path');
  const command = [norc, 'trust', 'path', graph, 's50', 's20', '--hops', '5', '--csv'];
  const ours = rowsOf(run(process.execPath, [...command, '--emit-oracle', oracle]));
  const theirs = rowsOf(run(python, [join(oracle, 'oracle.py')]));
  const named = (path = '') => path.match(/\bs\d+\b/g);
  expect(theirs.length).toBeGreaterThan(0);
  expect(ours.map(([score, hops, path]) => [score, hops, named(path)])).toEqual(
    theirs.map(([score, hops, path]) => [score, hops, named(path)]),
  );
});

test.skipIf(!hasNetworkx)('networkx agrees on every pair to 1e-12', () => {
  const oracle = join(folder, 'pairs');
  const pairs = join(folder, 'pairs.csv');
  const command = [norc, 'trust', 'score', graph, '--hops', '4', '--pairs', pairs];
  run(process.execPath, [...command, '--emit-oracle', oracle]);
  const [[count, furthest, wrong] = []] = rowsOf(run(python, [join(oracle, 'oracle.py')]));
  expect(Number(count)).toBeGreaterThan(1000);
  expect(Number(furthest)).toBeLessThanOrEqual(1e-12);
  expect(wrong).toBe('0');
});

test('every question has its oracle', () => {
  const at = fileURLToPath(new URL('../../../sim/trustgraph/oracles/', import.meta.url));
  const scripts = readdirSync(at).map((name) => name.replace('.py', ''));
  expect(scripts).toEqual(expect.arrayContaining([...Object.keys(questions), 'path', 'pairs']));
});
