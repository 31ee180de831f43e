/** What each kind of fault does, seen from outside: the records of a small federation. */
import { describe, expect, test } from 'vitest';
import { memoPrimitives } from '../../../reference/crypto/memo-primitives.ts';
import { createNodePrimitives } from '../../../reference/crypto/node-primitives.ts';
import { createStream } from '../../../sim/philox.ts';
import { clockChangeOf } from '../../../sim/plan/clock-item.ts';
import { lossOf } from '../../../sim/plan/damage.ts';
import { runScenario } from '../../../sim/run.ts';
import { compileScenario } from '../../../sim/scenario/compile.ts';
import { rowOf, type TraceRow } from '../../../sim/trace/divergence.ts';
import { createServerClock } from '../../../sim/world/server-clock.ts';

const primitives = memoPrimitives(await createNodePrimitives());
const SECOND = 10_000;

const federation = (timeline: string, trust = 'trust: { establish: along-links, at: 1s }') => `
scenario: what a fault does
seed: 3
for: 30s
crypto: symbolic
servers:
  hub: { users: 1 }
  leaf: { users: 1 }
  other: {}
links: { shape: explicit, between: [[hub, leaf]], latency: 20ms }
${trust}
workload:
  - relay: { from: leaf, to: hub, rate: 2/s, at: 5s, for: 15s }
timeline:
  - ${timeline}
expect:
  - { never: message-displayed-twice }
`;

/** After one fault. */
function recordsOf(timeline: string, trust?: string): readonly TraceRow[] {
  const blocks: ArrayBuffer[] = [];
  const scenario = compileScenario('fault', federation(timeline, trust));
  const sink = (block: ArrayBuffer) => void blocks.push(block);
  const { trace, thrown } = runScenario(scenario, { primitives, sink });
  expect(thrown).toEqual([]);
  const recorded = { index: trace, blocks };
  return Array.from({ length: trace.rows }, (_, row) => rowOf(recorded, row) as TraceRow);
}

const none = '{ at: 29s, pause: other }';
const healthy = recordsOf(none);
const shown = (rows: readonly TraceRow[]) =>
  rows.filter(({ server, label }) => server === 'hub.sim.test' && label === 'display').length;
const between = (rows: readonly TraceRow[], from: number, to: number) =>
  rows.filter(({ at }) => at > from * SECOND && at < to * SECOND);
const refusals = (rows: readonly TraceRow[]) =>
  rows.filter(({ label }) => label.startsWith('refused'));

/** How long each relay is under way, in ticks. */
function flights(rows: readonly TraceRow[]): readonly number[] {
  const relays = rows.filter(({ label }) => label === 'message_relay');
  return relays
    .filter(({ event }) => event === 'received')
    .map((row) => {
      const sent = relays.find(({ event, digest }) => event === 'sent' && digest === row.digest);
      return row.at - (sent?.at ?? 0);
    });
}

test('without a fault every message is shown, and nothing is refused', () => {
  expect(shown(healthy)).toBe(30);
  expect(refusals(healthy)).toEqual([]);
  expect(new Set(flights(healthy))).toEqual(new Set([200]));
});

describe('corrupt', () => {
  test.each(['bit', 'field'])('%s: what is damaged is refused or not understood', (what) => {
    const rows = recordsOf(
      `{ at: 8s, corrupt: [leaf, hub], share: 100%, what: ${what}, of: message_relay, for: 4s }`,
    );
    const faulty = between(rows, 8, 12);
    expect(refusals(faulty).length).toBeGreaterThan(0);
    expect(shown(faulty)).toBe(0);
    expect(shown(between(rows, 5, 8))).toBe(shown(between(healthy, 5, 8)));
  });
});

test('half-open: one end loses the link, and the other does not learn it', () => {
  const rows = recordsOf('{ at: 8s, half-open: [leaf, hub] }');
  const closed = between(rows, 7.9, 8.1).filter(({ label }) => label === 'link-closed');
  expect(new Set(closed.map(({ server }) => server))).toEqual(new Set(['hub.sim.test']));
});

test('pause: nothing is done, and then all of it', () => {
  const rows = recordsOf('{ at: 8s, pause: hub, for: 5s }');
  const still = between(rows, 8, 13).filter(({ server }) => server === 'hub.sim.test');
  // A user's device is another process.
  expect(still.filter(({ event }) => event !== 'shown')).toEqual([]);
  expect(rows.some(({ server, at }) => server === 'hub.sim.test' && at === 13 * SECOND)).toBe(true);
  expect(shown(rows)).toBe(30);
});

