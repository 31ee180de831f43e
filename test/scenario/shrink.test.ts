import { expect, test } from 'vitest';
import { memoPrimitives } from '../../reference/crypto/memo-primitives.ts';
import { createNodePrimitives } from '../../reference/crypto/node-primitives.ts';
import { runScenario } from '../../sim/run.ts';
import { compileScenario } from '../../sim/scenario/compile.ts';
import { expanded } from '../../sim/shrink/expand.ts';
import { failureOf, shrinkScenario } from '../../sim/shrink/shrink.ts';

/** What goes wrong needs the clock of one server and the words of another; the 512 faults do not matter. */
const hay = `
scenario: A clock that is ahead, among 512 faults
seed: 7
for: 40s
servers:
  node: { count: 5, users: 1 }
  other: {}
links: { shape: mesh, latency: 20ms }
trust: { establish: along-links, at: 1s, every: 20ms }
workload:
  - relay: { from: "node[0..1]", to: "node[0..1]", rate: 1/s, at: 10s, for: 20s }
  - relay: { from: "node[2]", to: "node[3]", rate: 1/s, at: 10s, for: 20s }
timeline:
  - { at: 15s, clock: "node[0]", step: 90s, for: 20s }
faults: { count: 512, kinds: [slow, reset], from: 5s, to: 30s, longest: 2s }
expect:
  - { never: stale-relay-taken }
`;
const off = ['F-AUTH-03', 'F-RELAY-09'] as const;
/** Dozens of runs take their time on a busy machine. */
const PATIENCE_MS = 240_000;

const primitives = memoPrimitives(await createNodePrimitives());
const run = (scenario: Parameters<typeof runScenario>[0]) => runScenario(scenario, { primitives });
const compile = (text: string) => compileScenario('hay', text, { off: [...off] });

test('what a scenario says in full runs as the scenario does', () => {
  const scenario = compile(hay);
  const whole = compile(JSON.stringify(expanded(scenario)));
  expect(whole.plan).toEqual(scenario.plan);
  expect(whole.edges).toEqual(scenario.edges);
  expect(failureOf(run(whole))).toEqual(failureOf(run(scenario)));
});

test(
  'a defect among 512 faults comes back as one, on two servers, within 150 runs',
  async () => {
    const { text, trials, isMinimal, failure } = await shrinkScenario(compile(hay), {
      run,
      budget: 150,
    });
    expect(isMinimal).toBe(true);
    expect(trials).toBeLessThanOrEqual(150);
    const left = compile(JSON.stringify(text));
    expect(left.plan.filter(({ kind }) => kind !== 'establish').map(({ kind }) => kind)).toEqual([
      'clock',
    ]);
    expect(left.world.servers.map(({ id }) => id)).toEqual(['node-0.sim.test', 'node-1.sim.test']);
    expect(failureOf(run(left))).toMatchObject({
      kind: 'broken',
      expectation: 'never stale-relay-taken',
    });
    expect(failure).toMatchObject({ expectation: 'never stale-relay-taken' });
  },
  PATIENCE_MS,
);

test(
  'a search that is stopped gives what it has, and does not call it minimal',
  async () => {
    let runs = 0;
    const counted = (scenario: Parameters<typeof run>[0]) => {
      runs += 1;
      return run(scenario);
    };
    const isStopped = () => runs >= 4;
    const { text, isMinimal } = await shrinkScenario(compile(hay), {
      ...{ run: counted, isStopped, budget: 150 },
    });
    expect([runs, isMinimal]).toEqual([4, false]);
    expect(failureOf(run(compile(JSON.stringify(text))))).toMatchObject({ kind: 'broken' });
  },
  PATIENCE_MS,
);

test('a scenario that passes is not made smaller', async () => {
  const healthy = compileScenario('hay', hay.replace('count: 512', 'count: 1'));
  await expect(shrinkScenario(healthy, { run, budget: 10 })).rejects.toThrow(RangeError);
});
