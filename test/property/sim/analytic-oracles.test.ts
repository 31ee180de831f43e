/**
 * What is simulated against what is known in closed form: floods, polls, balls, and the bucket of the
 * reference under a load. Seeds are fixed; bounds are those of a stated confidence.
 */
import { describe, expect, test } from 'vitest';
import { memoPrimitives } from '../../../reference/crypto/memo-primitives.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { createStream } from '../../../sim/philox.ts';
import { runScenario } from '../../../sim/run.ts';
import { compileScenario } from '../../../sim/scenario/compile.ts';
import { createDraw } from '../../../sim/topologies/draw.ts';
import { models } from '../../../sim/topologies/models.ts';
import { rowOf, type TraceRow } from '../../../sim/trace/divergence.ts';
import { limits } from '../../../spec/limits.ts';
import { fetchAlong, flood, type Neighbours } from './spread.ts';

const primitives = memoPrimitives(await createNodePrimitives());
const SECOND = 10_000;
const stream = (entity: number) => createStream({ seed: 20_251_130, entity, purpose: 1 });

function neighboursIn(shape: string, nodes: number, degree = 2): Neighbours {
  const draw = createDraw(nodes, 7);
  models[shape]?.draw({ nodes, degree, probability: 0.2, blocks: 2 }, draw);
  const { sources, targets } = draw.edges.finish([1]);
  const sets = Array.from({ length: nodes }, () => new Set<number>());
  for (const [edge, one] of sources.entries()) {
    const other = targets[edge] as number;
    sets[one]?.add(other);
    sets[other]?.add(one);
  }
  return sets.map((set) => [...set]);
}

const edgesOf = (graph: Neighbours) => graph.reduce((sum, list) => sum + list.length, 0) / 2;

function recordsOf(text: string): readonly TraceRow[] {
  const blocks: ArrayBuffer[] = [];
  const sink = (block: ArrayBuffer) => void blocks.push(block);
  const { trace, thrown } = runScenario(compileScenario('oracle', text), { primitives, sink });
  expect(thrown).toEqual([]);
  const recorded = { index: trace, blocks };
  return Array.from({ length: trace.rows }, (_, row) => rowOf(recorded, row) as TraceRow);
}

describe('a flood', () => {
  test.each([
    ...['star', 'ring', 'mesh', 'barabasi-albert', 'watts-strogatz'].map((shape) => [shape]),
  ])('over a %s sends 2E − (N − 1) messages, whatever the latencies', (shape) => {
    const graph = neighboursIn(shape, 60, 4);
    for (let origin = 0; origin < 60; origin += 7) {
      const { sent, hops } = flood(graph, origin, { stream: stream(origin) });
      // What is not connected is not reached, and is no part of it.
      const reached = hops.filter(Number.isFinite).length;
      expect(reached).toBe(60);
      expect(sent).toBe(2 * edgesOf(graph) - (60 - 1));
    }
  });
});

describe('what has so many hops reaches a ball', () => {
  test.each([
    ['ring', (radius: number, nodes: number) => Math.min(nodes, 2 * radius + 1)],
    ['mesh', (radius: number, nodes: number) => (radius === 0 ? 1 : nodes)],
    ['star', (radius: number, nodes: number) => [1, nodes][radius] ?? nodes],
  ] as const)('of a %s', (shape, sizeOf) => {
    const graph = neighboursIn(shape, 40);
    for (let radius = 0; radius <= limits.maxHops; radius += 1) {
      const { hops } = flood(graph, 0, { stream: stream(1), mostHops: radius });
      expect(hops.filter(Number.isFinite)).toHaveLength(sizeOf(radius, 40));
      expect(Math.max(...hops.filter(Number.isFinite))).toBeLessThanOrEqual(radius);
    }
  });
});

/** P(S ≤ x) of the sum of h uniforms in 0 … 1. */
function irwinHall(h: number, x: number): number {
  let [sum, choose, factorial] = [0, 1, 1];
  for (let k = 1; k <= h; k += 1) factorial *= k;
  for (let k = 0; k <= Math.floor(x); k += 1) {
    sum += (k % 2 === 0 ? 1 : -1) * choose * (x - k) ** h;
    choose = (choose * (h - k)) / (k + 1);
  }
  return sum / factorial;
}

