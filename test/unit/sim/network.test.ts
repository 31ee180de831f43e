/** Links between servers: their order, what a cut holds back, and how both ends learn of an end. */
import { describe, expect, test } from 'vitest';
import type { Effect, Input } from '../../../reference/core.ts';
import { createKernel } from '../../../sim/kernel/kernel.ts';
import type { Endpoint } from '../../../sim/network/connection.ts';
import { createNetwork, type Network } from '../../../sim/network/network.ts';
import { asBytes } from '../../../sim/network/parcel.ts';
import { createPaths } from '../../../sim/network/path.ts';
import { FEDERATION_PORT } from '../../../sim/network/zone.ts';
import { TICKS_PER_SECOND } from '../../../sim/ticks.ts';

const LATENCY = 100;

interface Server extends Endpoint {
  readonly heard: { readonly at: number; readonly input: Input }[];
  up: boolean;
}

function createPair() {
  const kernel = createKernel({ seed: 1 });
  const shape = { latencyTicks: () => LATENCY, jitterTicks: 0, bytesPerSecond: null };
  const servers = new Map<string, Server>();
  const network = createNetwork({
    ...{ kernel, paths: createPaths(shape, 1), carriage: asBytes, sent: () => {} },
    endpoint: (id) => servers.get(id),
  });
  const add = (id: string, index: number, versions = ['2.0']): Server => {
    const server: Server = {
      ...{ id, index, certificates: [], federationVersions: versions, heard: [], up: true },
      isUp: () => server.up,
      incarnation: () => 1,
      deliver: (input) => void server.heard.push({ at: kernel.now, input }),
    };
    servers.set(id, server);
    return server;
  };
  const run = (until: number): void => {
    for (let event = kernel.take(until); event !== null; event = kernel.take(until)) {
      network.happen(event.kind as Parameters<Network['happen']>[0], event.payload);
    }
  };
  return { kernel, network, run, acme: add('acme.test', 0), bravo: add('bravo.test', 1) };
}

type Pair = ReturnType<typeof createPair>;

const dial: Extract<Effect, { type: 'dial' }> = {
  ...{ type: 'dial', link: 'l', server: 'bravo.test', host: 'bravo.test' },
  ...{ port: FEDERATION_PORT, alpn: ['norc-f/2.0'] },
};

/** Dialled, with nothing heard since. */
function connected(): Pair {
  const pair = createPair();
  pair.network.dial(pair.acme, dial);
  pair.run(10 * LATENCY);
  pair.acme.heard.length = 0;
  pair.bravo.heard.length = 0;
  return pair;
}

function ask({ network, acme }: Pair, exchange: string): void {
  network.request(acme, { type: 'get', link: 'l', exchange, path: '/norc-t/crl', proof: '' });
}

const inputsOf = ({ heard }: Server) => heard.map(({ input }) => input.type);
const exchangesOf = ({ heard }: Server) =>
  heard.flatMap(({ input }) => ('exchange' in input ? input.exchange : []));

describe('a dial', () => {
  test('tells both ends after its flights', () => {
    const pair = createPair();
    pair.network.dial(pair.acme, dial);
    pair.run(TICKS_PER_SECOND);
    expect(pair.acme.heard).toMatchObject([{ at: 4 * LATENCY, input: { type: 'link-dialled' } }]);
    expect(inputsOf(pair.bravo)).toEqual(['link-accepted']);
  });

  test.each<[string, (pair: Pair) => unknown, object]>([
    ['is down', ({ bravo }) => Object.assign(bravo, { up: false }), { reason: 'unreachable' }],
    [
      'is cut off in either direction',
      ({ network }) => network.setCut('cut', (from) => from === 'bravo.test'),
      { reason: 'timeout' },
    ],
  ])('fails where the other %s', (_, trouble, failure) => {
    const pair = createPair();
    trouble(pair);
    pair.network.dial(pair.acme, dial);
    pair.run(60 * TICKS_PER_SECOND);
    expect(pair.acme.heard.map(({ input }) => input)).toMatchObject([
      { type: 'dial-failed', ...failure },
    ]);
  });
});