test('busy: one thing after the other, each for so long, and none is lost or overtaken', () => {
  const rows = recordsOf('{ at: 8s, busy: hub, by: 200ms, for: 6s }');
  const slow = between(rows, 8, 14).filter(
    ({ server, event }) =>
      server === 'hub.sim.test' && (event === 'received' || event === 'noticed'),
  );
  const gaps = slow.slice(1).map(({ at }, place) => at - (slow[place]?.at ?? 0));
  expect(slow.length).toBeGreaterThan(20);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2000);
  expect(shown(rows)).toBe(30);
});

test('busy: a crash takes with it what waited for its turn', () => {
  const rows = recordsOf(
    '{ at: 8s, busy: hub, by: 2s, for: 10s }\n  - { at: 12s, crash: hub, for: 3s }',
  );
  const down = between(rows, 12, 15).filter(({ server }) => server === 'hub.sim.test');
  expect(down.filter(({ event }) => event === 'received' || event === 'noticed')).toEqual([]);
  expect(rows.some(({ event, at }) => event === 'started' && at === 15 * SECOND)).toBe(true);
  // Nor does what comes afterwards stand behind it: the first thing takes its own two seconds.
  const after = rows.filter(({ server, at }) => server === 'hub.sim.test' && at > 15 * SECOND);
  const handled = after.filter(({ event }) => event === 'received' || event === 'noticed');
  expect(handled[0]?.at).toBeLessThan(18 * SECOND);
});

test('bandwidth: what does not fit waits', () => {
  const rows = recordsOf('{ at: 8s, bandwidth: [leaf, hub], limit: 1kB/s, for: 6s }');
  expect(Math.max(...flights(rows))).toBeGreaterThan(10 * Math.max(...flights(healthy)));
});

test('jitter: up to so much later', () => {
  const rows = recordsOf('{ at: 4s, jitter: [leaf, hub], by: 500ms, for: 20s }');
  const ticks = flights(rows);
  expect(new Set(ticks).size).toBeGreaterThan(10);
  expect(Math.min(...ticks)).toBeGreaterThanOrEqual(200);
  expect(Math.max(...ticks)).toBeGreaterThan(2000);
});

test('loss in bursts: as many in a row as it says, or several bursts', () => {
  const stream = createStream({ seed: 1, entity: 1, purpose: 1 });
  const isLost = lossOf({ share: 2 ** 32 / 20, burst: 4 }, stream);
  const fates = Array.from({ length: 2000 }, () => isLost({ from: 'a', to: 'b', now: 0 }));
  const text = fates.map((lost) => (lost ? 'x' : '.')).join('');
  const runs = text.split(/\.+/).filter(Boolean);
  expect(runs.length).toBeGreaterThan(20);
  // The last one may be cut off by the end.
  expect(runs.slice(0, -1).every((run) => run.length % 4 === 0)).toBe(true);
});

test('overload: so many requests a second, beside what is asked in earnest', () => {
  const rows = recordsOf('{ at: 6s, overload: [hub, leaf], rate: 100/s, for: 2s }');
  const asked = rows.filter(({ event, label }) => event === 'received' && label === 'get');
  expect(asked).toHaveLength(200);
  expect(asked.every(({ server }) => server === 'leaf.sim.test')).toBe(true);
  expect(shown(rows)).toBe(30);
});

test('dns-spoofing: who is fooled dials somebody else, and trusts nobody for it', () => {
  const spoofing = '{ at: 500ms, dns-spoofing: hub, name: leaf, answer: other }';
  const rows = recordsOf(spoofing);
  const dialled = rows.filter(
    ({ server, label }) => server === 'hub.sim.test' && label === 'link-dialled',
  );
  expect(new Set(dialled.map(({ peer }) => peer))).toEqual(new Set(['other.sim.test']));
  expect(rows.some(({ label }) => label === 'trust_certificate')).toBe(false);
});

describe('clock', () => {
  const item = (params: { [name: string]: number | boolean }) =>
    ({ id: 'clock', at: 0, until: 1, kind: 'clock', target: [['a']], params }) as const;
  const own = { by: 0, driftPpm: 20 };

  test('freeze: stands still, and afterwards goes on as it went, late', () => {
    const clock = createServerClock(10 ** 12, own);
    clock.change(clockChangeOf(item({ freeze: true }), 'begun', own), 10_000);
    expect(clock.at(10_000)).toBe(clock.at(50_000));
    clock.change(clockChangeOf(item({ freeze: true }), 'ended', own), 50_000);
    const stood = clock.at(50_000);
    expect(clock.at(150_000) - stood).toBe(10_000_200);
  });

  test('backwards: shows nothing earlier than it has shown, and stands until it is there again', () => {
    const clock = createServerClock(10 ** 12);
    const before = clock.at(10_000);
    clock.change(clockChangeOf(item({ step: -20_000 }), 'begun', {}), 10_000);
    expect(clock.at(20_000)).toBe(before);
    expect(clock.at(40_000)).toBe(before + 1_000_000);
  });
});
