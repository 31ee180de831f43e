/**
 * The small networks on which Sequoia's web of trust is tested, redrawn for a rule that knows amounts
 * and one limit of hops: where an edge of theirs has a depth of its own, the limit of hops does what the
 * depth did. Amounts were worked out by hand, and are held against every greedy choice of paths.
 *
 * Not redrawn: networks about regular expressions and about names of one key, which have no counterpart
 * here; and those about expiry and revocation, which certificates.test.ts has for certificates of NORC.
 */
import { describe, expect, test } from 'vitest';
import { buildGraph, edgesOf, type Graph } from '../../../sim/trustgraph/graph.ts';
import { FULL_AMOUNT, sequoiaAmounts } from '../../../sim/trustgraph/metrics/sequoia.ts';
import { createRowSink } from '../../../sim/trustgraph/rows.ts';
import { walksBetween } from './small-graphs.ts';

type Edge = readonly [source: string, target: string, amount: number];

interface Asked {
  readonly from: string;
  readonly hops: number;
  readonly wanted?: number;
  readonly amounts: Readonly<Record<string, number>>;
}

interface Topology {
  readonly what: string;
  readonly edges: readonly Edge[];
  readonly asked: readonly Asked[];
}

const chain = (amount: number, ...nodes: string[]): Edge[] =>
  nodes.slice(1).map((node, at) => [nodes[at] ?? '', node, amount]);

/** A to B directly and in a roundabout way, and J from the side. */
const roundabout: readonly Edge[] = [
  ['A', 'B', 60],
  ...chain(120, 'A', 'C', 'D', 'E', 'F', 'B', 'G', 'H', 'I'),
  ['J', 'E', 100],
  ['J', 'G', 100],
];

const localOptima: readonly Edge[] = [
  ['A', 'B', 120],
  ...chain(100, 'B', 'C', 'E'),
  ...chain(50, 'B', 'D', 'E'),
  ['B', 'F', 75],
  ['E', 'F', 120],
  ['E', 'G', 30],
  ['E', 'H', 120],
];

const cycle: readonly Edge[] = [
  ['A', 'B', 120],
  ['B', 'C', 90],
  ['C', 'D', 60],
  ['D', 'B', 120],
  ['D', 'E', 30],
  ['E', 'F', 120],
];