test('requests arrive in the order in which they were sent', () => {
  const pair = connected();
  for (const exchange of ['a', 'b', 'c']) ask(pair, exchange);
  pair.run(TICKS_PER_SECOND);
  expect(exchangesOf(pair.bravo)).toEqual(['accepted:a', 'accepted:b', 'accepted:c']);
});

test('an answer goes back once, to who has asked', () => {
  const pair = connected();
  ask(pair, 'a');
  pair.run(20 * LATENCY);
  const answer = { type: 'answer', exchange: 'accepted:a', status: 204, message: null } as const;
  pair.network.answer(pair.bravo, answer);
  pair.network.answer(pair.bravo, answer);
  pair.run(TICKS_PER_SECOND);
  expect(pair.acme.heard.map(({ input }) => input)).toMatchObject([
    { type: 'answer-received', exchange: 'a', status: 204 },
  ]);
});

describe('a cut in one direction', () => {
  test('holds back what goes that way, and lets the other pass', () => {
    const pair = connected();
    ask(pair, 'before');
    pair.run(20 * LATENCY);
    pair.network.setCut('cut', (from) => from === 'acme.test');
    ask(pair, 'during');
    const answer = { exchange: 'accepted:before', status: 204, message: null };
    pair.network.answer(pair.bravo, { type: 'answer', ...answer });
    pair.run(TICKS_PER_SECOND);
    expect(exchangesOf(pair.bravo)).toEqual(['accepted:before']);
    expect(exchangesOf(pair.acme)).toEqual(['before']);
  });

  test('lets through in order what has waited, when it is over', () => {
    const pair = connected();
    pair.network.setCut('cut', (from) => from === 'acme.test');
    for (const exchange of ['a', 'b']) ask(pair, exchange);
    pair.run(TICKS_PER_SECOND);
    pair.network.setCut('cut', null);
    ask(pair, 'c');
    pair.run(2 * TICKS_PER_SECOND);
    expect(exchangesOf(pair.bravo)).toEqual(['accepted:a', 'accepted:b', 'accepted:c']);
  });

  test('that lasts too long ends the connection at both ends', () => {
    const pair = connected();
    pair.network.setCut('cut', (from) => from === 'acme.test');
    ask(pair, 'a');
    pair.run(60 * TICKS_PER_SECOND);
    expect(inputsOf(pair.acme)).toEqual(['link-closed']);
    expect(inputsOf(pair.bravo)).toEqual(['link-closed']);
  });
});

describe('the end of a process', () => {
  test('is learnt after what it had sent', () => {
    const pair = connected();
    ask(pair, 'a');
    pair.network.lose(pair.acme);
    pair.run(TICKS_PER_SECOND);
    expect(inputsOf(pair.bravo)).toEqual(['request-received', 'link-closed']);
    expect(inputsOf(pair.acme)).toEqual([]);
  });

  test('a reset loses what is under way and is learnt at once', () => {
    const pair = connected();
    ask(pair, 'a');
    pair.network.reset('bravo.test', 'acme.test');
    expect(inputsOf(pair.acme)).toEqual(['link-closed']);
    expect(inputsOf(pair.bravo)).toEqual(['link-closed']);
    pair.run(TICKS_PER_SECOND);
    expect(inputsOf(pair.bravo)).toEqual(['link-closed']);
  });
});

test('what a rule has held is sent on when the rule goes', () => {
  const pair = connected();
  pair.network.addRule({ id: 'hold', judge: () => ({ verdict: 'hold' }) });
  ask(pair, 'a');
  pair.run(TICKS_PER_SECOND);
  expect(exchangesOf(pair.bravo)).toEqual([]);
  pair.network.removeRule('hold');
  pair.run(2 * TICKS_PER_SECOND);
  expect(exchangesOf(pair.bravo)).toEqual(['accepted:a']);
});
