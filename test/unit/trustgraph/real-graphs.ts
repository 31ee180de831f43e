/**
 * The published graphs, where they are at hand: NORC_GRAPHS names their folder, or it stands beside the
 * checkout. They are read from there and are no part of this project.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'vitest';
import { type Loaded, loadGraph } from '../../../sim/trustgraph/cli/load.ts';
import type { BuildOptions } from '../../../sim/trustgraph/graph.ts';

const root = new URL('../../../', import.meta.url).pathname;
const folders = [process.env.NORC_GRAPHS, resolve(root, '../shared/data/graphs')];
export const graphsFolder = folders.find((folder) => folder && existsSync(folder));

const files = {
  advogato: ['out.advogato', {}],
  alpha: ['soc-sign-bitcoinalpha.csv', { take: 'topology' }],
  alphaTrust: ['soc-sign-bitcoinalpha.csv', { scale: 10 }],
  wikiVote: ['wiki-Vote.txt', {}],
} as const satisfies Record<string, readonly [string, BuildOptions]>;

export type GraphName = keyof typeof files;

export const pathOf = (name: GraphName) => resolve(graphsFolder ?? '.', files[name][0]);

const loaded = new Map<GraphName, Promise<Loaded>>();

export function realGraph(name: GraphName): Promise<Loaded> {
  const known =
    loaded.get(name) ?? loadGraph(pathOf(name), { defaultWeight: 1, ...files[name][1] });
  loaded.set(name, known);
  return known;
}

/** Skipped, and said so in the name, where the graphs are not at hand. */
export function testOnGraphs(name: string, run: () => Promise<void>, timeoutMs = 300_000): void {
  if (graphsFolder) test(name, run, timeoutMs);
  else test.skip(`${name} (no graphs: set NORC_GRAPHS to their folder)`, run);
}
