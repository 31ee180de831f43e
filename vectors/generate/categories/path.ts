/** V-PTH: paths of trust and what they are worth (L-T22, L-T23). */
import { type CategorySource, type Draft, type Grounds, invalid, valid } from '../category.ts';
import { seeded } from '../primitives/bytes.ts';
import { bestPath, type Edge, shownScore } from '../primitives/score.ts';
import { from, listOf, objectOf, text } from '../shape.ts';

const grounds = {
  score: {
    requirements: ['T-PATH-01', 'T-PATH-02'],
    readings: ['L-T22', 'L-T23'],
    flags: ['decay'],
  },
  rounding: { requirements: ['T-PATH-01'], readings: ['L-T23'], flags: ['rounding'] },
  shortest: { requirements: ['T-PATH-03'], readings: ['L-T23'], flags: ['longer-path'] },
  hops: { requirements: ['T-PATH-03'], readings: ['L-T23'], flags: ['hop-limit'] },
  tie: { requirements: ['T-PATH-04'], readings: ['L-T23'], flags: ['tie'] },
  gone: { requirements: ['T-PATH-05', 'T-PATH-03'], readings: ['L-T23'], flags: ['dead-edge'] },
  direction: {
    requirements: ['T-PATH-03', 'T-OVL-01'],
    readings: ['L-T11'],
    flags: ['reversed-edge'],
  },
} satisfies Record<string, Grounds>;

const edge = (way: string, score_tenths: number): Edge => {
  const [a = '', b = ''] = way.split('>');
  return { from: a, to: b, score_tenths };
};
const plain = (edges: readonly Edge[]) => edges.map((one) => ({ ...one }));

const scored = (
  about: Grounds,
  name: string,
  path: readonly string[],
  edges: readonly Edge[],
): Draft =>
  valid(
    about,
    name,
    { function: 'path-score', path, edges: plain(edges) },
    { score: shownScore(edges, path) },
  );

function scores(): Draft[] {
  const chain = [edge('a>b', 900), edge('b>c', 800), edge('c>d', 700), edge('d>e', 1000)];
  const full = chain.map((one) => ({ ...one, score_tenths: 1000 }));
  const names = ['a', 'b', 'c', 'd', 'e'];
  return [
    scored(grounds.score, 'no-path', [], []),
    scored(grounds.score, 'oneself', ['a'], []),
    ...[2, 3, 4, 5].map((length) =>
      scored(grounds.score, `chain-of-${length}`, names.slice(0, length), chain),
    ),
    ...[2, 3, 4, 5].map((length) =>
      scored(grounds.score, `full-chain-of-${length}`, names.slice(0, length), full),
    ),
    scored(grounds.gone, 'edge-that-is-not-there', ['a', 'c'], chain),
    scored(grounds.direction, 'against-the-edge', ['b', 'a'], chain),
    scored(grounds.rounding, 'lowest-score', ['a', 'b'], [edge('a>b', 1)]),
    // 0.95 × 0.003 = 0.00285 and 0.95 × 0.001 = 0.00095: both lie half way.
    scored(grounds.rounding, 'half-to-even-down', ['a', 'b'], [edge('a>b', 3)]),
    scored(grounds.rounding, 'half-to-even-up', ['a', 'b'], [edge('a>b', 5)]),
    scored(
      grounds.rounding,
      'half-of-two-hops',
      ['a', 'b', 'c'],
      [edge('a>b', 500), edge('b>c', 40)],
    ),
  ];
}

interface Question {
  readonly from: string;
  readonly to: string;
  readonly maxHops: number;
}

function found(about: Grounds, name: string, edges: readonly Edge[], question: Question): Draft {
  const { from: start, to, maxHops } = question;
  const input = { function: 'find-path', edges: plain(edges), from: start, to, max_hops: maxHops };
  const path = bestPath(edges, question);
  if (!path) return invalid(about, name, input);
  return valid(about, name, input, { path, score: shownScore(edges, path) });
}

