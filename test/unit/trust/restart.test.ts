/** What a restart may not lose, at whatever point it comes. */
import { describe, expect, test } from 'vitest';
import type { NorcMessage } from '../../../spec/messages.ts';
import {
  approve,
  ask,
  bend,
  brokenAt,
  establish,
  lastOf,
  request,
  resign,
  revoke,
  statuses,
} from './deeds.ts';
import { ACME, BRAVO, createWorld, keyFor, pass, restart, serverOf, settle } from './pair.ts';

const ACTIVE = ['active', 'active', 'active', 'active'];

describe('a restart', () => {
  test('keeps trust in both directions', () => {
    const world = createWorld();
    establish(world);
    const before = serverOf(world, BRAVO).layer.inbound(ACME, world.now);
    for (const server of [ACME, BRAVO]) restart(world, server);
    expect(statuses(world)).toEqual(ACTIVE);
    expect(serverOf(world, BRAVO).layer.inbound(ACME, world.now)).toEqual(before);
    expect(serverOf(world, BRAVO).layer.keyOf(ACME)).toBe(keyFor(ACME).publicKey);
  });

  test('keeps revocations, the bar on the peer and banned keys', () => {
    const world = createWorld();
    establish(world);
    revoke(world, BRAVO, ACME, { reason: 'compromised_key' });
    for (const server of [ACME, BRAVO]) restart(world, server);
    expect(statuses(world)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
    expect(serverOf(world, BRAVO).layer.isBanned(keyFor(ACME).publicKey)).toBe(true);
    establish(world);
    expect(lastOf(world, 'rate_limit_exceeded').error_code).toBe(5401);
  });

  test('keeps what is pending for its time', () => {
    const world = createWorld();
    establish(world);
    revoke(world, BRAVO, ACME, { gracePeriodSeconds: 100 });
    for (const server of [ACME, BRAVO]) restart(world, server);
    settle(world);
    expect(statuses(world)).toEqual(['suspended', 'suspended', 'suspended', 'suspended']);
    pass(world, 100);
    expect(statuses(world)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
  });

  test('goes on pushing what was not acknowledged', () => {
    const world = createWorld();
    establish(world);
    world.tap = (envelope) => (envelope.message?.type === 'trust_revoke' ? [] : [envelope]);
    revoke(world, BRAVO, ACME);
    world.tap = (envelope) => [envelope];
    restart(world, BRAVO);
    pass(world, 1);
    expect(statuses(world)).toEqual(['revoked', 'revoked', 'revoked', 'revoked']);
  });

  test('remembers request ids', () => {
    const world = createWorld();
    establish(world);
    restart(world, BRAVO);
    const sent = lastOf(world, 'trust_request');
    const other = resign(keyFor(ACME), { ...sent, timestamp: sent.timestamp + 1 }, 'signature');
    expect(request(world, ACME, BRAVO, other)?.message).toMatchObject({ error_code: 5817 });
    expect(request(world, ACME, BRAVO, sent)?.message).toMatchObject({ error_code: 5803 });
  });

  test('remembers the last version', () => {
    const world = createWorld();
    establish(world);
    restart(world, BRAVO);
    bend(
      world,
      'trust_capabilities',
      (m) => (m.server_id === ACME ? { ...m, supported_versions: ['1.0'] } : m),
      'signature',
    );
    establish(world);
    expect(brokenAt(world, BRAVO)).toEqual(['T-CAP-05']);
    const { layer, context } = serverOf(world, BRAVO);
    expect(layer.permitsVersion(ACME, 'federation', '1.1', context)).toBe(true);
    restart(world, BRAVO);
    expect(serverOf(world, BRAVO).layer.permitsVersion(ACME, 'federation', '1.0', context)).toBe(
      false,
    );
  });

  test('keeps a request that waits for an operator, on both sides', () => {
    const world = createWorld({ [ACME]: {}, [BRAVO]: { policy: { requireManualApproval: true } } });
    establish(world);
    for (const server of [ACME, BRAVO]) restart(world, server);
    settle(world);
    approve(world, BRAVO, ACME, 'approve');
    expect(statuses(world)).toEqual(ACTIVE);
  });

  test('answers a repeated acknowledgment as before', () => {
    const world = createWorld();
    establish(world);
    restart(world, BRAVO);
    const answer = request(world, ACME, BRAVO, lastOf(world, 'trust_acknowledgment'));
    expect(answer?.status).toBe(204);
  });

  const types: NorcMessage['type'][] = [
    'trust_capabilities',
    'trust_request',
    'trust_challenge',
    'trust_response',
    'trust_decision',
    'trust_acknowledgment',
  ];
  const moments = types.flatMap((type) => [ACME, BRAVO].map((server) => ({ type, server })));

  test.each(moments)(
    'of $server while $type is on its way leaves both sides alike',
    ({ type, server }) => {
      const world = createWorld();
      let done = false;
      world.tap = (envelope) => {
        if (done || envelope.message?.type !== type) return [envelope];
        done = true;
        restart(world, server);
        // What comes back to a process that is gone is lost; a request finds the new one.
        return envelope.kind === 'answer' && envelope.to === server ? [] : [envelope];
      };
      establish(world);
      pass(world, 1000);
      const now = statuses(world);
      expect(now[0] === 'active').toBe(now[3] === 'active');
      expect(now[1] === 'active').toBe(now[2] === 'active');
      // And nothing stands in the way of another attempt.
      world.tap = (envelope) => [envelope];
      ask(world);
      settle(world);
      pass(world, 1000);
      expect(statuses(world)).toEqual(ACTIVE);
    },
  );
});
