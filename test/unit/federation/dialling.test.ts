import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../reference/crypto/crypto.ts';
import { createLanes, dequeue, enqueue } from '../../../reference/federation/lanes.ts';
import { without } from '../../../reference/wire/canonical.ts';
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { RelayPriority } from '../../../spec/messages/federation/enumerations.ts';
import type { NorcMessage } from '../../../spec/messages.ts';
import { leafFor } from './certificates.ts';
import { crypto, sign } from './stranger.ts';
import {
  addServer,
  contextOf,
  createWorld,
  keyFor,
  outgoing,
  pass,
  refusals,
  relay,
  type Server,
  type ServerOptions,
  tlsPeerFor,
  trustEachOther,
  type World,
} from './world.ts';

interface Pair {
  readonly world: World;
  readonly acme: Server;
  readonly bravo: Server;
}

function pair(options: ServerOptions = {}): Pair {
  const world = createWorld();
  const acme = addServer(world, 'acme.example', options);
  const bravo = addServer(world, 'bravo.example');
  trustEachOther(acme, bravo);
  return { world, acme, bravo };
}

/** What bravo answers is changed, and bravo stands by it: transcript and signature are made anew. */
function answeredWith({ world, bravo }: Pair, change: JsonObject): void {
  let offer: JsonObject = {};
  world.tap = ({ message }) => {
    if (message?.type === 'federation_handshake') offer = message as unknown as JsonObject;
    if (message?.type !== 'federation_handshake_response') return undefined;
    const bare = without(without(message as unknown as JsonObject, 'signature'), 'transcript_hash');
    const changed = Object.fromEntries(
      Object.entries({ ...bare, ...change }).filter(([, value]) => value !== undefined),
    );
    const transcript_hash = crypto.transcript('norc-f-handshake-v1', [offer, changed]);
    const whole = { ...changed, transcript_hash, ...('transcript_hash' in change && change) };
    return sign(bravo.config.identity, whole) as unknown as NorcMessage;
  };
}

describe('a handshake response', () => {
  const cases: readonly [RequirementId, string, JsonObject][] = [
    ['F-HS-01', 'in another name', { responding_server: 'zulu.example' }],
    ['X-TRN-05', 'with another transcript', { transcript_hash: 'A'.repeat(43) }],
    ['X-AMC-08', 'with a version that was not offered', { accepted_version: '9.9' }],
    [
      'F-HS-02',
      'with a lower version than ALPN',
      { accepted_version: '1.1', compatibility_mode: true, version_warnings: ['x'] },
    ],
    ['X-AMC-17', 'without its nonce', { server_nonce: undefined as never }],
    ['X-AMC-14', 'with a NORC-T version that we do not speak', { norc_t_version: '9.0' }],
    ['F-HS-06', 'with warnings about nothing', { version_warnings: ['beware'] }],
    ['F-HS-05', 'that shares what we lack', { shared_capabilities: ['message_relay', 'foo'] }],
    ['X-CS-02', 'with the classical suite although both are hybrid', { cipher_suite: '0001' }],
    ['X-CS-02', 'with a suite that was not offered', { cipher_suite: '0002' }],
    ['X-PQ-02', 'hybrid without its ciphertext', { pq_ciphertext: undefined as never }],
    ['X-KDF-07', 'with a point of low order', { ephemeral_public_key: 'A'.repeat(43) }],
  ];
  test.each(cases)('%s: %s ends the link, and the peer is told', (id, _, change) => {
    const { world, acme, bravo } = pair();
    answeredWith({ world, acme, bravo }, change);
    relay(world, acme, outgoing('bravo.example'));
    expect(refusals(acme)).toEqual([id]);
    expect(world.crossings.at(-1)?.message?.type).toBe('federation_error');
    expect(acme.effects.some(({ type }) => type === 'hang-up')).toBe(true);
    expect(bravo.delivered).toEqual([]);
    expect(acme.rows.size).toBeGreaterThan(0);
  });

  test('signed by another key ends the link', () => {
    const { world, acme, bravo } = pair();
    world.tap = ({ message }) =>
      message?.type === 'federation_handshake_response'
        ? (sign(keyFor('zulu'), message as unknown as JsonObject) as unknown as NorcMessage)
        : undefined;
    relay(world, acme, outgoing('bravo.example'));
    expect(refusals(acme)).toEqual(['X-SIG-01']);
    expect(bravo.delivered).toEqual([]);
  });

  test('below the last version ends the link', () => {
    const { world, acme } = pair();
    acme.permits = () => false;
    relay(world, acme, outgoing('bravo.example'));
    expect(refusals(acme)).toEqual(['T-CAP-05']);
  });

  test('that denies compatibility mode below our top major ends the link', () => {
    const world = createWorld();
    const acme = addServer(world, 'acme.example', { versions: ['1.1', '2.0'] });
    const bravo = addServer(world, 'bravo.example', { versions: ['1.1'] });
    trustEachOther(acme, bravo);
    answeredWith({ world, acme, bravo }, { compatibility_mode: false, version_warnings: [] });
    relay(world, acme, outgoing('bravo.example'));
    expect(refusals(acme)).toEqual(['X-AMC-10']);
  });
});