function searches(): Draft[] {
  const three = { from: 'a', to: 'd', maxHops: 3 };
  const chain = [edge('a>b', 900), edge('b>c', 900), edge('c>d', 900)];
  const diamond = [edge('a>b', 900), edge('a>c', 900), edge('b>d', 800), edge('c>d', 800)];
  return [
    found(grounds.shortest, 'direct', [edge('a>d', 500)], three),
    found(grounds.shortest, 'shorter-though-worse', [...chain, edge('a>d', 10)], three),
    found(grounds.shortest, 'to-oneself', chain, { ...three, to: 'a' }),
    found(grounds.tie, 'better-of-two', [...diamond.slice(0, 3), edge('c>d', 801)], three),
    found(
      grounds.tie,
      'better-first-edge',
      [edge('a>c', 901), ...diamond.filter((one) => one.to !== 'c')],
      three,
    ),
    found(grounds.tie, 'same-score-by-name', diamond, three),
    found(grounds.tie, 'same-score-by-name-in-another-order', diamond.toReversed(), three),
    found(
      grounds.tie,
      'same-product-by-name',
      [edge('a>b', 400), edge('b>d', 900), edge('a>c', 900), edge('c>d', 400)],
      three,
    ),
    found(
      grounds.tie,
      'equal-after-rounding-only',
      [edge('a>b', 1000), edge('b>d', 3), edge('a>c', 999), edge('c>d', 3)],
      three,
    ),
    found(
      grounds.tie,
      'upper-case-comes-first',
      [edge('a>b', 900), edge('a>Z', 900), edge('b>d', 900), edge('Z>d', 900)],
      three,
    ),
    found(grounds.hops, 'three-hops-of-three', chain, three),
    ...[0, 1, 2].map((maxHops) =>
      found(grounds.hops, `three-hops-of-${maxHops}`, chain, { ...three, maxHops }),
    ),
    ...[4, 5, 6].map((length) =>
      found(grounds.hops, `ring-of-${length}`, ring(length), {
        from: 's0',
        to: `s${length - 1}`,
        maxHops: 3,
      }),
    ),
    found(grounds.direction, 'only-the-other-way', [edge('d>a', 900)], three),
    found(grounds.direction, 'last-edge-reversed', [edge('a>b', 900), edge('d>b', 900)], three),
    found(grounds.gone, 'no-edges', [], three),
    found(grounds.gone, 'two-islands', [edge('a>b', 900), edge('c>d', 900)], three),
    found(grounds.gone, 'unknown-target', chain, { ...three, to: 'z' }),
    found(grounds.gone, 'unknown-start', chain, { ...three, from: 'z' }),
    ...chain
      .filter(({ from, to }) => `${from}>${to}` !== 'b>c')
      .map((gone) =>
        found(
          grounds.gone,
          `revoked-edge-${gone.from}-to-${gone.to}`,
          chain.filter((one) => one !== gone),
          three,
        ),
      ),
    found(
      grounds.gone,
      'around-a-revoked-edge',
      [edge('a>b', 900), edge('b>c', 900), edge('c>d', 900), edge('b>d', 100)].filter(
        (one) => one.from !== 'c',
      ),
      three,
    ),
    found(
      grounds.shortest,
      'loop-on-the-way',
      [...chain, edge('b>a', 1000), edge('c>a', 1000)],
      three,
    ),
  ];
}

const ring = (length: number): Edge[] =>
  Array.from({ length }, (_, at) => edge(`s${at}>s${(at + 1) % length}`, 900));

/** Small graphs, every pair of which is asked. */
function drawn(): Draft[] {
  return [1, 2, 3].flatMap((number) => {
    const names = ['p', 'q', 'r', 's', 't'];
    const bytes = seeded(`graph ${number}`, 25);
    const edges = names.flatMap((a, row) =>
      names.flatMap((b, column) => {
        const byte = bytes[5 * row + column] ?? 0;
        return a !== b && byte < 80 ? [edge(`${a}>${b}`, 100 * (1 + (byte % 10)))] : [];
      }),
    );
    return names.flatMap((a) =>
      names
        .filter((b) => b !== a)
        .map((b) =>
          found(grounds.shortest, `graph-${number}-${a}-to-${b}`, edges, {
            from: a,
            to: b,
            maxHops: 3,
          }),
        ),
    );
  });
}

const edgeList = listOf(objectOf({ from: text, to: text, score_tenths: from(1, 1000) }));

export const path: CategorySource = {
  category: 'path',
  title: 'Path of trust',
  description:
    'A path of no server is worth 0, of one 1, else D × 0.95 for each of its edges, where D is the score ' +
    'of the edge on the scale 0 to 1 (an edge that is not there: 0). Counted exactly, shown with four ' +
    'decimals, half to even. Edges are directed; revoked, expired and suspended ones are not in the list.',
  functions: {
    'path-score': {
      does: 'what the path is worth, as text.',
      input: { path: listOf(text), edges: edgeList },
      output: { score: text },
    },
    'find-path': {
      does: 'the shortest path of at most max_hops edges; of several the one with the higher exact score, then the one whose names come first, server by server. None: reject.',
      input: { edges: edgeList, from: text, to: text, max_hops: from(0, 16) },
      output: { path: listOf(text), score: text },
    },
  },
  flags: {
    decay: {
      bug: 'The decay is left out, or not applied to the first edge.',
      effect: 'Distant recommendations count as much as near ones.',
    },
    rounding: {
      bug: 'Scores are rounded on the way, or half is rounded up.',
      effect: 'Two implementations choose two paths.',
    },
    'longer-path': {
      bug: 'A longer path wins over a shorter one.',
      effect: 'An attacker inserts servers of his own between two others.',
    },
    'hop-limit': {
      bug: 'The number of hops is not bounded, or counts servers.',
      effect: 'Chains of strangers become evidence.',
    },
    tie: {
      bug: 'Ties hang on the order of edges.',
      effect: 'Whoever orders the graph chooses the path.',
    },
    'dead-edge': {
      bug: 'A path is found where there is none.',
      effect: 'Revoked trust still leads somewhere.',
    },
    'reversed-edge': {
      bug: 'Edges are taken in both directions.',
      effect: 'Trusting somebody makes one trusted by him.',
    },
  },
  drafts: () => [...scores(), ...searches(), ...drawn()],
};
