/** What is known of the published graphs, to the digit. */
import { describe, expect } from 'vitest';
import { pairsAtLeast, takeCensus } from '../../../sim/trustgraph/census.ts';
import {
  countTriangles,
  largestComponent,
  largestOf,
  strongComponents,
} from '../../../sim/trustgraph/components.ts';
import { countHops, meanHops } from '../../../sim/trustgraph/hop-counts.ts';
import { literalRule } from '../../../sim/trustgraph/rule.ts';
import { type GraphName, realGraph, testOnGraphs } from './real-graphs.ts';

const fourHops = { ...literalRule, hops: 4 };

const topology = [
  {
    name: 'advogato',
    nodes: 5155,
    edges: 47_135,
    hops: [47_135, 901_967, 4_801_583, 6_761_856, 2_995_630, 576_120],
    diameter: 11,
    mean: '3.857376',
    component: { nodes: 3140, edges: 39_995 },
    triangles: 98_300,
  },
  {
    name: 'alpha',
    nodes: 3783,
    edges: 24_186,
    hops: [24_186, 836_830, 4_386_045, 5_086_625],
    diameter: 10,
    mean: '3.678864',
    component: { nodes: 3235, edges: 23_299 },
    triangles: 22_153,
  },
  {
    name: 'wikiVote',
    nodes: 7115,
    edges: 103_689,
    hops: [103_689],
    diameter: 10,
    mean: '3.341011',
    component: { nodes: 1300, edges: 39_456 },
    triangles: 608_389,
  },
] as const;

describe.each(topology)('$name', (fact) => {
  const graph = async () => (await realGraph(fact.name as GraphName)).graph;

  testOnGraphs('has the published numbers of nodes and edges', async () => {
    const { nodeCount, edgeCount } = await graph();
    expect({ nodeCount, edgeCount }).toEqual({ nodeCount: fact.nodes, edgeCount: fact.edges });
  });

  testOnGraphs('has the known histogram of distances', async () => {
    const { byHops } = countHops(await graph());
    expect(byHops.slice(1, fact.hops.length + 1)).toEqual(fact.hops);
    expect(byHops.length - 1).toBe(fact.diameter);
    expect(meanHops(byHops).toFixed(6)).toBe(fact.mean);
  });

  testOnGraphs('has the known largest component and triangles', async () => {
    expect(largestComponent(await graph())).toEqual(fact.component);
    expect(countTriangles(await graph())).toBe(fact.triangles);
  });
});

testOnGraphs('searches and bit-parallel counts agree on every distance', async () => {
  const { graph } = await realGraph('advogato');
  const { byHops } = takeCensus(graph, fourHops);
  expect([...byHops.subarray(1)]).toEqual(countHops(graph, 4).byHops.slice(1));
});

testOnGraphs('the largest component of Advogato has 41,872 rows when its loops count', async () => {
  const { graph, rows } = await realGraph('advogato');
  const component = strongComponents(graph);
  const { number: largest } = largestOf(component);
  const numbers = new Map(graph.labels.map((label, node) => [label, component[node]]));
  const isLoopInside = (row: number) =>
    rows.sources[row] === rows.targets[row] &&
    numbers.get(rows.labels[rows.sources[row] ?? -1] ?? '') === largest;
  const loops = Array.from({ length: rows.count }, (_, row) => row).filter(isLoopInside).length;
  expect(39_995 + loops).toBe(41_872);
});

testOnGraphs('957,686 pairs of Advogato are verified or better within 4 hops', async () => {
  const { graph } = await realGraph('advogato');
  expect(pairsAtLeast(takeCensus(graph, fourHops), 2)).toBe(957_686);
});
