/** Scenario files: what cannot be meant is said with its place, all at once, and nothing runs. */
import { describe, expect, test } from 'vitest';
import { compileScenario } from '../../../sim/scenario/compile.ts';
import { ScenarioError } from '../../../sim/scenario/fault.ts';

const whole = `scenario: a test
seed: 1
for: 10s
servers:
  hub: { users: 1 }
  leaf: { count: 3, users: 1 }
links: { shape: star, latency: 20ms }
trust: { establish: along-links }
timeline:
  - { at: 5s, crash: "leaf[1]", for: 2s }
expect:
  - { sometimes: trust-established }
`;

const compile = (text: string) => compileScenario('a.yaml', text, { readFile: () => '0 9\n' });

/** `line:column: message` of every fault, after one change of the whole file. */
function faultsAfter(from: string, to: string): readonly string[] {
  expect(whole).toContain(from);
  try {
    compile(whole.replace(from, to));
  } catch (thrown) {
    if (!(thrown instanceof ScenarioError)) throw thrown;
    return thrown.faults.map(({ line, column, message }) => `${line}:${column}: ${message}`);
  }
  return [];
}

describe('a scenario that cannot be meant', () => {
  test.each([
    ['seed: 1', 'sede: 1', '2:1: unknown member sede'],
    ['for: 10s', 'for: 10', '3:6: for must be string'],
    ['for: 10s', 'for: 10 s', '3:6: for must be a quantity with its unit, as in 30s or 20ms'],
    ['count: 3', 'count: 0', '6:18: count must be >= 1'],
    ['shape: star', 'shape: stra', '7:17: no shape stra'],
    ['latency: 20ms', 'latency: 20', '7:32: latency must be string'],
    ['leaf[1]', 'leaf[3]', '10:22: leaf[3]: leaf has the places 0 to 2'],
    ['leaf[1]', 'twig', '10:22: no servers are called twig'],
    ['crash:', 'explode:', '10:5: what shall happen?'],
    ['for: 2s }', 'keep: some }', '10:39: keep must be one of all, synced, torn'],
    ['sometimes: trust-established', 'sometimes: luck', '12:18: nothing is called luck'],
    [
      'sometimes: trust-established',
      'never: refused(X-NO-1)',
      '12:14: nothing is called refused(X-NO-1)',
    ],
    ['shape: star', 'shape: edge-list, file: e.txt', '7:34: e.txt names server 9 of 4'],
    ['shape: star', 'shape: erdos-renyi, degree: 9', '7:8: 36 edges are too many for 4 nodes'],
    ['{ users: 1 }', '{ users: 1, policy: { cat: 1 } }', '5:28: unknown member cat'],
    ['crash: "leaf[1]", for: 2s }', 'slow: [hub, leaf] }', '10:5: by is missing'],
    [
      'crash: "leaf[1]", for: 2s }',
      'jitter: [hub, leaf], by: -3ms }',
      '10:40: by must be a quantity with its unit',
    ],
    [
      'crash: "leaf[1]", for: 2s }',
      'corrupt: [hub, leaf], share: 5%, what: nibble }',
      '10:54: what must be one of bit, field',
    ],
    ['crash: "leaf[1]", for: 2s }', 'corrupt: [hub, leaf], share: 5% }', '10:5: what is missing'],
    ['crash: "leaf[1]", for: 2s }', 'half-open: hub }', '10:26: half-open must be array'],
    ['crash: "leaf[1]", for: 2s }', 'pause: twig }', '10:22: no servers are called twig'],
    [
      'crash: "leaf[1]", for: 2s }',
      'bandwidth: [hub, leaf], limit: 0kB/s }',
      '10:46: limit must be a quantity with its unit',
    ],
    [
      'crash: "leaf[1]", for: 2s }',
      'loss: [hub, leaf], share: 5%, burst: 0 }',
      '10:52: burst must be >= 1',
    ],
    [
      'crash: "leaf[1]", for: 2s }',
      'overload: [hub, leaf], rate: 0/s }',
      '10:44: rate must be a quantity with its unit',
    ],
    [
      'crash: "leaf[1]", for: 2s }',
      'dns-spoofing: hub, name: leaf, answer: leaf }',
      '10:54: one server answers, not several',
    ],
    ['crash: "leaf[1]", for: 2s }', 'dns-spoofing: hub, name: leaf }', '10:5: answer is missing'],
    ['crash: "leaf[1]", for: 2s }', 'clock: hub, freeze: 3 }', '10:35: freeze must be boolean'],
    ['crash: "leaf[1]", for: 2s }', 'clock: hub, step: 3 }', '10:33: step must be string'],
    ['crash: "leaf[1]", for: 2s }', 'revoke: hub }', '10:5: by is missing'],
    [
      'crash: "leaf[1]", for: 2s }',
      'reset: [hub, leaf], every: 1s }',
      '10:35: reset is between servers, which have no turn',
    ],
    ['at: 5s', 'at: -5s', '10:11: at must be a quantity with its unit'],
    ['count: 3', 'count: 20001', '6:18: count must be <= 20000'],
    ['seed: 1', 'seed: 1\nverifies: [T-NONE-01]', '3:12: no requirement is called T-NONE-01'],
  ])('%s → %s', (from, to, expected) => {
    const faults = faultsAfter(from, to);
    expect(
      faults.some((fault) => fault.startsWith(expected)),
      faults.join('\n'),
    ).toBe(true);
  });

  test('is told of all its faults at once', () => {
    const faults = faultsAfter('seed: 1\nfor: 10s', 'seed: -1\nfor: 10');
    expect(faults).toEqual(['2:7: seed must be >= 0', '3:6: for must be string']);
  });

  test('that is no YAML at all has a place too', () => {
    expect(faultsAfter('seed: 1', 'seed: [1')[0]).toMatch(/^\d+:\d+: /);
  });

  test('a load of a server without users is refused', () => {
    const load =
      'workload: [{ relay: { from: hub, to: leaf, rate: 1/s, at: 1s, for: 1s } }]\ntimeline:';
    const text = whole.replace('timeline:', load).replace('count: 3, users: 1', 'count: 3');
    expect(() => compile(text)).toThrow('leaf-0.sim.test has no users');
  });
});

describe('a scenario that can', () => {
  test('is compiled into servers, links and a plan', () => {
    const { world, edges, plan, until } = compile(whole);
    expect(world.servers.map(({ id }) => id)).toEqual([
      ...['hub.sim.test', 'leaf-0.sim.test', 'leaf-1.sim.test', 'leaf-2.sim.test'],
    ]);
    expect(edges).toHaveLength(3);
    expect(until).toBe(100_000);
    expect(plan.map(({ kind, at, until: end }) => [kind, at, end])).toEqual([
      ['establish', 10_000, null],
      ['establish', 10_100, null],
      ['establish', 10_200, null],
      ['crash', 50_000, 70_000],
    ]);
  });

  test('one drawn fault less leaves all others as they were', () => {
    const faults = (count: number) =>
      compile(
        `${whole}faults: { count: ${count}, kinds: [crash, partition, slow, reset], from: 1s, to: 9s, longest: 2s }\n`,
      ).plan.filter(({ id }) => id.startsWith('fault-'));
    expect(faults(12)).toHaveLength(12);
    expect(faults(11)).toEqual(faults(12).slice(0, 11));
  });
});
