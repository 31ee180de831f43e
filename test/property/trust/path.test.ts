/** Paths of trust (T 6.2) against an oracle that lists every simple path of every random graph. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  findTrustPath,
  pathScore,
  type TrustGraph,
  type TrustPath,
} from '../../../reference/trust/recommendation/path.ts';
import { limits } from '../../../spec/limits.ts';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const name = fc.constantFrom(...names);
/** Few different scores, so that ties are common; any score, so that rounding is met. */
const tenths = fc.oneof(fc.constantFrom(500, 800, 1000), fc.integer({ min: 1, max: 1000 }));
const edges = fc.array(fc.tuple(name, name, tenths), { maxLength: 30 });
const hops = fc.integer({ min: 0, max: 5 });

type Edge = readonly [from: string, to: string, tenths: number];

function graphOf(list: readonly Edge[]): TrustGraph {
  const graph = new Map<string, Map<string, number>>();
  for (const [from, to, score] of list) {
    if (from === to) continue;
    graph.set(from, (graph.get(from) ?? new Map()).set(to, score));
  }
  return graph;
}

/** Every path without a repeated server, by recursion. */
function allPaths(graph: TrustGraph, from: string, to: string, most: number): string[][] {
  if (from === to) return [[to]];
  if (most === 0) return [];
  const without = new Map([...graph].filter(([server]) => server !== from));
  return [...(graph.get(from)?.keys() ?? [])].flatMap((next) =>
    allPaths(without, next, to, most - 1).map((rest) => [from, ...rest]),
  );
}

/** The formula of T 6.2 as it is written, in exact thousandths and hundredths. */
function literal(graph: TrustGraph, [a, b, ...rest]: readonly string[]): [bigint, bigint] {
  if (a === undefined) return [0n, 1n];
  if (b === undefined) return [1n, 1n];
  const [over, under] = literal(graph, [b, ...rest]);
  return [BigInt(graph.get(a)?.get(b) ?? 0) * over * 95n, 1000n * under * 100n];
}

/** By long division to five digits and a remainder, then the rule of the even neighbour. */
function shown([over, under]: [bigint, bigint]): number {
  const [floor, left] = [(over * 10_000n) / under, (over * 10_000n) % under];
  const half = left * 2n - under;
  return Number(half > 0n || (half === 0n && floor % 2n !== 0n) ? floor + 1n : floor) / 10_000;
}

function oracle(graph: TrustGraph, from: string, to: string, most: number): TrustPath | null {
  const paths = allPaths(graph, from, to, most);
  const shortest = Math.min(...paths.map(({ length }) => length));
  const [best] = paths
    .filter(({ length }) => length === shortest)
    .sort((one, other) => {
      const [[over1, under1], [over2, under2]] = [literal(graph, one), literal(graph, other)];
      const difference = over2 * under1 - over1 * under2;
      if (difference !== 0n) return difference > 0n ? 1 : -1;
      return one.join() < other.join() ? -1 : 1;
    });
  return best ? { servers: best, score: shown(literal(graph, best)) } : null;
}