describe('trust_status', () => {
  test('that claims a trust we do not know opens nothing', () => {
    const { world, acme, bravo } = pair();
    world.tap = ({ message }) => {
      if (message?.type !== 'trust_status_response') return undefined;
      acme.standings.outbound.clear();
      return undefined;
    };
    relay(world, acme, outgoing('bravo.example'));
    expect(refusals(acme)).toEqual(['F-TRUST-06']);
    expect(bravo.delivered).toEqual([]);
  });

  test('that differs from our view makes trust wanted again and nothing else', () => {
    const { world, acme, bravo } = pair();
    bravo.standings.inbound.clear();
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.wanted).toEqual(['bravo.example']);
    expect(bravo.delivered).toEqual([]);
  });

  test('that is forged ends the link', () => {
    const { world, acme } = pair();
    world.tap = ({ message }) =>
      message?.type === 'trust_status_response'
        ? (sign(keyFor('zulu'), message as unknown as JsonObject) as unknown as NorcMessage)
        : undefined;
    relay(world, acme, outgoing('bravo.example'));
    expect(refusals(acme)).toEqual(['X-SIG-01']);
    expect(acme.effects.some(({ type }) => type === 'hang-up')).toBe(true);
  });
});

describe('dialling', () => {
  test('uses the configured address without a look-up', () => {
    const world = createWorld();
    const acme = addServer(world, 'acme.example');
    const bravo = addServer(world, 'bravo.example');
    trustEachOther(acme, bravo);
    (acme.config.peers as { serverId: string; host: string; port: number }[]).push({
      serverId: 'bravo.example',
      host: 'bravo.example',
      port: 9000,
    });
    relay(world, acme, outgoing('bravo.example'));
    expect(acme.effects.some(({ type }) => type === 'look-up')).toBe(false);
    expect(acme.effects).toContainEqual(
      expect.objectContaining({
        type: 'dial',
        host: 'bravo.example',
        port: 9000,
        alpn: ['norc-f/2.0', 'norc-f/1.1', 'norc-f/1.0'],
      }),
    );
    expect(bravo.delivered).toHaveLength(1);
  });

  test('F-DISC-01: tries addresses by priority, each once, and by weight among equals', () => {
    const services = [
      { priority: 20, weight: 5, port: 8843, host: 'last.example' },
      { priority: 10, weight: 90, port: 8843, host: 'heavy.example' },
      { priority: 10, weight: 10, port: 8843, host: 'light.example' },
      { priority: 5, weight: 10, port: 0, host: 'nowhere.example' },
    ];
    const orders = Array.from({ length: 40 }, (_, run) => {
      const { world, acme } = pair();
      world.seed = run * 7919;
      world.lookUp = () => ({ found: 'srv', services });
      relay(world, acme, outgoing('bravo.example'));
      return acme.effects.flatMap((effect) => (effect.type === 'dial' ? [effect.host] : []));
    });
    for (const hosts of orders) {
      expect([...hosts].sort()).toEqual(['heavy.example', 'last.example', 'light.example']);
      expect(hosts.at(-1)).toBe('last.example');
    }
    const heavyFirst = orders.filter(([first]) => first === 'heavy.example').length;
    expect(heavyFirst).toBeGreaterThan(20);
    expect(heavyFirst).toBeLessThan(40);
  });

  test('hangs up on a server whose certificate names another', () => {
    const { world, acme, bravo } = pair();
    const { publicKey } = bravo.config.identity;
    Object.assign(bravo.config, { certificateChain: [leafFor('zulu.example', publicKey)] });
    relay(world, acme, outgoing('bravo.example'));
    expect(refusals(acme)).toEqual(['F-CONN-04']);
    expect(acme.effects.some(({ type }) => type === 'hang-up')).toBe(true);
    expect(bravo.delivered).toEqual([]);
  });

  test('F-CONN-06: gives up on a server that shakes no hands and does not dial in a loop', () => {
    const { world, acme } = pair();
    world.tap = ({ message }) => (message?.type === 'federation_handshake' ? null : undefined);
    relay(world, acme, outgoing('bravo.example'));
    pass(world, 300);
    const dials = acme.effects.filter(({ type }) => type === 'dial').length;
    expect(dials).toBeGreaterThan(3);
    expect(dials).toBeLessThan(12);
  });

  test('a link on which nobody shakes hands is hung up after ten seconds', () => {
    const { world, bravo } = pair();
    const tls = tlsPeerFor(bravo.config, ['norc-f/2.0'], 'norc-f/2.0');
    const acme = world.servers.get('acme.example');
    if (!acme) throw new Error('no acme');
    acme.layer.linkAccepted('quiet', tls, contextOf(acme));
    pass(world, 9);
    expect(acme.effects.some(({ type }) => type === 'hang-up')).toBe(false);
    pass(world, 2);
    expect(
      acme.effects.some((effect) => effect.type === 'hang-up' && effect.link === 'quiet'),
    ).toBe(true);
  });
});

describe('lanes', () => {
  const priorities: readonly RelayPriority[] = ['low', 'normal', 'high', 'urgent'];

  test('F-QOS-01: share a saturated link 8 to 4 to 2 to 1', () => {
    const lanes = createLanes<RelayPriority>();
    for (const priority of priorities) {
      for (let count = 0; count < 100; count += 1) enqueue(lanes, priority, priority);
    }
    const round = Array.from({ length: 30 }, () => dequeue(lanes));
    const counts = priorities.map((priority) => round.filter((item) => item === priority).length);
    expect(counts).toEqual([2, 4, 8, 16]);
  });

  test('F-QOS-01: starve nobody and keep the order within a priority', () => {
    const lanes = createLanes<string>();
    enqueue(lanes, 'low', 'a');
    enqueue(lanes, 'low', 'b');
    const taken: (string | undefined)[] = [];
    for (let turn = 0; turn < 40; turn += 1) {
      enqueue(lanes, 'urgent', 'u');
      taken.push(dequeue(lanes));
    }
    expect(taken.indexOf('a')).toBeGreaterThanOrEqual(0);
    expect(taken.indexOf('b')).toBeGreaterThan(taken.indexOf('a'));
    for (let turn = 0; turn < 100; turn += 1) dequeue(lanes);
    expect(dequeue(lanes)).toBeUndefined();
  });
});