const topologies: readonly Topology[] = [
  {
    what: 'a chain, cut by the hops from wherever one stands',
    edges: chain(100, 'A', 'B', 'C', 'D', 'E'),
    asked: [
      { from: 'A', hops: 3, amounts: { B: 100, C: 100, D: 100, E: 0 } },
      { from: 'B', hops: 3, amounts: { A: 0, C: 100, D: 100, E: 100 } },
      { from: 'E', hops: 3, amounts: { A: 0, D: 0 } },
    ],
  },
  {
    what: 'a circle on the way',
    edges: cycle,
    asked: [
      { from: 'A', hops: 3, amounts: { B: 120, C: 90, D: 60, E: 0, F: 0 } },
      { from: 'A', hops: 4, amounts: { E: 30, F: 0 } },
      { from: 'A', hops: 5, amounts: { F: 30 } },
      { from: 'D', hops: 2, amounts: { A: 0, B: 120, C: 90, E: 30, F: 30 } },
    ],
  },
  {
    what: 'two roots of the circle, as one root that trusts both',
    edges: [...cycle, ...chain(120, 'R', 'A'), ...chain(120, 'R', 'D')],
    asked: [
      { from: 'R', hops: 2, wanted: 240, amounts: { B: 240, E: 30, F: 0 } },
      { from: 'R', hops: 3, amounts: { C: 90, F: 30 } },
      // D is trusted by itself, and by C as far as C is.
      { from: 'R', hops: 4, wanted: 240, amounts: { D: 180 } },
    ],
  },
  {
    what: 'a roundabout that is worth more than the road',
    edges: roundabout,
    asked: [
      { from: 'A', hops: 8, amounts: { B: 120, C: 120, F: 120, G: 120, H: 120, I: 120, J: 0 } },
      // A whole of 180 comes into B, of which its one edge on carries 120.
      { from: 'A', hops: 8, wanted: 240, amounts: { B: 180, G: 120, I: 120 } },
      { from: 'A', hops: 6, amounts: { B: 120, G: 120, H: 60, I: 60 } },
      { from: 'A', hops: 5, amounts: { B: 120, G: 60, H: 60, I: 60 } },
      { from: 'A', hops: 4, amounts: { B: 60, F: 120, G: 60, I: 60 } },
      { from: 'A', hops: 3, amounts: { E: 120, F: 0, H: 60, I: 0 } },
    ],
  },
  {
    what: 'the roundabout entered from the side',
    edges: roundabout,
    asked: [
      { from: 'J', hops: 3, amounts: { A: 0, C: 0, D: 0, E: 100, F: 100, B: 100, G: 100, I: 100 } },
      { from: 'J', hops: 4, amounts: { G: 200, H: 100 } },
      { from: 'J', hops: 5, amounts: { H: 120 } },
      { from: 'J', hops: 6, amounts: { I: 120 } },
    ],
  },
  {
    what: 'both ends of the roundabout trusted',
    edges: [...roundabout, ...chain(120, 'R', 'A'), ...chain(120, 'R', 'J')],
    asked: [
      // The longest way is worth most and uses up all of A. Sequoia, which looks back from the target,
      // does not see it at first: it takes 100 from J, then 60, then 20.
      { from: 'R', hops: 6, wanted: 240, amounts: { B: 120 } },
      { from: 'R', hops: 5, wanted: 240, amounts: { B: 160 } },
      { from: 'R', hops: 4, amounts: { B: 160, H: 120, G: 160 } },
    ],
  },
  {
    what: 'local optima: what is short is not what is best',
    edges: localOptima,
    asked: [
      { from: 'A', hops: 2, amounts: { B: 120, C: 100, D: 50, E: 0, F: 75 } },
      { from: 'A', hops: 3, amounts: { E: 120, F: 75, G: 0, H: 0 } },
      { from: 'A', hops: 4, amounts: { F: 120, G: 30, H: 120 } },
      { from: 'B', hops: 3, amounts: { A: 0, E: 150, F: 175, G: 30, H: 120 } },
    ],
  },
  {
    what: 'the best path leads through another root',
    edges: [...chain(120, 'A', 'B', 'C', 'T'), ...chain(50, 'A', 'Y', 'Z', 'T')],
    asked: [
      { from: 'A', hops: 3, amounts: { T: 120 } },
      { from: 'A', hops: 3, wanted: 240, amounts: { T: 170 } },
      { from: 'B', hops: 2, amounts: { T: 120, A: 0 } },
      { from: 'Y', hops: 2, amounts: { T: 50 } },
    ],
  },
  {
    what: 'roots that are trusted in part pass on no more',
    edges: [
      ['R', 'A', 45],
      ['R', 'B', 60],
      ...chain(120, 'A', 'T'),
      ...chain(120, 'B', 'T'),
      ...chain(120, 'A', 'U'),
    ],
    asked: [
      { from: 'R', hops: 2, amounts: { A: 45, B: 60, T: 105, U: 45 } },
      { from: 'A', hops: 1, amounts: { T: 120 } },
    ],
  },
  {
    what: 'a short way and a longer one behind one introducer',
    edges: [['A', 'B', 40], ['B', 'C', 20], ['C', 'F', 120], ...chain(120, 'B', 'D', 'E', 'F')],
    asked: [
      { from: 'A', hops: 3, amounts: { F: 20 } },
      { from: 'A', hops: 4, amounts: { F: 40 } },
      { from: 'B', hops: 3, amounts: { F: 120 } },
      { from: 'B', hops: 3, wanted: 240, amounts: { F: 140 } },
    ],
  },
  {
    what: 'of certifications of one key the newest counts, whatever its amount',
    edges: [
      ['A', 'B', 120],
      ['A', 'B', 50],
      ['A', 'B', 70],
      ['B', 'C', 120],
      ['C', 'D', 120],
    ],
    asked: [{ from: 'A', hops: 3, amounts: { B: 70, C: 70, D: 70 } }],
  },
  {
    what: 'an amount of nothing that is newest is no path, not a path worth nothing',
    edges: [
      ['A', 'B', 120],
      ['B', 'C', 60],
      ['B', 'C', 0],
      ['C', 'D', 120],
    ],
    asked: [{ from: 'A', hops: 3, amounts: { B: 120, C: 0, D: 0 } }],
  },
  {
    what: 'who certifies itself introduces nobody further',
    edges: [
      ['A', 'B', 100],
      ['B', 'C', 90],
      ['C', 'C', 120],
      ['C', 'D', 120],
    ],
    asked: [
      { from: 'A', hops: 2, amounts: { C: 90, D: 0 } },
      { from: 'B', hops: 2, amounts: { C: 90, D: 90 } },
    ],
  },
  {
    what: 'a root that trusts nobody',
    edges: [...chain(120, 'B', 'C', 'A')],
    asked: [{ from: 'A', hops: 10, amounts: { B: 0, C: 0 } }],
  },
];

function graphOf(edges: readonly Edge[]): Graph {
  const sink = createRowSink();
  for (const [source, target, amount] of edges)
    sink.add(sink.node(source), sink.node(target), amount / FULL_AMOUNT);
  return buildGraph(sink.finish()).graph;
}

function amountsFrom(graph: Graph, { from, hops, wanted = FULL_AMOUNT }: Asked) {
  const root = graph.labels.indexOf(from);
  const amounts = sequoiaAmounts(graph, root, { mostHops: hops, wanted });
  return (label: string) => amounts[graph.labels.indexOf(label)];
}