describe('the score of a path', () => {
  test('T-PATH-01: is 0 without servers, 1 for one, and decays from the first hop on', () => {
    const graph = graphOf([
      ['a', 'b', 900],
      ['b', 'c', 800],
      ['c', 'd', 700],
    ]);
    const scores = [[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']].map((path) =>
      pathScore(graph, path),
    );
    expect(scores).toEqual([0, 1, 0.855, 0.6498, 0.4321]);
  });

  test('T-PATH-01: is at most 1 and does not grow with length', () =>
    fc.assert(
      fc.property(edges, fc.array(name, { minLength: 1, maxLength: 6 }), (list, path) => {
        const graph = graphOf(list);
        const scores = path.map((_, at) => pathScore(graph, path.slice(0, at + 1)));
        expect(scores[0]).toBe(1);
        for (const [at, score] of scores.entries()) {
          expect(score).toBeLessThanOrEqual(at === 0 ? 1 : (scores[at - 1] ?? 1));
          expect(score).toBeGreaterThanOrEqual(0);
        }
      }),
    ));

  test('T-PATH-02: takes a trust score of 100 as 1', () =>
    fc.assert(
      fc.property(tenths, (score) => {
        const expected = shown([BigInt(score) * 95n, 100_000n]);
        expect(pathScore(graphOf([['a', 'b', score]]), ['a', 'b'])).toBe(expected);
      }),
    ));

  test('T-PATH-04: is rounded half to even at the fourth decimal', () => {
    // 0.95 × 0.95 × 0.1 × 0.2 = 0.01805, and × 0.3 = 0.027075.
    const graph = graphOf([
      ['a', 'b', 100],
      ['b', 'c', 200],
      ['b', 'd', 600],
      ['b', 'e', 1000],
    ]);
    expect(pathScore(graph, ['a', 'b', 'c'])).toBe(0.018);
    expect(pathScore(graph, ['a', 'b', 'd'])).toBe(0.0542); // 0.05415
    expect(pathScore(graph, ['a', 'b', 'e'])).toBe(0.0902); // 0.09025
  });
});

describe('the path that counts', () => {
  test('T-PATH-03: is the one an exhaustive search finds, on any graph and at any limit', () =>
    fc.assert(
      fc.property(edges, name, name, hops, (list, from, to, most) => {
        const graph = graphOf(list);
        expect(findTrustPath(graph, { from, to }, most)).toEqual(oracle(graph, from, to, most));
      }),
      { numRuns: 1000 },
    ));

  test('T-PATH-03: has at most three hops, beyond which there is no path', () => {
    const chain = graphOf([
      ['a', 'b', 1000],
      ['b', 'c', 1000],
      ['c', 'd', 1000],
      ['d', 'e', 1000],
    ]);
    expect(findTrustPath(chain, { from: 'a', to: 'd' })?.servers).toHaveLength(limits.pathHops + 1);
    expect(findTrustPath(chain, { from: 'a', to: 'e' })).toBeNull();
  });

  test('T-PATH-04: is the same in whatever order the edges are given', () =>
    fc.assert(
      fc.property(edges, name, name, fc.nat(), (list, from, to, turn) => {
        // The newest of parallel edges counts, so only one of each may be turned about.
        const unique = [...new Map(list.map((edge) => [`${edge[0]}${edge[1]}`, edge])).values()];
        const at = unique.length === 0 ? 0 : turn % unique.length;
        const turned = [...unique.slice(at), ...unique.slice(0, at)].reverse();
        const found = findTrustPath(graphOf(unique), { from, to });
        expect(findTrustPath(graphOf(turned), { from, to })).toEqual(found);
      }),
    ));

  test('T-PATH-04: of equal scores the one whose names come first', () => {
    const graph = graphOf([
      ['a', 'c', 800],
      ['c', 'z', 600],
      ['a', 'b', 600],
      ['b', 'z', 800],
    ]);
    expect(findTrustPath(graph, { from: 'a', to: 'z' })?.servers).toEqual(['a', 'b', 'z']);
  });

  test('T-PATH-03: reads a graph of a thousand servers as an exhaustive search does', () =>
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const big = scattered(seed, 1000, 4000);
        for (let to = 1; to < 20; to += 1) {
          const ends = { from: 's0', to: `s${to}` };
          expect(findTrustPath(big, ends)).toEqual(
            oracle(big, ends.from, ends.to, limits.pathHops),
          );
        }
      }),
      { numRuns: 3 },
    ));
});

/** A graph that a seed decides. */
function scattered(seed: number, servers: number, count: number): TrustGraph {
  let state = seed >>> 0 || 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const list = Array.from({ length: count }, (): Edge => {
    return [`s${draw(servers)}`, `s${draw(servers)}`, 1 + draw(1000)];
  });
  return graphOf(list);
}