describe('a revocation that is only fetched', () => {
  const every = limits.revocationPollSeconds * SECOND;
  const RUNS = 20_000;

  test.each([1, 2, 3, 6])('needs the sum of %i uniform delays', (hops) => {
    const delays = fetchAlong({ chains: RUNS, hops }, every, stream(hops));
    expect(delays).toHaveLength(RUNS);
    const distances = delays.map((delay, rank) =>
      Math.abs(irwinHall(hops, delay / every) - (rank + 0.5) / RUNS),
    );
    // Dvoretzky, Kiefer and Wolfowitz: so near with a confidence of 99.99 %.
    const bound = Math.sqrt(Math.log(2 / 0.0001) / (2 * RUNS)) + 1 / RUNS;
    expect(Math.max(...distances)).toBeLessThan(bound);
  });

  test('over six hops takes more than 300 s once in 720', () => {
    expect(1 - irwinHall(6, 5)).toBeCloseTo(1 / 720, 12);
    const delays = fetchAlong({ chains: RUNS, hops: 6 }, every, stream(60));
    const late = delays.filter((ticks) => ticks > 300 * SECOND);
    const mean = RUNS / 720;
    // Four standard deviations: 99.99 %.
    expect(Math.abs(late.length - mean)).toBeLessThan(4 * Math.sqrt(mean));
  });
});

test('the bucket of the reference accepts min(offered, burst + rate · t)', () => {
  const seconds = 5;
  const offered = 1000;
  const load = (rate: number) => `
scenario: requests above what a certificate grants
seed: 1
for: 20s
crypto: symbolic
servers: { hub: {}, leaf: {} }
links: { shape: explicit, between: [[leaf, hub]], latency: 20ms }
trust: { establish: along-links, at: 1s }
timeline: [{ at: 10s, overload: [leaf, hub], rate: ${rate}/s, for: ${seconds}s }]
expect: [{ never: message-displayed-twice }]
`;
  const judged = (rows: readonly TraceRow[]) => {
    const refused = rows.filter(({ label }) => label === 'rate_limit_exceeded');
    const asked = rows.filter(({ event, label }) => event === 'received' && label === 'get');
    return { asked: asked.length, refused: refused.filter(({ event }) => event === 'sent').length };
  };
  const above = judged(recordsOf(load(offered)));
  expect(above.asked).toBe(offered * seconds);
  // The certificate grants as many in a second as may come at once.
  const rate = (above.asked - above.refused) / (seconds + 1);
  const granted = Math.round(rate);
  expect(Math.abs(above.asked - above.refused - granted * (seconds + 1))).toBeLessThanOrEqual(1);
  // The same grant, under another load: half as much again as it lets through.
  const other = judged(recordsOf(load(granted * 1.5)));
  const accepted = other.asked - other.refused;
  const formula = Math.min(other.asked, granted * (seconds + 1));
  expect(Math.abs(accepted - formula)).toBeLessThanOrEqual(granted * 0.01);
  const below = judged(recordsOf(load(granted / 2)));
  expect(below.refused).toBe(0);
});

test('who revokes tells its partners, and those whom both know tell the revoked as well', () => {
  const rows = recordsOf(`
scenario: a revocation by push
seed: 2
for: 30s
crypto: symbolic
servers: { node: { count: 8 } }
links: { shape: watts-strogatz, degree: 4, latency: 20ms }
trust: { establish: along-links, at: 1s, every: 20ms }
timeline: [{ at: 20s, revoke: "node[3]", by: "node[4]" }]
expect: [{ never: message-displayed-twice }]
`);
  const granted = rows.filter(
    ({ event, label }) => event === 'received' && label === 'trust_acknowledgment',
  );
  const partners = (id: string) =>
    new Set(
      granted.flatMap(({ server, peer }) => (server === id ? [peer] : peer === id ? [server] : [])),
    );
  const [issuer, subject] = [partners('node-4.sim.test'), partners('node-3.sim.test')];
  const common = [...issuer].filter((id) => subject.has(id));
  const sent = rows.filter(({ event, label }) => event === 'sent' && label === 'trust_revoke');
  expect(common.length).toBeGreaterThan(0);
  expect(sent).toHaveLength(issuer.size + common.length);
});