interface Path {
  readonly hops: number;
  readonly edges: readonly string[];
}

/** Every sum that comes of taking the path worth most, of these the shortest, whichever of equal ones. */
function greedySums(graph: Graph, asked: Asked, to: string): ReadonlySet<number> {
  const [source, target] = [graph.labels.indexOf(asked.from), graph.labels.indexOf(to)];
  const walks = walksBetween(graph, target, asked.hops, { on: [source], weights: [] });
  const paths = walks.map(({ on }) => ({
    hops: on.length - 1,
    edges: on.slice(1).map((node, at) => `${on[at]} ${node}`),
  }));
  const { sources, targets, weights } = edgesOf(graph);
  const left = new Map(
    Array.from(sources, (from, edge) => [
      `${from} ${targets[edge]}`,
      Math.round((weights[edge] ?? 0) * FULL_AMOUNT),
    ]),
  );
  return sumsOf(paths, left, 0, asked.wanted ?? FULL_AMOUNT);
}

function sumsOf(
  paths: readonly Path[],
  left: ReadonlyMap<string, number>,
  sum: number,
  wanted: number,
): ReadonlySet<number> {
  const worth = ({ edges }: Path) => Math.min(...edges.map((edge) => left.get(edge) ?? 0));
  const most = Math.max(0, ...paths.map(worth));
  if (most === 0 || sum >= wanted) return new Set([sum]);
  const best = paths.filter((path) => worth(path) === most);
  const fewest = Math.min(...best.map(({ hops }) => hops));
  const sums = best
    .filter(({ hops }) => hops === fewest)
    .flatMap(({ edges }) => {
      const after = new Map(left);
      for (const edge of edges) after.set(edge, (left.get(edge) ?? 0) - most);
      return [...sumsOf(paths, after, sum + most, wanted)];
    });
  return new Set(sums);
}

describe.each(topologies)('$what', ({ edges, asked }) => {
  const graph = graphOf(edges);

  test.each(asked)('from $from within $hops hops', (each) => {
    const amount = amountsFrom(graph, each);
    for (const [label, expected] of Object.entries(each.amounts)) {
      expect([label, amount(label)]).toEqual([label, expected]);
      expect([...greedySums(graph, each, label)], label).toContain(expected);
    }
  });
});

/** Four crowds in which everybody trusts everybody, one after the other, and then two more steps. */
function cliques(...more: Edge[]): Graph {
  const crowd = (name: string) => Array.from({ length: 10 }, (_, member) => `${name}${member}`);
  const within = ['a', 'b', 'c', 'd'].flatMap((name) =>
    crowd(name).flatMap((one) =>
      crowd(name)
        .filter((other) => other !== one)
        .map((other): Edge => [one, other, 120]),
    ),
  );
  const between = ['root a0', 'a1 b0', 'b1 c0', 'c1 d0', 'd1 e0', 'e0 f0', 'f0 target'].map(
    (pair): Edge => [pair.split(' ')[0] ?? '', pair.split(' ')[1] ?? '', 120],
  );
  return graphOf([...within, ...between, ...more]);
}

describe('crowds, through which a search must find its way', () => {
  const shortcut: Edge[] = [
    ['root', 'b0', 30],
    ['root', 'a1', 30],
  ];
  const crowds = {
    plain: cliques(),
    withShortCuts: cliques(...shortcut),
    withMore: cliques(...shortcut, ['b1', 'c1', 30]),
  };
  const cases: readonly (readonly [keyof typeof crowds, string, number, number])[] = [
    ['plain', 'root', 10, 0],
    ['plain', 'root', 11, 120],
    ['plain', 'a1', 9, 120],
    ['withShortCuts', 'root', 8, 0],
    ['withShortCuts', 'root', 9, 30],
    ['withShortCuts', 'root', 10, 60],
    ['withShortCuts', 'root', 11, 120],
    ['withMore', 'root', 8, 30],
    ['withMore', 'root', 9, 30],
    ['withMore', 'root', 10, 60],
    ['withMore', 'root', 11, 120],
    ['withMore', 'a1', 8, 30],
    ['withMore', 'a1', 9, 120],
  ];

  test.each(cases)(
    '%s: from %s within %i hops the target is worth %i',
    (which, from, hops, worth) => {
      expect(amountsFrom(crowds[which], { from, hops, amounts: {} })('target')).toBe(worth);
    },
  );
});

test('to the last hop that a rule may allow, and no further', () => {
  const nodes = Array.from({ length: 256 }, (_, at) => `n${at}`);
  const amount = amountsFrom(graphOf(chain(120, ...nodes)), { from: 'n0', hops: 253, amounts: {} });
  expect(['n1', 'n253', 'n254'].map(amount)).toEqual([120, 120, 0]);
});
