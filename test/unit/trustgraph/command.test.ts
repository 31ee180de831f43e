/** `norc trust …` as a user meets it: files, threads, stopping, going on, mistakes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { openCheckpoint } from '../../../sim/trustgraph/cli/checkpoint.ts';
import { loadGraph } from '../../../sim/trustgraph/cli/load.ts';
import { runUnits } from '../../../sim/trustgraph/cli/pool.ts';
import { generate } from '../../../sim/trustgraph/generate/generate.ts';
import type { Json } from '../../../sim/trustgraph/question.ts';
import { questionNamed } from '../../../sim/trustgraph/questions.ts';
import { answerTo, inquiryOf } from './small-graphs.ts';

const folder = mkdtempSync(join(tmpdir(), 'trust-graph-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const norc = fileURLToPath(new URL('../../../bin/norc.js', import.meta.url));
const run = (...command: readonly string[]) =>
  spawnSync(process.execPath, [norc, 'trust', ...command], { encoding: 'utf8' });
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const graph = generate({
  model: 'barabasi-albert',
  nodes: 300,
  degree: 3,
  probability: 0,
  blocks: 1,
  seed: 3,
  weights: [0.6, 0.8, 1],
});

test('one thread, two threads and a compressed file give the same bytes', () => {
  const rows = ['source,target,weight', 'a,b,0.9', 'b,c,0.8', 'c,d,0.7', 'd,a,1', 'a,c,0.4'].join(
    '\n',
  );
  const plain = file('four.csv', rows);
  const packed = file('four.csv.gz', gzipSync(rows));
  const answers = [
    run('score', plain, '--threads', '1', '--csv'),
    run('score', plain, '--threads', '2', '--csv'),
    run('score', packed, '--csv'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([0, 0, 0]);
  expect(new Set(answers.map(({ stdout }) => stdout)).size).toBe(1);
  expect(answers[0]?.stdout).toContain('verified');
});

test('workers give the parts that this thread gives', async () => {
  const inquiry = inquiryOf(graph, { sets: [[0], [1], [2]] });
  const stop = new AbortController().signal;
  const on = (threads: number) =>
    runUnits({ question: 'revoke', inquiry, threads, known: new Map(), stop, onPart: () => {} });
  expect(await on(2)).toEqual(await on(1));
});

test('a stopped run keeps its parts, and the next one does the others only', async () => {
  const inquiry = inquiryOf(graph);
  const path = join(folder, 'score.parts.jsonl');
  const asked = { question: 'score' };
  const first = openCheckpoint(path, asked);
  const controller = new AbortController();
  const base = { question: 'score', inquiry, threads: 1 } as const;
  await runUnits({
    ...base,
    known: first.known,
    stop: controller.signal,
    onPart(unit, part) {
      first.keep(unit, part);
      if (unit === 1) controller.abort();
    },
  });
  const second = openCheckpoint(path, asked);
  expect([...second.known.keys()]).toEqual([0, 1]);
  const ran: number[] = [];
  const known: ReadonlyMap<number, Json> = second.known;
  const stop = new AbortController().signal;
  await runUnits({ ...base, known, stop, onPart: (unit) => void ran.push(unit) });
  expect(ran).toEqual([...Array(questionNamed('score').units(inquiry)).keys()].slice(2));
  expect(ran).not.toEqual([]);
  expect(() => openCheckpoint(path, { question: 'reach' })).toThrow('another question');
});

test('what stands in a folder says how to get it again', () => {
  const out = join(folder, 'out');
  const path = file('two.csv', 'source,target,weight\na,b,1\nb,c,1\n');
  expect(run('reach', path, '--out', out, '--parquet').status).toBe(0);
  const { provenance } = JSON.parse(readFileSync(join(out, 'answer.json'), 'utf8'));
  expect(provenance).toMatchObject({ file: 'two.csv', seed: 1, complete: true, edges: 2 });
  expect(provenance.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(readFileSync(join(out, 'reach.csv'), 'utf8')).toBe(
    'hops,pairs,pairs_within,share_within\n1,2,2,0.3333333333333333\n2,1,3,0.5\n',
  );
  expect(readFileSync(join(out, 'reach.svg'), 'utf8')).toContain('prefers-color-scheme:dark');
  expect(existsSync(join(out, 'reach.parts.jsonl'))).toBe(false);
});

test('Parquet holds what CSV holds', async () => {
  const { parquetOf } = await import('../../../sim/trustgraph/cli/parquet.ts');
  const { parquetReadObjects } = await import('hyparquet');
  const [table] = answerTo('score', inquiryOf(graph)).tables;
  if (!table) throw new Error('no table');
  const bytes = parquetOf(table, '{}');
  const rows = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
  const cells = rows.map((row) =>
    table.columns.map(({ name }) =>
      typeof row[name] === 'bigint' ? Number(row[name]) : row[name],
    ),
  );
  expect(cells).toEqual(table.rows);
});

test('a mistake names the file and the place, and exits with 2', () => {
  const path = file('bad.csv', 'source,target,weight\na,b,1\nb,c,much\n');
  const { status, stderr } = run('score', path);
  expect(status).toBe(2);
  expect(stderr).toContain('bad.csv: line 3, column 5: weight "much" is not a finite number');
});

test('a compressed file that is cut off anywhere is refused', async () => {
  const packed = gzipSync('a,b,0.9\nb,c,0.8\n');
  for (let length = 1; length < packed.length; length++) {
    const path = file('cut.csv.gz', packed.subarray(0, length));
    await expect(loadGraph(path, { defaultWeight: 1 })).rejects.toThrow('not a whole gzip file');
  }
});

test('a run that cannot fit is refused before it starts', () => {
  const path = file('fits.csv', 'a,b\nb,c\n');
  const { status, stderr } = run('score', path, '--memory', '1');
  expect(status).toBe(2);
  expect(stderr).toContain('ask for fewer --threads, or allow more --memory');
});

test('a path is explained with what would change it', () => {
  const path = file('paradox.csv', 'a,v,0.6\nv,c,0.6\na,b,1\nb,d,1\nd,c,1\n');
  const { status, stdout } = run('path', path, 'a', 'c');
  expect(status).toBe(0);
  expect(stdout).toContain('a → c: 0.3249, untrusted, over 2 hops.');
  expect(stdout).toMatch(/v revoked\s+3\s+classified\s+0\.8574/);
});
