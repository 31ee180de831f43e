import { describe, expect, test } from 'vitest';
import {
  addServer,
  createWorld,
  crossingsOf,
  DEVICE,
  outgoing,
  pass,
  refusals,
  relay,
  type Server,
  type ServerOptions,
  trustEachOther,
  type World,
} from './world.ts';

interface Pair {
  readonly world: World;
  readonly acme: Server;
  readonly bravo: Server;
}

function pair(options: ServerOptions = {}, other: ServerOptions = options): Pair {
  const world = createWorld();
  const acme = addServer(world, 'acme.example', options);
  const bravo = addServer(world, 'bravo.example', other);
  trustEachOther(acme, bravo);
  return { world, acme, bravo };
}

describe('a link', () => {
  test('is dialled, shaken hands on, opened by trust_status and carries a relay with its acknowledgment', () => {
    const { world, acme, bravo } = pair();
    relay(world, acme, outgoing('bravo.example'));
    expect(world.crossings.map(({ message }) => message?.type)).toEqual([
      'federation_handshake',
      'federation_handshake_response',
      'trust_status',
      'trust_status_response',
      'message_relay',
      'relay_ack',
    ]);
    expect(bravo.delivered).toHaveLength(1);
    expect(acme.settled).toEqual([
      {
        messageId: expect.any(String),
        outcome: { delivered: [{ userId: 'bob@bravo.example', deviceIds: [DEVICE] }], failed: [] },
      },
    ]);
    expect(refusals(acme)).toEqual([]);
    expect(refusals(bravo)).toEqual([]);
  });

  test.each([
    [['1.0', '1.1'], ['1.1', '1.2'], '1.1', false],
    [['1.1', '2.0'], ['1.1'], '1.1', true],
    [['2.0'], ['2.0', '1.0'], '2.0', false],
  ])('of %s with %s runs at %s', (a, b, version, mode) => {
    const { world, acme } = pair({ versions: a }, { versions: b });
    relay(world, acme, outgoing('bravo.example'));
    const [answer] = crossingsOf(world, 'federation_handshake_response');
    expect(answer?.message).toMatchObject({ accepted_version: version, compatibility_mode: mode });
    expect(acme.settled).toHaveLength(1);
    pass(world, 1);
  });

  test('uses the hybrid suite when both can, and the classical one when either cannot', () => {
    for (const [suites, expected] of [
      [['0001', '0101'], '0101'],
      [['0001'], '0001'],
    ] as const) {
      const { world, acme } = pair({ suites: ['0101', '0001'] }, { suites });
      relay(world, acme, outgoing('bravo.example'));
      const [answer] = crossingsOf(world, 'federation_handshake_response');
      expect(answer?.message).toMatchObject({ cipher_suite: expected });
      expect(acme.settled).toHaveLength(1);
    }
  });
});
