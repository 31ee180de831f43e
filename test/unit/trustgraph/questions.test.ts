/** Questions on the published graphs: what is known of them, to the digit. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Cell, Table } from '../../../sim/trustgraph/answer.ts';
import { generate } from '../../../sim/trustgraph/generate/generate.ts';
import { literalRule } from '../../../sim/trustgraph/rule.ts';
import { pathOf, testOnGraphs } from './real-graphs.ts';
import { answerTo, graphOf, inquiryOf } from './small-graphs.ts';

/** The first table of what the command line answers on Advogato, on two threads. */
function asked(question: string, ...options: readonly string[]): Pick<Table, 'rows'> {
  const command = ['trust', question, pathOf('advogato'), ...options, '--threads', '2', '--json'];
  const run = spawnSync(process.execPath, [norc, ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  expect(run.status, run.stderr).toBe(0);
  const { tables } = JSON.parse(run.stdout) as { readonly tables: readonly Table[] };
  return tables[0] ?? { rows: [] };
}

const norc = fileURLToPath(new URL('../../../bin/norc.js', import.meta.url));
const sumOf = (rows: readonly (readonly Cell[])[], at: number) =>
  rows.reduce((sum, row) => sum + Number(row[at]), 0);

test('revoking the middle of the five-node example raises its pair', () => {
  const graph = graphOf([
    ['a', 'v', 0.6],
    ['v', 'c', 0.6],
    ['a', 'b1', 1],
    ['b1', 'b2', 1],
    ['b2', 'c', 1],
  ]);
  const sets = [[graph.labels.indexOf('v')]];
  const [row] = answerTo('revoke', inquiryOf(graph, { sets })).tables[0]?.rows ?? [];
  // Of others no path is lost, one is longer and rises: 0.325 before, 0.857 after.
  expect(row?.slice(0, 7)).toEqual(['v', 0, 1, 1, 0, 1, 0]);
});

test('the check finds a counterexample of five nodes on a generated graph unaided', () => {
  const graph = generate({
    model: 'barabasi-albert',
    nodes: 200,
    degree: 3,
    probability: 0,
    blocks: 1,
    seed: 1,
    weights: [0.6, 0.8, 1],
  });
  const literal = answerTo('check', inquiryOf(graph));
  expect(literal.tables[0]?.rows.map((row) => row.at(-1))).toEqual([
    'holds',
    'holds',
    'holds',
    'BROKEN',
  ]);
  expect(literal.lines.join(' ')).toContain(' 5 nodes: ');
  expect(literal.tables[1]?.rows).toHaveLength(5);
  const monotone = answerTo('check', inquiryOf(graph, {}, { ...literalRule, path: 'within-hops' }));
  expect(monotone.tables[0]?.rows.map((row) => row.at(-1))).toEqual([
    'holds',
    'holds',
    'holds',
    'holds',
  ]);
});

testOnGraphs(
  'revoking the hub of Advogato lifts 17,417 pairs, drops 10,858 at 4 hops',
  async () => {
    const { rows } = asked('revoke', '--hops', '4', '--top', '1');
    expect(rows[0]?.slice(3, 5)).toEqual([17_417, 10_858]);
  },
);

testOnGraphs('its ten hubs, each alone, gain 5,775 pairs and lose 152,863 at 3 hops', async () => {
  const { rows } = asked('revoke', '--top', '10');
  expect([sumOf(rows, 3), sumOf(rows, 4)]).toEqual([5775, 152_863]);
});

testOnGraphs('the readings change as many levels of Advogato as is known', async () => {
  const changed = new Map(asked('ambiguity', '--hops', '4').rows.map((row) => [row[0], row[4]]));
  expect(changed.get('worst of tied paths')).toBe(573_610);
  expect(changed.get('first path found')).toBe(396_110);
  expect(changed.get('best score within the hops')).toBe(573_891);
  expect(changed.get('no decay on the first hop')).toBe(1_091_027);
  expect(changed.get('weakest edge of the same path')).toBe(5_851_023);
});

testOnGraphs('removal by degree leaves the known shares of Advogato', async () => {
  const { rows } = asked('percolate', '--hops', '4', '--by', 'degree', '--percents', '1,5,10');
  const shares = rows.map((row) => [3, 6, 9].map((at) => Number(row[at]).toFixed(3)));
  expect(shares).toEqual([
    ['0.633', '0.468', '0.415'],
    ['0.158', '0.088', '0.071'],
    ['0.022', '0.022', '0.017'],
  ]);
});
