/**
 * The same identity gives the same hash (in other processes, and under other conditions: npm run
 * determinism). What is not the same is found, at its first event.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../bin/sim/library.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { createServerNode } from '../../reference/node/server.ts';
import { withoutAmbient } from '../../sim/ambient.ts';
import { runScenario } from '../../sim/run.ts';
import { firstDivergence, type RecordedTrace } from '../../sim/trace/divergence.ts';

const golden = JSON.parse(
  readFileSync(new URL('../../sim/scenarios/golden.json', import.meta.url), 'utf8'),
) as { [name: string]: string };
const primitives = await createNodePrimitives();

/** What the process around the run knows, kept before the stubs take it away. */
const clock = process.hrtime.bigint;

function record(name: string, createNode = createServerNode): RecordedTrace {
  const blocks: ArrayBuffer[] = [];
  const sink = (block: ArrayBuffer) => void blocks.push(block);
  const scenario = loadScenario(name);
  const { trace } = withoutAmbient(() => runScenario(scenario, { primitives, sink, createNode }));
  return { index: trace, blocks };
}

describe.each(['star-basic', 'ties-random', 'ties-pct'])('%s has one hash', (name) => {
  test('twice in one process', () => {
    const [first, second] = [record(name), record(name)];
    expect(first.index.hash).toBe(golden[name]);
    expect(firstDivergence(first, second)).toBeNull();
  });
});

test('another seed is another run', () => {
  const other = loadScenario('star-basic', { seed: 2 });
  expect(runScenario(other, { primitives }).trace.hash).not.toBe(golden['star-basic']);
});

/** On the fifth input of a server, it writes the time of this machine into its log. */
const readsTheClock: typeof createServerNode = (config, ...rest) => {
  const node = createServerNode(config, ...rest);
  let inputs = 0;
  return {
    handle(input, now) {
      const effects = node.handle(input, now);
      inputs += 1;
      if (inputs !== 5 || !config.serverId.startsWith('hub')) return effects;
      const detail = String(clock());
      return [...effects, { type: 'log', entry: { event: 'noted', detail, peer: 'nobody' } }];
    },
  };
};

test('a core that reads the clock is found at the first event that shows it', () => {
  const [first, second] = [
    record('star-basic', readsTheClock),
    record('star-basic', readsTheClock),
  ];
  const divergence = firstDivergence(first, second);
  expect(divergence?.first).toMatchObject({
    server: 'hub.sim.test',
    event: 'logged',
    peer: 'nobody',
  });
  // All else of the two is the same up to there, and there nothing but what it wrote.
  expect(divergence?.fields).toEqual(['digest']);
  expect(divergence?.row).toBeGreaterThan(0);
});

test.each([
  ['the clock', () => Date.now()],
  ['the date', () => new Date()],
  ['chance', () => Math.random()],
  ['the clock of the process', () => performance.now()],
  ['random bytes', () => crypto.getRandomValues(new Uint8Array(1))],
  ['the order of a language', () => 'a'.localeCompare('b')],
  ['a timer', () => setTimeout(() => {}, 0)],
])('a core that asks for %s is told so', (_, ask) => {
  const asks: typeof createServerNode = (...parts) => {
    const node = createServerNode(...parts);
    return {
      handle(input, now) {
        ask();
        return node.handle(input, now);
      },
    };
  };
  const scenario = loadScenario('ring-basic');
  const parts = { primitives, createNode: asks };
  const { status, thrown } = withoutAmbient(() => runScenario(scenario, parts));
  expect(status).toBe('erred');
  expect(thrown[0]).toContain('inside a simulation');
  // And afterwards everything is as it was.
  expect(ask).not.toThrow();
});
