/**
 * A scenario drawn from a seed: topology, versions, clocks, work and faults, each from a stream of
 * its own. What it expects holds in every federation: whatever goes wrong within these bounds, the
 * servers must come back from it.
 */

import { createStream, type Stream } from '../philox.ts';
import { purposes } from '../purposes.ts';
import type { ScenarioText } from '../scenario/compile.ts';
import type { ItemText } from '../scenario/plan-reading.ts';

const shapes = ['star', 'ring', 'tree', 'mesh', 'barabasi-albert', 'watts-strogatz'] as const;
/** Any two have one in common: between others nothing ever arrives, nor fails before its ttl. */
const versions = [['1.0', '1.1', '2.0'], ['1.1', '2.0'], ['1.0', '1.1'], ['1.1']] as const;
const faultKinds = ['partition', 'crash', 'slow', 'reset'] as const;
const nuisances = ['loss', 'duplicate', 'reorder', 'revoke', 'clock', 'upgrade'] as const;

/** Faults begin and end in between; after that there is time to come to rest. */
const FAULTS = { from: '10s', to: '90s', longest: '20s' } as const;
const LENGTH = '8min';
const MOST_SERVERS = 6;

export function drawScenario(seed: number): ScenarioText {
  const draws = (part: number): Stream =>
    createStream({ seed, entity: part, purpose: purposes.swarm });
  const [topology, groups, work, faults, things] = [0, 1, 2, 3, 4].map(draws) as [
    ...[Stream, Stream, Stream, Stream, Stream],
  ];
  const timeline = Array.from({ length: things.below(4) }, () => nuisance(things));
  const isRevoking = timeline.some((item) => 'revoke' in item);
  return {
    scenario: `Drawn from seed ${seed}`,
    ...{ seed, for: LENGTH },
    servers: { node: group(groups), other: group(groups) },
    links: {
      shape: pick(topology, shapes),
      degree: 2,
      latency: `${1 + topology.below(80)}ms`,
      jitter: `${topology.below(20)}ms`,
    },
    trust: { establish: 'along-links', at: '1s', every: '50ms' },
    workload: [
      {
        relay: {
          ...{ from: 'any', to: 'any', rate: `${1 + work.below(4)}/s` },
          ...{ size: `${1 + work.below(2048)}B`, at: '10s', for: '60s' },
        },
      },
    ],
    timeline,
    faults: {
      count: 1 + faults.below(20),
      kinds: faultKinds.filter((_, place) => place === 0 || faults.below(2) === 0),
      ...FAULTS,
    },
    expect: [
      ...['message-displayed-twice', 'relay-under-revoked-trust', 'relay-forwarded-twice'].map(
        (never) => ({ never }),
      ),
      { never: 'version-went-back' },
      { within: '3min', converges: 'everybody-up' },
      // What was on its way when trust ended waits for its ttl, a day by default (F-RELAY-17).
      ...(isRevoking ? [] : [{ finally: 'messages-settled' }]),
    ],
  };
}

function group(stream: Stream): ScenarioText['servers'][string] {
  return {
    ...{ count: 2 + stream.below(MOST_SERVERS / 2), users: 1 },
    versions: pick(stream, versions),
    clock: { offset: `${stream.below(10)}s`, drift: `${stream.below(100)}ppm` },
  };
}

/** One thing that a federation must live with. */
function nuisance(stream: Stream): ItemText {
  const kind = pick(stream, nuisances);
  const [one, other] = [`node[${stream.below(2)}]`, `other[${stream.below(2)}]`];
  const at = `${10 + stream.below(80)}s`;
  const share = `${1 + stream.below(50)}%`;
  const lasting = { for: `${1 + stream.below(20)}s` };
  switch (kind) {
    case 'loss':
    case 'duplicate':
      return { at, ...lasting, [kind]: [[one], [other]], share };
    case 'reorder':
      return { at, ...lasting, reorder: [[one], [other]], share, by: `${1 + stream.below(200)}ms` };
    case 'revoke':
      return { at, revoke: other, by: one };
    case 'clock':
      return { at, ...lasting, clock: one, step: `${stream.below(30)}s` };
    case 'upgrade':
      return { at, ...lasting, upgrade: [one], to: ['1.1', '2.0'] };
  }
}

function pick<T>(stream: Stream, list: readonly T[]): T {
  return list[stream.below(list.length)] as T;
}
