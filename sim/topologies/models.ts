/**
 * Graphs of known kinds, directed, with the same bytes for a seed on every platform: integer draws
 * only, no logarithm. Undirected models give both directions of an edge.
 */
import { GraphFault } from '../trustgraph/fault.ts';
import { type Draw, threshold } from './draw.ts';

export interface Shape {
  readonly nodes: number;
  /** Edges of a node (or of a joining node); each model says which. */
  readonly degree: number;
  /** Probability, of what each model says. */
  readonly probability: number;
  readonly blocks: number;
}

export interface Model {
  readonly summary: string;
  draw(shape: Shape, draw: Draw): void;
}

export const models: Readonly<Record<string, Model>> = {
  star: {
    summary: 'all others joined to node 0',
    draw: ({ nodes }, { edges }) => {
      for (let node = 1; node < nodes; node++) mutual(edges, 0, node);
    },
  },
  ring: {
    summary: 'each joined to the next, and the last to the first',
    draw: ({ nodes }, { edges }) => {
      for (let node = 0; node < nodes; node++) mutual(edges, node, (node + 1) % nodes);
    },
  },
  tree: {
    summary: 'node 0 is the root; below each node degree others',
    draw: ({ nodes, degree }, { edges }) => {
      for (let node = 1; node < nodes; node++) mutual(edges, Math.floor((node - 1) / degree), node);
    },
  },
  mesh: {
    summary: 'each joined to every other',
    draw: ({ nodes }, { edges }) => {
      for (let node = 1; node < nodes; node++)
        for (let other = 0; other < node; other++) mutual(edges, other, node);
    },
  },
  'erdos-renyi': {
    summary: 'nodes × degree edges between pairs drawn uniformly',
    draw: ({ nodes, degree }, { stream, edges }) =>
      fill(edges, nodes * degree, nodes, () => [stream.below(nodes), stream.below(nodes)]),
  },
  'barabasi-albert': {
    summary: 'each node joins with degree mutual edges to nodes drawn by their edges',
    draw: preferential,
  },
  'watts-strogatz': {
    summary: 'a ring of degree neighbours, mutual, each edge rewired with the probability',
    draw: smallWorld,
  },
  'stochastic-block': {
    summary: 'nodes × degree edges, each inside its block with the probability',
    draw: blockModel,
  },
  configuration: {
    summary:
      'degrees drawn from 1 … 8 × degree by a power law of exponent 2, stubs paired at random',
    draw: configuration,
  },
  'r-mat': {
    summary: 'nodes × degree edges by recursive quadrants 0.57, 0.19, 0.19, 0.05',
    draw: recursiveMatrix,
  },
  alliance: {
    summary: 'root, blocks nations, ministries, units of degree each; bridges between nations',
    draw: alliance,
  },
};

/** Adds drawn edges until there are so many; a shape that cannot hold them is refused. */
function fill(
  edges: Draw['edges'],
  wanted: number,
  nodes: number,
  drawn: () => readonly [number, number],
): void {
  if (wanted > (nodes * (nodes - 1)) / 2)
    throw new GraphFault(
      `${wanted} edges are too many for ${nodes} nodes: half of all pairs at most`,
    );
  while (edges.count < wanted) edges.add(...drawn());
}

function mutual(edges: Draw['edges'], one: number, other: number): void {
  edges.add(one, other);
  edges.add(other, one);
}

function preferential({ nodes, degree }: Shape, { stream, edges }: Draw): void {
  // Every end of every edge once: drawing from it is drawing by degree.
  const ends: number[] = [];
  const first = Math.min(nodes, degree + 1);
  for (let one = 0; one < first; one++)
    for (let other = 0; other < one; other++) {
      mutual(edges, one, other);
      ends.push(one, other);
    }
  for (let node = first; node < nodes; node++) {
    const chosen = new Set<number>();
    while (chosen.size < degree) chosen.add(ends[stream.below(ends.length)] ?? 0);
    for (const other of chosen) {
      mutual(edges, node, other);
      ends.push(node, other);
    }
  }
}

function smallWorld({ nodes, degree, probability }: Shape, { stream, edges }: Draw): void {
  const rewires = threshold(probability);
  for (let reach = 1; reach <= Math.floor(degree / 2); reach++)
    for (let node = 0; node < nodes; node++) {
      const neighbour = (node + reach) % nodes;
      let other = neighbour;
      if (stream.chance(rewires)) other = stream.below(nodes);
      // A node that is joined to all others keeps its neighbour.
      for (let tries = 0; tries < nodes && (other === node || edges.has(node, other)); tries++)
        other = stream.below(nodes);
      if (other !== node) mutual(edges, node, other);
    }
}

function blockModel({ nodes, degree, probability, blocks }: Shape, { stream, edges }: Draw): void {
  const stays = threshold(probability);
  fill(edges, nodes * degree, nodes, () => {
    const source = stream.below(nodes);
    if (!stream.chance(stays)) return [source, stream.below(nodes)];
    // Node v is in block v mod blocks.
    const block = source % blocks;
    const size = Math.ceil((nodes - block) / blocks);
    return [source, block + blocks * stream.below(size)];
  });
}

function configuration({ nodes, degree }: Shape, { stream, edges }: Draw): void {
  const stubs = (most: number) =>
    Array.from({ length: nodes }, (_, node) =>
      Array.from({ length: powerLawDegree(stream, most) }, () => node),
    ).flat();
  const out = stubs(8 * degree);
  const into = stubs(8 * degree);
  // Pairs each stub with one drawn from the rest; loops and repetitions are dropped, as is usual.
  for (let at = 0; at < Math.min(out.length, into.length); at++) {
    const other = at + stream.below(into.length - at);
    const drawn = into[other] ?? 0;
    into[other] = into[at] ?? 0;
    edges.add(out[at] ?? 0, drawn);
  }
}

/** P(d) in proportion to 1/d², from 32-bit words: d is the first with word · d < 2^32. */
function powerLawDegree(stream: Draw['stream'], most: number): number {
  for (;;) {
    // 1/u has the density 1/d²; those above the bound are drawn again.
    const word = stream.word() + 1;
    const drawn = Math.floor(0x1_0000_0000 / word);
    if (drawn <= most) return drawn;
  }
}

function recursiveMatrix({ nodes, degree }: Shape, { stream, edges }: Draw): void {
  const levels = Math.ceil(Math.log2(nodes));
  const [toA, toB, toC] = [threshold(0.57), threshold(0.76), threshold(0.95)];
  fill(edges, nodes * degree, nodes, () => {
    let [source, target] = [0, 0];
    for (let level = 0; level < levels; level++) {
      const word = stream.word();
      source = source * 2 + (word >= toB ? 1 : 0);
      target = target * 2 + ((word >= toA && word < toB) || word >= toC ? 1 : 0);
    }
    // Cells outside, where the number of nodes is no power of two, count as loops: drawn again.
    return source < nodes && target < nodes ? [source, target] : [0, 0];
  });
}

/**
 * Node 0 is the root; then nations, ministries and units, each trusting its superior and trusted by
 * it. Any two nations trust each other with the probability, and so do as many pairs of ministries.
 */
function alliance({ nodes, degree, probability, blocks }: Shape, { stream, edges }: Draw): void {
  const nations = Math.min(blocks, nodes - 1);
  for (let node = 1; node < nodes; node++) mutual(edges, node, superiorOf(node, nations, degree));
  const bridges = threshold(probability);
  for (let one = 1; one <= nations; one++)
    for (let other = 1; other < one; other++) if (stream.chance(bridges)) mutual(edges, one, other);
}

/** Superiors are filled in order, `degree` subordinates each. */
const superiorOf = (node: number, nations: number, degree: number) =>
  node <= nations ? 0 : 1 + Math.floor((node - nations - 1) / degree);
